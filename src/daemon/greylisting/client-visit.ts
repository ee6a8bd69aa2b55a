import type { Attempt } from '../../greylist/attempt.js';
import type { ClientAutowhiteSettings, Visit } from '../../greylist/client-autowhite.js';
import type { NetworkPrefixes } from '../../greylist/correspondence-key.js';
import { clientAutowhiteKey } from '../../greylist/client-autowhite-key.js';
import type { EnvelopeAddress } from '../../mail/envelope-address.js';
import { normaliseAddress, type AddressNormalisation } from '../../mail/normalise-address.js';
import type { Ruling } from '../../rules/rule.js';
import type { Policy } from '../policy/policy.js';

/** A client's attempt, as its autowhite is concerned with it. */
export interface ClientVisit {
  /** Of its record. */
  readonly key: string;
  readonly visit: Visit;
  readonly settings: ClientAutowhiteSettings;
}

/** How clients' networks and senders are told apart. */
interface Forms {
  readonly network: NetworkPrefixes;
  readonly senderForm: AddressNormalisation;
}

/** Undefined if clients are not autowhitelisted, or there is none. */
export function clientVisit(
  { clientAddress, clientName, sender }: Attempt,
  { clientAutowhite: settings, greylist: { network }, senderForm }: Policy,
): ClientVisit | undefined {
  if (settings === undefined || clientAddress === undefined) return undefined;
  const host = { address: clientAddress, name: clientName };
  return new AttemptVisit(settings, host, sender, { network, senderForm });
}

/** Worked out when it is asked for: what passes by its own triplet needs none of it. */
class AttemptVisit implements ClientVisit {
  readonly settings: ClientAutowhiteSettings;
  readonly #host: Visit['host'];
  readonly #sender: EnvelopeAddress;
  readonly #forms: Forms;
  #key: string | undefined;

  constructor(
    settings: ClientAutowhiteSettings,
    host: Visit['host'],
    sender: EnvelopeAddress,
    forms: Forms,
  ) {
    this.settings = settings;
    this.#host = host;
    this.#sender = sender;
    this.#forms = forms;
  }

  get key(): string {
    this.#key ??= clientAutowhiteKey({
      count: this.settings.count,
      client: this.#host.address,
      network: this.#forms.network,
      senderDomain: this.#sender.domain,
    });
    return this.#key;
  }

  get visit(): Visit {
    const { domain } = this.#sender;
    const sender = normaliseAddress(this.#sender, this.#forms.senderForm);
    return { host: this.#host, domain, sender };
  }
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
