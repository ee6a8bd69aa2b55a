import type { Parsed } from '../config/parsed.js';
import type { Attempt } from '../greylist/attempt.js';
import type { IpAddress } from '../mail/ip-address.js';
import { networkContains, type Network } from '../mail/network.js';

/** Why an attempt is never greylisted, whatever the rules say. */
export type Exemption = SettableExemption | 'trusted';

/** Those that a setting turns on and off, in the order in which they are looked at. */
export const EXEMPTIONS = ['authenticated', 'tls', 'local', 'access-map'] as const;

export type SettableExemption = (typeof EXEMPTIONS)[number];

/** What holds unless somebody says otherwise. */
export const usuallyExempt: readonly SettableExemption[] = ['authenticated', 'local', 'access-map'];

/** Reads the name of an exemption that a setting turns on. */
export function parseExemption(text: string): Parsed<SettableExemption> {
  const known = EXEMPTIONS.find((word) => word === text);
  if (known !== undefined) return { ok: known };
  return { problem: 'is nobody who can be exempt', hint: `write ${EXEMPTIONS.join(', ')}` };
}

/** Postfix's and Sendmail's usual names of daemons that only take mail from their own users. */
const submissionDaemons: ReadonlySet<string> = new Set(['ORIGINATING', 'MSA']);

/** What Sendmail's access map says of clients, senders and recipients that are to pass. */
const passingEntries: ReadonlySet<string> = new Set(['WHITE', 'RELAY', 'OK']);

/**
 * Looks whether an attempt passes without a rule: our own users, mail that was submitted on this
 * machine, what the access map lets pass by the macro `{greylist}`, clients with a certificate, and
 * networks that are trusted.
 *
 * @param exempt which of those that can be turned on are
 * @returns undefined if it is to be judged
 */
export function exemptionOf(
  attempt: Attempt,
  trusted: readonly Network[],
  exempt: readonly SettableExemption[] = usuallyExempt,
): Exemption | undefined {
  for (const exemption of exempt) if (isExemptAs(exemption, attempt)) return exemption;
  const { clientAddress } = attempt;
  return clientAddress !== undefined && isTrusted(clientAddress, trusted) ? 'trusted' : undefined;
}

// Asked of every recipient: V8 does not look up a function by a name as quickly.
function isExemptAs(exemption: SettableExemption, attempt: Attempt): boolean {
  switch (exemption) {
    case 'authenticated':
      return attempt.login !== undefined && attempt.login !== '';
    case 'tls':
      return attempt.certSubject !== undefined;
    case 'local':
      return isLocal(attempt);
    case 'access-map':
      return isPassedByMap(attempt);
  }
}

function isPassedByMap({ accessMap }: Attempt): boolean {
  return accessMap !== undefined && passingEntries.has(accessMap.toUpperCase());
}

// `sendmail -bs` on a pipe has no address.
function isLocal(attempt: Attempt): boolean {
  return attempt.clientAddress === undefined || isLocalSubmission(attempt);
}

// Postfix shows its own sendmail command as 127.0.0.1 with port 0.
function isLocalSubmission({ clientPort, daemonName }: Attempt): boolean {
  return clientPort === 0 || (daemonName !== undefined && submissionDaemons.has(daemonName));
}

function isTrusted(clientAddress: IpAddress, trusted: readonly Network[]): boolean {
  for (const network of trusted) if (networkContains(network, clientAddress)) return true;
  return false;
}
