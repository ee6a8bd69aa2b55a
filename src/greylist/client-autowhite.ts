import type { IpAddress } from '../mail/ip-address.js';
import type { AutowhiteCount } from './client-autowhite-key.js';
import { escapePart } from './correspondence-key.js';

/** A host whose passes count. */
export interface CountedHost {
  readonly address: IpAddress;
  /** Its verified name. */
  readonly name: string | undefined;
}

/** What is remembered of a client whose triplets pass one after the other. Epoch milliseconds. */
export interface ClientAutowhite {
  /** First passes that have counted. */
  readonly points: number;
  readonly lastPointAt: number;
  /**
   * Different sender domains of these passes, or different senders where those of one domain are
   * counted; as many as are needed, escaped as in a key.
   */
  readonly witnesses: readonly string[];
  /** The first of these hosts, with which all others have to agree; only where networks are counted. */
  readonly host: CountedHost | undefined;
  /** Whether it has enough of them: explicit, so that no change of a setting takes it away. */
  readonly isExempt: boolean;
  /** The last point, or the last mail that renewed it. */
  readonly lastSeenAt: number;
  /** From here on it is forgotten. */
  readonly expiresAt: number;
}

/** When a client is exempt. Durations are whole milliseconds. */
export interface ClientAutowhiteSettings {
  /** So many first passes; of `sender-domain`, different senders. */
  readonly after: number;
  readonly count: AutowhiteCount;
  /** From so many sender domains; not of `sender-domain`. */
  readonly domains: number;
  /** Each at least so long after the last; not of `sender-domain`. */
  readonly spacingMs: number;
  /** How long it is remembered, renewed by its mail. */
  readonly forMs: number;
}

/** Who comes, and with what sender. */
export interface Visit {
  readonly host: CountedHost;
  /** The sender's domain. */
  readonly domain: string;
  /** All of the sender, as it is normalised. */
  readonly sender: string;
}

/** Whether the same people run two hosts, as far as their names show it. */
export type SameSite = (one: CountedHost, other: CountedHost) => boolean;

/** More than enough for anybody's setting, few enough for one read. */
export const MAX_WITNESSES = 100;

/** As of known sources: renewed no more often, to spare the store. */
const RENEWAL_INTERVAL_MS = 24 * 60 * 60 * 1000;

/**
 * Whether a client's mail passes without a triplet. Of a network that is exempt only a host passes
 * that agrees with those that were counted: a stranger next door has earned nothing.
 */
export function isExempt(
  record: ClientAutowhite,
  { host }: Visit,
  isSameSite: SameSite,
  now: number,
): boolean {
  return record.isExempt && now < record.expiresAt && isOneOf(record, host, isSameSite);
}

/** The record of an exempt client whose mail came, if it is due for renewal; undefined if not. */
export function renewExempt(
  record: ClientAutowhite,
  { forMs }: ClientAutowhiteSettings,
  now: number,
): ClientAutowhite | undefined {
  const isDue =
    now - record.lastSeenAt >= RENEWAL_INTERVAL_MS || (record.expiresAt - now) * 2 < forMs;
  if (!isDue) return undefined;
  const lastSeenAt = Math.max(now, record.lastPointAt);
  return { ...record, lastSeenAt, expiresAt: Math.max(record.expiresAt, now + forMs) };
}

/**
 * The record with a first pass more, or undefined if that does not count: too soon after the last,
 * from a sender that has counted, or from a host that has nothing to do with the others.
 */
export function countPass(
  stored: ClientAutowhite | undefined,
  visit: Visit,
  settings: ClientAutowhiteSettings,
  { isSameSite, now }: { readonly isSameSite: SameSite; readonly now: number },
): ClientAutowhite | undefined {
  const record = stored !== undefined && now < stored.expiresAt ? stored : undefined;
  if (record?.isExempt === true) return undefined;
  if (record !== undefined && !isOneOf(record, visit.host, isSameSite)) return undefined;
  const { count, after, domains, spacingMs, forMs } = settings;
  const bySender = count === 'sender-domain';
  const witness = escapePart(bySender ? visit.sender : visit.domain);
  const before = record?.witnesses ?? [];
  const isNewWitness = !before.includes(witness);
  if (bySender ? !isNewWitness : isTooSoon(record, spacingMs, now)) return undefined;
  const needed = Math.min(bySender ? after : domains, MAX_WITNESSES);
  const witnesses = isNewWitness && before.length < needed ? [...before, witness] : before;
  const points = (record?.points ?? 0) + 1;
  return {
    points,
    lastPointAt: now,
    witnesses,
    host: count === 'network' ? (record?.host ?? visit.host) : undefined,
    isExempt: points >= after && witnesses.length >= needed,
    lastSeenAt: now,
    expiresAt: now + forMs,
  };
}

/** A point in the future, from a clock that has stepped back, is no reason to wait. */
function isTooSoon(record: ClientAutowhite | undefined, spacingMs: number, now: number): boolean {
  if (record === undefined || record.lastPointAt > now) return false;
  return now - record.lastPointAt < spacingMs;
}

function isOneOf({ host }: ClientAutowhite, other: CountedHost, isSameSite: SameSite): boolean {
  return host === undefined || host.address.text === other.address.text || isSameSite(host, other);
}
