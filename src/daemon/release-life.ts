import type { Config } from '../config/schema.js';
import { parseEnvelopeAddress } from '../mail/envelope-address.js';
import { createPolicy } from './policy.js';

/**
 * How long a sender is known, in milliseconds, whose waiting mail is let through by hand. Settings of
 * rules are for attempts, and here there is none.
 */
export function releaseLife(config: Config): (sender: string) => number {
  const { greylist, probe, isProbe } = createPolicy(config);
  return (sender) =>
    isProbe(parseEnvelopeAddress(sender)) ? probe.autowhiteMs : greylist.autowhiteMs;
}
