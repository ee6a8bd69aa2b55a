import { StoreError, type StoreErrorCode } from '../store.js';
import { reasonOf, RedisReplyError } from './redis-errors.js';

/** Something that does not heal by itself: people have to look at their settings, or at the server's. */
export interface Refusal {
  readonly code: StoreErrorCode;
  /** What they have to look at: a sentence that names the setting, without a full stop; or nothing where the
   * error does. */
  readonly advice: string;
  /** Whether it is about who we are to the server. */
  readonly isOfUser?: boolean | undefined;
}

/** A refusal that only we can see as one: the server has done nothing but answer. */
export class RefusalError extends Error {
  readonly refusal: Refusal;

  constructor(message: string, refusal: Refusal, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RefusalError';
    this.refusal = refusal;
  }
}

const WHO_WE_ARE = "See store.redis.user and store.redis.password-file, and the server's ACL";

/** What servers say, by the beginning of it. */
const replies: readonly (readonly [says: RegExp, refusal: Refusal])[] = [
  // Of ERR the last one is for a password where none is demanded.
  [
    /^(?:NOAUTH|WRONGPASS|NOPERM|ERR AUTH) /,
    { code: 'STORE_PERMISSION', advice: WHO_WE_ARE, isOfUser: true },
  ],
  [
    /^ERR (?:DB index is out of range|invalid DB index)/,
    misfit('See the number of the database in store.url, and `databases` of the server'),
  ],
  [
    /^ERR SELECT is not allowed in cluster mode/,
    misfit(
      'The server is part of a Cluster: write redis+cluster://, and no database, in store.url',
    ),
  ],
  [
    /^ERR (?:This instance has cluster support disabled|unknown command .?CLUSTER\b)/i,
    misfit(
      'The server is no part of a Cluster: write redis://, or redis+sentinel://, in store.url',
    ),
  ],
  [
    /^ERR unknown command .?SENTINEL\b/i,
    misfit('The server is no Sentinel: write redis://, or where the Sentinels are, in store.url'),
  ],
];

const AUTHORITY = misfit(
  'See store.redis.tls.authority: the certificate of the server is of no authority that stands there',
);

const NAME = misfit(
  'See store.redis.tls.name and the host in store.url: one of them must stand in the certificate of the ' +
    'server',
);

const OURS: Refusal = {
  code: 'STORE_PERMISSION',
  advice:
    'See store.redis.tls.certificate and store.redis.tls.key: the server demands a certificate of an ' +
    'authority that it knows',
};

export const NO_TLS = misfit('The server does not speak TLS: write redis for rediss in store.url');

export const ONLY_TLS = misfit('The server speaks TLS: write rediss for redis in store.url');

/**
 * Why TLS has failed. What is only too old, or too new, is missing: it is renewed, or the clock is set,
 * while we run.
 */
const tlsRefusals: ReadonlyMap<unknown, Refusal> = new Map([
  ['CERT_REJECTED', AUTHORITY],
  ['CERT_SIGNATURE_FAILURE', AUTHORITY],
  ['CERT_UNTRUSTED', AUTHORITY],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', AUTHORITY],
  ['INVALID_CA', AUTHORITY],
  ['INVALID_PURPOSE', AUTHORITY],
  ['SELF_SIGNED_CERT_IN_CHAIN', AUTHORITY],
  ['UNABLE_TO_GET_ISSUER_CERT', AUTHORITY],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', AUTHORITY],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', AUTHORITY],
  ['ERR_TLS_CERT_ALTNAME_INVALID', NAME],
  ['HOSTNAME_MISMATCH', NAME],
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', OURS],
  ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', OURS],
  ['ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', OURS],
  ['ERR_SSL_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE', OURS],
  ['ERR_SSL_WRONG_VERSION_NUMBER', NO_TLS],
  ['ERR_SSL_PACKET_LENGTH_TOO_LONG', NO_TLS],
]);

/** Why an error is one that stays until somebody mends it; undefined for all that may heal. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof RefusalError) return error.refusal;
  // Files of ours say themselves which setting names them.
  if (error instanceof StoreError && error.code === 'STORE_PERMISSION')
    return { code: error.code, advice: '' };
  if (error instanceof RedisReplyError) {
    const { message } = error;
    return replies.find(([says]) => says.test(message))?.[1];
  }
  return error instanceof Error && 'code' in error ? tlsRefusals.get(error.code) : undefined;
}

/** What is told of it in the log: the reason, and what is to be looked at. */
export function toldOf(error: unknown): string {
  const advice = refusalOf(error)?.advice ?? '';
  return advice === '' ? reasonOf(error) : `${reasonOf(error)}. ${advice}`;
}

/**
 * What several have failed with that know the same, if it stays so: whoever has answered refuses us. Those
 * that are away do not matter.
 */
export function sharedRefusal(errors: readonly unknown[]): Refusal | undefined {
  const answers = errors.filter((error) => refusalOf(error) !== undefined || isAnswer(error));
  const refusals = answers.flatMap((error) => refusalOf(error) ?? []);
  return refusals.length === answers.length ? refusals[0] : undefined;
}

/** The same with who it is of, and a refusal if it was one. */
export function errorOf(who: string, error: unknown): Error {
  const refusal = refusalOf(error);
  const message = `${who}: ${reasonOf(error)}`;
  return refusal === undefined
    ? new Error(message, { cause: error })
    : new RefusalError(message, refusal, { cause: error });
}

function isAnswer(error: unknown): boolean {
  return (
    error instanceof RedisReplyError ||
    (error instanceof Error && error.cause instanceof RedisReplyError)
  );
}

function misfit(advice: string): Refusal {
  return { code: 'STORE_SETTINGS', advice };
}
