import { parseIpAddress, type IpAddress } from '../mail/ip-address.js';
import { postgreySender } from '../mail/postgrey-sender.js';
import { isPutOff, type LoggedDecision } from './logged-decision.js';
import { networkText } from './stories.js';

/** A triplet that was put off and has not got through, as postgreyreport tells of it. */
export interface FatalTriplet {
  readonly address: IpAddress;
  /** `unknown` if it has none. */
  readonly name: string;
  /** As Postgrey writes it in its database, in lower case; empty for the null sender. */
  readonly sender: string;
  readonly recipient: string;
  /** Both as they were written. */
  readonly from: string;
  readonly to: string;
  /** How often it was put off. */
  tries: number;
  readonly firstAt: number;
  /** Of the last time. */
  lastAt: number;
}

/** Collects what was put off, and takes away what got through. */
export class FatalTriplets {
  /** By address, sender and recipient, all in lower case. */
  readonly #putOff = new Map<string, FatalTriplet>();
  /** The networks, senders and recipients that got through. */
  readonly #passed = new Set<string>();

  add(decision: LoggedDecision): void {
    const { client, from, to, name, at, verdict } = decision;
    const address = client === undefined ? undefined : parseIpAddress(client);
    if (address === undefined) return;
    const sender = postgreySender(from).toLowerCase();
    const recipient = to.toLowerCase();
    if (verdict === 'accept') {
      this.#passed.add(`${networkText(address.text)}\0${sender}\0${recipient}`);
      return;
    }
    if (!isPutOff(decision)) return;
    const key = `${address.text}\0${sender}\0${recipient}`;
    const known = this.#putOff.get(key);
    if (known !== undefined) {
      known.tries++;
      known.lastAt = at;
      return;
    }
    const parties = { address, name: name ?? 'unknown', sender, recipient, from, to };
    this.#putOff.set(key, { ...parties, tries: 1, firstAt: at, lastAt: at });
  }

  /** Those that did not get through, by address: IPv4 first, and in the order of the log. */
  fatal(): readonly FatalTriplet[] {
    const left = [...this.#putOff.values()].filter(
      ({ address, sender, recipient }) =>
        !this.#passed.has(`${networkText(address.text)}\0${sender}\0${recipient}`),
    );
    return byAddress(left);
  }
}

/** What is stored of a mail that waits. */
export interface WaitingMail extends Pick<
  FatalTriplet,
  'from' | 'to' | 'tries' | 'firstAt' | 'lastAt'
> {
  readonly client: string;
  readonly name: string | undefined;
}

/** It as a triplet; undefined if its client is no address. */
export function waitingTriplet({ client, name, ...mail }: WaitingMail): FatalTriplet | undefined {
  const address = parseIpAddress(client);
  if (address === undefined) return undefined;
  const sender = postgreySender(mail.from).toLowerCase();
  const recipient = mail.to.toLowerCase();
  return { ...mail, address, name: name ?? 'unknown', sender, recipient };
}

/** IPv4 first, and otherwise in their order. */
export function byAddress(triplets: readonly FatalTriplet[]): readonly FatalTriplet[] {
  return triplets.toSorted(
    ({ address: a }, { address: b }) => a.family - b.family || compare(a.bytes, b.bytes),
  );
}

function compare(one: Uint8Array, other: Uint8Array): number {
  return Buffer.compare(one, other);
}
