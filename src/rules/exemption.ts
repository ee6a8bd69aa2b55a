import type { Attempt } from '../greylist/attempt.js';
import type { IpAddress } from '../mail/ip-address.js';
import { networkContains, type Network } from '../mail/network.js';

/** Why an attempt is never greylisted, whatever the rules say. */
export type Exemption = 'authenticated' | 'local' | 'access-map' | 'trusted';

/** Postfix's and Sendmail's usual names of daemons that only take mail from their own users. */
const submissionDaemons: ReadonlySet<string> = new Set(['ORIGINATING', 'MSA']);

/** What Sendmail's access map says of clients, senders and recipients that are to pass. */
const passingEntries: ReadonlySet<string> = new Set(['WHITE', 'RELAY', 'OK']);

/**
 * Looks whether an attempt passes without a rule: our own users, mail that was submitted on this
 * machine, what the access map lets pass by the macro `{greylist}`, and networks that are trusted.
 *
 * @returns undefined if it is to be judged
 */
export function exemptionOf(attempt: Attempt, trusted: readonly Network[]): Exemption | undefined {
  const { login, clientAddress, accessMap } = attempt;
  if (login !== undefined && login !== '') return 'authenticated';
  // `sendmail -bs` on a pipe has no address.
  if (clientAddress === undefined || isLocalSubmission(attempt)) return 'local';
  if (accessMap !== undefined && passingEntries.has(accessMap.toUpperCase())) return 'access-map';
  return isTrusted(clientAddress, trusted) ? 'trusted' : undefined;
}

// Postfix shows its own sendmail command as 127.0.0.1 with port 0.
function isLocalSubmission({ clientPort, daemonName }: Attempt): boolean {
  return clientPort === 0 || (daemonName !== undefined && submissionDaemons.has(daemonName));
}

function isTrusted(clientAddress: IpAddress, trusted: readonly Network[]): boolean {
  for (const network of trusted) if (networkContains(network, clientAddress)) return true;
  return false;
}
