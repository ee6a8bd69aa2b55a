import type { IpAddress } from '../mail/ip-address.js';
import { networkContains, parseNetwork, type Network } from '../mail/network.js';
import { damaged, newerFormat } from './byte-reader.js';

/** How long an exception counts. */
interface Span {
  /** Epoch milliseconds. */
  readonly addedAt: number;
  /** From here on it counts no more. */
  readonly expiresAt: number;
}

/** A client whose mail does not wait because somebody has said so. */
export interface NetworkException extends Span {
  readonly network: Network;
  /** Only mail of this sender, as it is normalised, or `@domain`; all mail without it. */
  readonly sender: string | undefined;
}

/** A sender whose mail does not wait from wherever SPF lets it come. */
export interface SpfException extends Span {
  readonly network: undefined;
  /** As it is normalised, or `@domain`; never the null sender, for which no domain speaks. */
  readonly sender: string;
}

/** Mail that does not wait because somebody has said so. */
export type HandException = NetworkException | SpfException;

/** What an exception is about: there are no two about the same. */
export type ExceptionSubject =
  Pick<NetworkException, 'network' | 'sender'> | Pick<SpfException, 'network' | 'sender'>;

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

/**
 * The exception that somebody has now: one of the client's network if there is one, otherwise one that
 * counts only if SPF passes, which is for the caller to find out; undefined if there is neither.
 */
export function findHandException(
  exceptions: readonly HandException[],
  seeker: ExceptionSeeker,
  now: number,
): HandException | undefined {
  let bySpf: HandException | undefined;
  for (const exception of exceptions) {
    if (now >= exception.expiresAt || !isOfSender(exception, seeker)) continue;
    if (exception.network === undefined) bySpf = exception;
    else if (networkContains(exception.network, seeker.address)) return exception;
  }
  return bySpf;
}

function isOfSender(
  { sender: meant }: HandException,
  { sender, domain }: ExceptionSeeker,
): boolean {
  return meant === undefined || meant === sender || meant === `@${domain}`;
}

/** Whether two are about the same, so that one takes the place of the other. */
export function isSameException(one: ExceptionSubject, other: ExceptionSubject): boolean {
  return one.network?.text === other.network?.text && one.sender === other.sender;
}

/** One order for all lists: that of their networks' texts, and of the senders in a network; SPF comes last. */
export function compareExceptions(one: HandException, other: HandException): number {
  const [a, b] = [one, other].map(({ network, sender = '' }) => `${textOf(network)} ${sender}`);
  return a === b ? 0 : String(a) < String(b) ? -1 : 1;
}

/** What stands in the place of a network. No network is written so. */
function textOf(network: Network | undefined): string {
  return network?.text ?? BY_SPF;
}

const BY_SPF = 'spf';

/**
 * What is stored: a version, and a list of networks or `spf`, senders (null for all), and both times. For
 * example
 *
 *   [1,[["192.0.2.0/24","@a.example",1717243800584,1720354200584]]]
 */
export function encodeHandExceptions(exceptions: readonly HandException[]): Uint8Array {
  const rows = exceptions.map(({ network, sender = null, addedAt, expiresAt }) => [
    textOf(network),
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
  const isBySpf = client === BY_SPF;
  const network = typeof client === 'string' && !isBySpf ? parseNetwork(client) : undefined;
  const [addedAt, expiresAt] = times.map((time) =>
    Number.isSafeInteger(time) ? Number(time) : -1,
  );
  if (addedAt === undefined || expiresAt === undefined || Math.min(addedAt, expiresAt) < 0) {
    throw damaged('an exception without times');
  }
  if (isBySpf) {
    if (typeof sender !== 'string' || sender === '') throw damaged('SPF of no sender');
    return { network: undefined, sender, addedAt, expiresAt };
  }
  if (network === undefined) throw damaged('an exception of nobody');
  if (sender === null) return { network, sender: undefined, addedAt, expiresAt };
  if (typeof sender !== 'string') throw damaged('an exception for no sender');
  return { network, sender, addedAt, expiresAt };
}
