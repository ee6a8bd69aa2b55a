import { parseNetwork } from '../mail/network.js';
import type { Network } from '../mail/network.js';
import { commonPrefixLength } from '../mail/ip-address.js';
import { recordKinds } from '../migrate/record-kinds.js';
import { recordStates } from '../migrate/record-outline.js';
import type { RecordOutline, RecordState } from '../migrate/record-outline.js';
import { AdminError } from './admin-error.js';
import { readSeconds } from './query.js';

/** Which records are wanted, as it is written; what is absent makes no difference. */
export interface RecordFilterTexts {
  /** An address or a network: of clients in it, or around it. */
  readonly client?: string | undefined;
  /** `local@domain`, `@domain`, `local@`, or `<>`. */
  readonly sender?: string | undefined;
  /** The same. */
  readonly recipient?: string | undefined;
  readonly kind?: string | undefined;
  readonly state?: string | undefined;
  /** Seconds: of clients whose first attempt is longer ago than that. */
  readonly 'older-than'?: string | undefined;
  /** Seconds: of clients whose first attempt is no longer ago than that. */
  readonly 'newer-than'?: string | undefined;
}

/** The names of all that. */
export const filterNames = ['client', 'sender', 'recipient', 'kind', 'state'].concat([
  'older-than',
  'newer-than',
]);

/** What may be asked for as a kind; triplets are of two. */
export const wantedKinds: readonly string[] = ['triplet', ...recordKinds.map(({ name }) => name)];

/** What happened, or was counted, is no record of anybody, and only shown if it is asked for. */
const ofNobody: readonly string[] = ['statistics', 'population'];

/** Whether a record is wanted; `now` in epoch milliseconds. */
export type RecordFilter = (outline: RecordOutline, now: number) => boolean;

/** @throws AdminError ADMIN_BAD_REQUEST */
export function parseRecordFilter(texts: RecordFilterTexts): RecordFilter {
  const network = texts.client === undefined ? undefined : readNetwork(texts.client);
  const state = texts.state === undefined ? undefined : readState(texts.state);
  const isOfAge = ageFilter(texts);
  const isSender = addressFilter(texts.sender);
  const isRecipient = addressFilter(texts.recipient);
  const kind = texts.kind === undefined ? undefined : readKind(texts.kind);
  return (outline, now) => {
    const isWanted =
      kind === undefined ? !ofNobody.includes(outline.kind) : isOfKind(outline, kind);
    if (!isWanted) return false;
    if (!isSender(outline.sender) || !isRecipient(outline.recipient)) return false;
    if (network === undefined && state === undefined && isOfAge === undefined) return true;
    return outline
      .clients(now)
      .some(
        (client) =>
          (state === undefined || client.state === state) &&
          (network === undefined || isIn(client.network, network)) &&
          (isOfAge === undefined || isOfAge(now - client.firstSeenAt)),
      );
  };
}

/** A client that may come from everywhere is found in no network. */
function isIn(of: Network | undefined, network: Network): boolean {
  return of !== undefined && overlaps(network, of);
}

/** Triplets are of two kinds. */
function isOfKind(outline: RecordOutline, kind: string): boolean {
  if (kind === 'triplet') return outline.kind === 'pair' || outline.kind === 'null-sender';
  return outline.kind === kind;
}

function ageFilter(texts: RecordFilterTexts): ((ageMs: number) => boolean) | undefined {
  const [over = 0, within = Infinity] = (['older-than', 'newer-than'] as const).map((name) => {
    const text = texts[name];
    return text === undefined ? undefined : readSeconds(name, text) * 1000;
  });
  if (over === 0 && within === Infinity) return undefined;
  return (ageMs) => ageMs > over && ageMs <= within;
}

/** @throws AdminError ADMIN_BAD_REQUEST */
export function readNetwork(text: string): Network {
  const network = parseNetwork(text);
  if (network !== undefined) return network;
  throw new AdminError('ADMIN_BAD_REQUEST', `client: "${text}" is no address and no network`);
}

/** A word that no record has would be answered by silence, as if there were none of them. */
function readKind(text: string): string {
  if (wantedKinds.includes(text)) return text;
  const known = wantedKinds.join(', ');
  throw new AdminError('ADMIN_BAD_REQUEST', `kind: "${text}" is none of ${known}`);
}

function readState(text: string): RecordState {
  const state = recordStates.find((each) => each === text);
  if (state !== undefined) return state;
  const known = recordStates.join(', ');
  throw new AdminError('ADMIN_BAD_REQUEST', `state: "${text}" is none of ${known}`);
}

/** Whether one is in the other. */
export function overlaps(one: Network, other: Network): boolean {
  // Both have what `commonPrefixLength` looks at.
  const common = commonPrefixLength({ ...one, text: '' }, { ...other, text: '' });
  return common >= Math.min(one.prefix, other.prefix);
}

/** Whether an address is meant by `local@domain`, `@domain`, `local@` or `<>`; without it all are. */
export function addressFilter(
  written: string | undefined,
): (address: string | undefined) => boolean {
  if (written === undefined) return () => true;
  const text = written.toLowerCase();
  if (text === '<>' || text === '') return (address) => address === '';
  const matches: (address: string) => boolean = text.startsWith('@')
    ? (address) => address.endsWith(text)
    : text.endsWith('@')
      ? (address) => address.startsWith(text)
      : (address) => address === text;
  return (address) => address !== undefined && matches(address.toLowerCase());
}
