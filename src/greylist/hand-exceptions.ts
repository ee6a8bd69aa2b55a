import type { IpAddress } from '../mail/ip-address.js';
import { networkContains, parseNetwork, type Network } from '../mail/network.js';
import { damaged, newerFormat } from './byte-reader.js';

/** A client whose mail does not wait because somebody has said so. */
export interface HandException {
  readonly network: Network;
  /** Only mail of this sender, as it is normalised, or `@domain`; all mail without it. */
  readonly sender: string | undefined;
  /** Epoch milliseconds. */
  readonly addedAt: number;
  /** From here on it counts no more. */
  readonly expiresAt: number;
}

/** Of whom an exception is looked for. */
export interface ExceptionSeeker {
  readonly address: IpAddress;
  /** As it is normalised; empty for the null sender. */
  readonly sender: string;
  /** Of the sender, in lower case. */
  readonly domain: string;
}

/**
 * All exceptions are one record, so that a daemon has them in memory and decisions ask no store for
 * them. No other kind of key begins with its letter.
 */
export const HAND_EXCEPTIONS_KEY = 'exceptions';

/** Each decision about somebody new goes through all of them; for more there are lists and rules. */
export const MAX_HAND_EXCEPTIONS = 1000;

const FORMAT_VERSION = 1;

/** The exception that somebody has now; undefined if there is none. */
export function findHandException(
  exceptions: readonly HandException[],
  { address, sender, domain }: ExceptionSeeker,
  now: number,
): HandException | undefined {
  return exceptions.find(
    (exception) =>
      now < exception.expiresAt &&
      networkContains(exception.network, address) &&
      (exception.sender === undefined ||
        exception.sender === sender ||
        exception.sender === `@${domain}`),
  );
}

/** Whether two are about the same, so that one takes the place of the other. */
export function isSameException(
  one: Pick<HandException, 'network' | 'sender'>,
  other: Pick<HandException, 'network' | 'sender'>,
): boolean {
  return one.network.text === other.network.text && one.sender === other.sender;
}

/** One order for all lists: that of their networks' texts, and of the senders in a network. */
export function compareExceptions(one: HandException, other: HandException): number {
  const [a, b] = [one, other].map(({ network, sender = '' }) => `${network.text} ${sender}`);
  return a === b ? 0 : String(a) < String(b) ? -1 : 1;
}

/**
 * What is stored: a version, and a list of networks, senders (null for all), and both times. For example
 *
 *   [1,[["192.0.2.0/24","@a.example",1717243800584,1720354200584]]]
 */
export function encodeHandExceptions(exceptions: readonly HandException[]): Uint8Array {
  const rows = exceptions.map(({ network, sender = null, addedAt, expiresAt }) => [
    network.text,
    sender,
    addedAt,
    expiresAt,
  ]);
  return new TextEncoder().encode(JSON.stringify([FORMAT_VERSION, rows]));
}

/**
 * Reads them back.
 *
 * @throws CorrespondenceFormatError, and nothing else, for bytes that are no such record
 */
export function decodeHandExceptions(bytes: Uint8Array): readonly HandException[] {
  const value = parse(bytes);
  const [version, rows] = Array.isArray(value) ? (value as readonly unknown[]) : [];
  if (typeof version === 'number' && version > FORMAT_VERSION) throw newerFormat('exceptions');
  if (version !== FORMAT_VERSION || !Array.isArray(rows)) throw damaged('no exceptions');
  return rows.map(decodeRow);
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw damaged('exceptions that are no JSON', { cause });
  }
}

function decodeRow(row: unknown): HandException {
  // Whatever a list holds is unknown.
  const [client, sender, ...times] = Array.isArray(row) ? (row as readonly unknown[]) : [];
  const network = typeof client === 'string' ? parseNetwork(client) : undefined;
  const [addedAt, expiresAt] = times.map((time) =>
    Number.isSafeInteger(time) ? Number(time) : -1,
  );
  if (network === undefined || addedAt === undefined || expiresAt === undefined) {
    throw damaged('an exception of nobody');
  }
  if (Math.min(addedAt, expiresAt) < 0) throw damaged('an exception without times');
  if (sender === null) return { network, sender: undefined, addedAt, expiresAt };
  if (typeof sender !== 'string') throw damaged('an exception for no sender');
  return { network, sender, addedAt, expiresAt };
}
