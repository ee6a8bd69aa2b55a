import type { Config } from '../../config/schema.js';
import { parseEnvelopeAddress } from '../../mail/envelope-address.js';
import { normaliseAddress } from '../../mail/normalise-address.js';
import { createPolicy } from './policy.js';

/** A sender's whole address as it is stored. */
export function senderInStore(config: Config, sender: string): string {
  return normaliseAddress(parseEnvelopeAddress(sender), createPolicy(config).senderForm);
}

/**
 * How long a sender is known, in milliseconds, whose waiting mail is let through by hand. Settings of
 * rules are for attempts, and here there is none.
 */
export function releaseLife(config: Config): (sender: string) => number {
  const { greylist, probe, isProbe } = createPolicy(config);
  return (sender) =>
    isProbe(parseEnvelopeAddress(sender)) ? probe.autowhiteMs : greylist.autowhiteMs;
}
