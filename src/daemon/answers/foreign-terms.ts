import type { Config } from '../../config/schema.js';
import { correspondenceKey } from '../../greylist/correspondence-key.js';
import { parseEnvelopeAddress } from '../../mail/envelope-address.js';
import { parseIpAddress } from '../../mail/ip-address.js';
import { normaliseAddress } from '../../mail/normalise-address.js';
import type { ForeignTerms } from '../../migrate/foreign-triplet.js';
import { createPolicy } from '../policy/policy.js';
import { spellingOf } from './recipient-judge.js';

/** What an import is told on the command line. Durations are milliseconds. */
export interface ForeignOptions {
  /** The other's delay. */
  readonly delayMs: number;
  /** Instead of `greylist.retry-window`. */
  readonly retryWindowMs: number | undefined;
  /** Instead of `greylist.autowhite`. */
  readonly maxAgeMs: number | undefined;
}

/** Under which terms triplets of another greylister come to a filter with this configuration. */
export function foreignTerms(config: Config, options: ForeignOptions, now: number): ForeignTerms {
  const policy = createPolicy(config);
  const { greylist, probe, isProbe, senderForm, recipientForm, clientAutowhite, isLazy } = policy;
  const lifeMs = options.maxAgeMs ?? greylist.autowhiteMs;
  return {
    now,
    delayMs: options.delayMs,
    retryWindowMs: options.retryWindowMs ?? greylist.retryWindowMs,
    lifeMs: (sender) =>
      isProbe(parseEnvelopeAddress(sender)) ? Math.min(lifeMs, probe.autowhiteMs) : lifeMs,
    network: greylist.network,
    clientAutowhite,
    senderForm: (sender) => normaliseAddress(parseEnvelopeAddress(sender), senderForm),
    recipientForm: (recipient) => normaliseAddress(parseEnvelopeAddress(recipient), recipientForm),
    spelling: (from, to) =>
      spellingOf(
        { sender: parseEnvelopeAddress(from), recipient: parseEnvelopeAddress(to) },
        policy,
      ),
    isLazy,
  };
}

/** A triplet as somebody types it. */
export interface TypedTriplet {
  readonly client: string;
  readonly from: string;
  readonly to: string;
}

/** The key of a triplet's record; undefined if the client is no address. */
export function keyOfTriplet(
  config: Config,
  { client, from, to }: TypedTriplet,
): string | undefined {
  const { greylist, senderForm, recipientForm } = createPolicy(config);
  const address = parseIpAddress(client);
  return (
    address &&
    correspondenceKey({
      sender: normaliseAddress(parseEnvelopeAddress(from), senderForm),
      recipient: normaliseAddress(parseEnvelopeAddress(to), recipientForm),
      client: address,
      network: greylist.network,
    })
  );
}
