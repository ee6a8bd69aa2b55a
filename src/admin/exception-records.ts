import {
  compareExceptions,
  decodeHandExceptions,
  encodeHandExceptions,
  HAND_EXCEPTIONS_KEY,
  isSameException,
  MAX_HAND_EXCEPTIONS,
  type ExceptionSubject,
  type HandException,
} from '../greylist/hand-exceptions.js';
import { parseNetwork, type Network } from '../mail/network.js';
import { changeEntry } from '../store/change-entry.js';
import type { GreylistStore } from '../store/store.js';
import { AdminError } from './admin-error.js';

/** What exceptions are kept in. */
export type ExceptionStore = Pick<GreylistStore, 'get' | 'compareAndSet' | 'delete'>;

/** An exception as the admin interface shows it. Times are RFC 3339. */
export interface ShownException {
  readonly id: string;
  /** An address, or a network; absent where SPF has to pass instead. */
  readonly client?: string | undefined;
  /** Wherever SPF lets the sender's mail come from. */
  readonly spf?: true | undefined;
  /** `a@b.example`, `@b.example`, or `<>`; absent: all of them. */
  readonly sender?: string | undefined;
  readonly addedAt: string;
  readonly expiresAt: string;
}

/** What an exception is to be about, as in {@link ShownException}: a client or SPF, and not both. */
export interface SubjectTexts {
  readonly client?: string | undefined;
  readonly isBySpf?: boolean | undefined;
  readonly sender: string | undefined;
}

/** An exception that is asked for. */
export interface WantedException extends SubjectTexts {
  /** How long it is to last, in milliseconds. */
  readonly forMs: number;
}

/**
 * The widest network that an exception may be for, by the bytes of its address: no site has more than
 * this, and two of twice the size are everybody, so that a sender alone would do.
 */
const WIDEST_PREFIX: Readonly<Record<number, number>> = { 4: 8, 16: 16 };

/** More conflicts than this in a row, and the store is broken. */
const MAX_CONFLICTS = 100;

/** Those that count now, in the order of their networks. @throws StoreError, CorrespondenceFormatError */
export async function listExceptions(
  store: Pick<GreylistStore, 'get'>,
  now: number,
): Promise<readonly ShownException[]> {
  const entry = await store.get(HAND_EXCEPTIONS_KEY);
  const all = entry === undefined ? [] : decodeHandExceptions(entry.value);
  return all.filter(({ expiresAt }) => now < expiresAt).map(showException);
}

/**
 * Adds one, in place of an earlier one about the same.
 *
 * @throws AdminError ADMIN_BAD_REQUEST, StoreError
 */
export async function addException(
  store: ExceptionStore,
  { forMs, ...texts }: WantedException,
  now: number,
): Promise<ShownException> {
  const subject = readSubject(texts);
  if (subject.network !== undefined) refuseEverybody(subject.network);
  const added = { ...subject, addedAt: now, expiresAt: now + forMs };
  await change(store, now, (others) => {
    const rest = others.filter((other) => !isSameException(other, added));
    if (rest.length < MAX_HAND_EXCEPTIONS) return [...rest, added].sort(compareExceptions);
    const message = `there are ${MAX_HAND_EXCEPTIONS} exceptions, and there can be no more: put networks into a rule or into trusted`;
    throw new AdminError('ADMIN_BAD_REQUEST', message);
  });
  return showException(added);
}

/** Removes one; undefined if there is none of that id. @throws StoreError */
export async function removeException(
  store: ExceptionStore,
  id: string,
  now: number,
): Promise<ShownException | undefined> {
  let removed: ShownException | undefined;
  await change(store, now, (all) => {
    const found = all.find((each) => idOfException(each) === id);
    removed = found && showException(found);
    return found === undefined ? undefined : all.filter((each) => each !== found);
  });
  return removed;
}

/** The id of the exception about something. @throws AdminError ADMIN_BAD_REQUEST */
export function idOfTexts(texts: SubjectTexts): string {
  return idOfException(readSubject(texts));
}

/** @param next of those that count now; undefined to leave it all as it is */
async function change(
  store: ExceptionStore,
  now: number,
  next: (all: readonly HandException[]) => readonly HandException[] | undefined,
): Promise<void> {
  await changeEntry(store, { key: HAND_EXCEPTIONS_KEY, maxConflicts: MAX_CONFLICTS }, (entry) => {
    const stored = entry === undefined ? [] : decodeHandExceptions(entry.value);
    const changed = next(stored.filter(({ expiresAt }) => now < expiresAt));
    if (changed === undefined) return 'keep';
    if (changed.length === 0) return 'delete';
    const expiresAt = Math.max(...changed.map((each) => each.expiresAt));
    return { value: encodeHandExceptions(changed), expiresAt };
  });
}

function showException(exception: HandException): ShownException {
  const { network, sender, addedAt, expiresAt } = exception;
  return {
    id: idOfException(exception),
    ...(network === undefined ? { spf: true } : { client: textOfNetwork(network) }),
    ...(sender !== undefined && { sender: sender === '' ? '<>' : sender }),
    addedAt: new Date(addedAt).toISOString(),
    expiresAt: new Date(expiresAt).toISOString(),
  };
}

/** A single address is written as one. */
export function textOfNetwork({ bytes, prefix, text }: Network): string {
  return prefix === bytes.length * 8 ? text.slice(0, text.indexOf('/')) : text;
}

function idOfException({ network, sender }: ExceptionSubject): string {
  const source = network?.text ?? 'spf';
  return Buffer.from(sender === undefined ? source : `${source} ${sender}`).toString('base64url');
}

function readSubject({ client, isBySpf, sender: text }: SubjectTexts): ExceptionSubject {
  const sender = readSender(text);
  if (isBySpf !== true) return { network: networkOfText(client ?? ''), sender };
  if (client !== undefined) {
    throw new AdminError('ADMIN_BAD_REQUEST', 'client and SPF: an exception is by one of them');
  }
  if (sender === undefined || !sender.includes('@')) {
    const message = 'sender: an exception by SPF is for a@b.example or @b.example';
    throw new AdminError('ADMIN_BAD_REQUEST', message);
  }
  return { network: undefined, sender };
}

function networkOfText(client: string): Network {
  const network = parseNetwork(client);
  if (network !== undefined) return network;
  throw new AdminError('ADMIN_BAD_REQUEST', `client: "${client}" is no address and no network`);
}

/** One that is there, from an import or an earlier version, counts and can be removed. @throws AdminError */
function refuseEverybody({ bytes, prefix, text }: Network): void {
  const widest = WIDEST_PREFIX[bytes.length] ?? 0;
  if (prefix >= widest) return;
  const message =
    `client: ${text} is wider than /${widest}: an exception is for somebody, not for everybody. ` +
    'For a sender from wherever it may come there is SPF, and for all mail greylist.mode';
  throw new AdminError('ADMIN_BAD_REQUEST', message);
}

function readSender(text: string | undefined): string | undefined {
  if (text === '<>' || text === '') return '';
  return text?.startsWith('@') === true ? text.toLowerCase() : text;
}
