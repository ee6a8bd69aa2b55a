import type { Attempt } from '../../greylist/attempt.js';
import type { ClientAutowhiteSettings, Visit } from '../../greylist/client-autowhite.js';
import { clientAutowhiteKey } from '../../greylist/client-autowhite-key.js';
import { normaliseAddress } from '../../mail/normalise-address.js';
import type { Ruling } from '../../rules/rule.js';
import type { Policy } from '../policy/policy.js';

/** A client's attempt, as its autowhite is concerned with it. */
export interface ClientVisit {
  /** Of its record. */
  readonly key: string;
  readonly visit: Visit;
  readonly settings: ClientAutowhiteSettings;
}

/** Undefined if clients are not autowhitelisted, or there is none. */
export function clientVisit(
  { clientAddress, clientName, sender }: Attempt,
  { clientAutowhite: settings, greylist: { network }, senderForm }: Policy,
): ClientVisit | undefined {
  if (settings === undefined || clientAddress === undefined) return undefined;
  const { count } = settings;
  const { domain } = sender;
  return {
    key: clientAutowhiteKey({ count, client: clientAddress, network, senderDomain: domain }),
    visit: {
      host: { address: clientAddress, name: clientName },
      domain,
      sender: normaliseAddress(sender, senderForm),
    },
    settings,
  };
}

/**
 * Whether a client has lost what it has earned: a rule refuses it, or a DNS list has it and that is not
 * why it is let in.
 */
export function hasFallen(ruling: Pick<Ruling, 'action' | 'found'> | undefined): boolean {
  return ruling?.action === 'reject' || (ruling?.action !== 'accept' && isListed(ruling));
}

/** Whether a rule has found the client in a DNS list, whatever came of it. */
export function isListed(ruling: Pick<Ruling, 'found'> | undefined): boolean {
  return ruling?.found?.has('dnsbl') ?? false;
}
