import { correspondenceExpiresAt } from '../greylist/advance.js';
import { ifReadable, isOfNewerFormat } from '../greylist/byte-reader.js';
import { decodeCorrespondence, encodeCorrespondence } from '../greylist/correspondence-codec.js';
import { correspondenceKey, parseCorrespondenceKey } from '../greylist/correspondence-key.js';
import type { ParsedCorrespondenceKey } from '../greylist/correspondence-key.js';
import type { Correspondence } from '../greylist/correspondence.js';
import { parseNetwork } from '../mail/network.js';
import { ipAddressFromBytes } from '../mail/ip-address.js';
import { hasDates, readCorrespondence, writeCorrespondence } from './correspondence-json.js';
import { RecordError, readText } from './json-fields.js';
import type { JsonFields } from './json-fields.js';
import { isSameCorrespondence, mergeCorrespondences } from './merge-correspondences.js';
import { clientKind } from './client-record.js';
import { exceptionsKind } from './exceptions-kind.js';
import { opaqueKind } from './opaque-record.js';
import { populationKind } from './population-kind.js';
import { replyKind } from './reply-kind.js';
import { statisticsKind } from './statistics-kind.js';
import { clientsOf } from './record-outline.js';
import type { RecordOutline } from './record-outline.js';
import type { StoredRecord } from './stored-record.js';

const decode = ifReadable(decodeCorrespondence);

/** What tells which version has written a record. */
export type KeyedValue = Pick<StoredRecord, 'key' | 'value'>;

/**
 * How one kind of record is said in JSON, read again, and merged with another of the same key. A
 * further kind is a further row of {@link recordKinds}.
 */
export interface RecordKind {
  /** The field `kind` of its JSON. */
  readonly name: string;
  /** Its JSON without the field `kind`; undefined if the record is of another kind, or damaged. */
  write(record: StoredRecord): JsonFields | undefined;
  /** @throws RecordError */
  read(fields: JsonFields): StoredRecord;
  /** Whether a later version has written it; false if it is of another kind. */
  isNewer(record: KeyedValue): boolean;
  /** What filters look at; undefined if the record is of another kind. */
  outline(record: StoredRecord): RecordOutline | undefined;
  /**
   * What is to be stored where `mine` is, and `theirs` comes; `mine` itself if nothing is to
   * change; undefined if one of them is not of this kind.
   */
  merge(mine: StoredRecord, theirs: StoredRecord, now: number): StoredRecord | undefined;
}

const pairKind = correspondenceKind('pair', {
  write: (key) =>
    key.kind === 'pair' ? { sender: key.sender, recipient: key.recipient } : undefined,
  read: (fields) => {
    const sender = readText(fields, 'sender');
    if (sender === '') throw new RecordError('"sender" is empty');
    return correspondenceKey({ ...anyClient, sender, recipient: readText(fields, 'recipient') });
  },
});

const nullSenderKind = correspondenceKind('null-sender', {
  write: (key) =>
    key.kind === 'null-sender'
      ? { network: key.network.text, recipient: key.recipient }
      : undefined,
  read: (fields) => {
    const network = parseNetwork(readText(fields, 'network'));
    if (network === undefined) throw new RecordError('"network" is no network');
    return correspondenceKey({
      sender: '',
      recipient: readText(fields, 'recipient'),
      client: ipAddressFromBytes(network.bytes),
      network: { ipv4: network.prefix, ipv6: network.prefix },
    });
  },
});

/** All kinds; the last one takes whatever no other one has. */
export const recordKinds: readonly RecordKind[] = [
  pairKind,
  nullSenderKind,
  clientKind,
  replyKind,
  exceptionsKind,
  statisticsKind,
  populationKind,
  opaqueKind,
];

/** Whether a later version has written a record, which must be left as it is then. */
export function isNewerRecord(record: KeyedValue): boolean {
  return recordKinds.some((kind) => kind.isNewer(record));
}

/** The key of a pair does not depend on the client. */
const anyClient = {
  client: ipAddressFromBytes(new Uint8Array(4)),
  network: { ipv4: 0, ipv6: 0 },
} as const;

const nothing: Correspondence = { series: undefined, sources: [] };

interface KeyForm {
  readonly write: (key: ParsedCorrespondenceKey) => JsonFields | undefined;
  readonly read: (fields: JsonFields) => string;
}

function correspondenceKind(name: ParsedCorrespondenceKey['kind'], form: KeyForm): RecordKind {
  return {
    name,
    write: ({ key, value, expiresAt }) => {
      const parsed = parseCorrespondenceKey(key);
      const parties = parsed && form.write(parsed);
      const record = parties && decode(value);
      if (record === undefined || !hasDates(record)) return undefined;
      // What would come back with another expiry is not said by its sources alone.
      if (wholeSecond(correspondenceExpiresAt(record)) !== wholeSecond(expiresAt)) return undefined;
      return { ...parties, ...writeCorrespondence(record) };
    },
    read: (fields) => recordOf(form.read(fields), readCorrespondence(fields)),
    isNewer: ({ key, value }) =>
      parseCorrespondenceKey(key)?.kind === name && isOfNewerFormat(value, decodeCorrespondence),
    outline: ({ key, value }) => {
      const parsed = parseCorrespondenceKey(key);
      if (parsed?.kind !== name) return undefined;
      const sender = parsed.kind === 'pair' ? parsed.sender : '';
      const clients = (now: number) => clientsOf(decode(value) ?? nothing, now);
      return { kind: name, sender, recipient: parsed.recipient, clients };
    },
    merge: (mine, theirs, now) => {
      if (parseCorrespondenceKey(mine.key)?.kind !== name) return undefined;
      const [own, other] = [decode(mine.value), decode(theirs.value)];
      if (own === undefined || other === undefined) {
        return own === undefined && other !== undefined ? theirs : mine;
      }
      const merged = mergeCorrespondences(own, other, now);
      return isSameCorrespondence(own, merged) ? mine : recordOf(mine.key, merged);
    },
  };
}

/** A pair's record under its key. */
export function recordOf(key: string, record: Correspondence): StoredRecord {
  return { key, value: encodeCorrespondence(record), expiresAt: correspondenceExpiresAt(record) };
}

function wholeSecond(instant: number): number {
  return Math.ceil(instant / 1000);
}
