import type { IpAddress } from '../mail/ip-address.js';
import { networkOf, parseNetwork } from '../mail/network.js';
import type { Network } from '../mail/network.js';
import { ByteReader, damaged, newerFormat } from './byte-reader.js';
import { escapePart, SEPARATOR, unescapePart } from './correspondence-key.js';
import type { CorrespondenceParties } from './correspondence-key.js';

/** What a client did that was made to wait: it was there at the end, or had gone. */
export type TarpitOutcome = 'stayed' | 'left';

/**
 * A record: a byte for the version, and one for the outcome, 1 if the client stayed. For example:
 *
 *   01 00   version 1, it left
 */
const FORMAT_VERSION = 1;
const OUTCOMES = ['left', 'stayed'] as const satisfies readonly TarpitOutcome[];

const TARPIT = 't';

/** The key of what is remembered of a client network that was made to wait with such mail. */
export function tarpitKey(parties: CorrespondenceParties): string {
  const { sender, recipient, client, network } = parties;
  const addresses = [recipient, sender].map(escapePart).join(SEPARATOR);
  return TARPIT + addresses + SEPARATOR + networkText(client, network);
}

/** What a key says of its record. */
export interface ParsedTarpitKey {
  /** Empty for the null sender. */
  readonly sender: string;
  readonly recipient: string;
  readonly network: Network;
}

/** Reads a key back; undefined if it is not one of {@link tarpitKey}'s. */
export function parseTarpitKey(key: string): ParsedTarpitKey | undefined {
  if (!isTarpitKey(key)) return undefined;
  const [recipient = '', sender = '', written = '', ...more] = key.slice(1).split(SEPARATOR);
  const network = parseNetwork(written);
  if (network?.text !== written || more.length > 0) return undefined;
  return { sender: unescapePart(sender), recipient: unescapePart(recipient), network };
}

/** Whether a key is one of {@link tarpitKey}'s. */
export function isTarpitKey(key: string): boolean {
  return key.startsWith(TARPIT) && key.includes(SEPARATOR);
}

function networkText(client: IpAddress, network: CorrespondenceParties['network']): string {
  return networkOf(client, client.family === 4 ? network.ipv4 : network.ipv6).text;
}

/** The record's stored form. */
export function encodeTarpit(outcome: TarpitOutcome): Uint8Array {
  return Uint8Array.of(FORMAT_VERSION, OUTCOMES.indexOf(outcome));
}

/** @throws CorrespondenceFormatError if no version has written these bytes, or a newer one */
export function decodeTarpit(value: Uint8Array): TarpitOutcome {
  const reader = new ByteReader(value);
  const version = reader.readByte();
  if (version !== FORMAT_VERSION) throw newerFormat(`a tarpit in format ${version}`);
  const outcome = OUTCOMES[reader.readByte()];
  reader.end();
  if (outcome === undefined) throw damaged('a tarpit without an outcome');
  return outcome;
}
