import { correspondenceExpiresAt } from '../greylist/advance.js';
import { ifReadable } from '../greylist/byte-reader.js';
import { decodeCorrespondence, encodeCorrespondence } from '../greylist/correspondence-codec.js';
import { parseCorrespondenceKey } from '../greylist/correspondence-key.js';
import type { Source } from '../greylist/correspondence.js';
import { releaseSources } from '../greylist/release.js';
import { networkOf, type Network } from '../mail/network.js';
import { outlineRecord } from '../migrate/json-lines.js';
import { changeEntry } from '../store/change-entry.js';
import type { GreylistStore, NewEntry, StoreEntry } from '../store/store.js';
import { AdminError } from './admin-error.js';
import {
  overlaps,
  parseRecordFilter,
  readNetwork,
  type RecordFilterTexts,
} from './record-filter.js';
import { tagOf } from './record-tag.js';
import { badCursor, keyOfId, PAGE_MS, showRecord, type ShownRecord } from './records.js';

// Who waits in a record that cannot be read nobody can say.
const decode = ifReadable(decodeCorrespondence);

/** What waiting mail is let through in. */
export interface ReleaseDependencies {
  readonly store: Pick<GreylistStore, 'get' | 'scan' | 'compareAndSet' | 'delete'>;
  readonly now: () => number;
  /** How long a sender is known from then on, in milliseconds. */
  readonly lifeMs: (sender: string) => number;
  /** Hears of every record in which something was let through, once that is committed. */
  readonly onReleased: (release: ReleasedRecord) => void;
}

/** One record in which something was let through. */
export interface ReleasedRecord {
  /** Empty for the null sender. */
  readonly sender: string;
  readonly recipient: string;
  readonly sources: readonly Source[];
}

/** Whose waiting mail is meant. */
export type ReleaseTexts = Pick<RecordFilterTexts, 'client' | 'sender' | 'recipient'>;

/** What is to be let through: all that a filter wants, part by part. */
export interface ReleaseQuery {
  readonly texts: ReleaseTexts;
  readonly cursor: string | undefined;
  /** Only counts. */
  readonly isDry: boolean;
}

/** What was let through in a part of the store, or would have been. */
export interface ReleasePage {
  /** Of a sender and recipient each. */
  readonly records: number;
  /** Clients in them. */
  readonly triplets: number;
  /** Where the next part begins; undefined behind the last one. */
  readonly next: string | undefined;
}

/** Records are written together; with more at a time others would wait. */
const RECORDS_AT_A_TIME = 256;

/** Somebody else writes the same record: after so many times in a row the store is broken. */
const MAX_CONFLICTS = 100;

/**
 * Lets pass what waits of a sender, a recipient or a client, in a part of the store: what it took
 * half a second to find.
 *
 * @throws AdminError ADMIN_BAD_REQUEST, also if nobody is meant in particular; StoreError
 */
export async function releaseRecords(
  dependencies: ReleaseDependencies,
  { texts, cursor, isDry }: ReleaseQuery,
): Promise<ReleasePage> {
  const { store, now } = dependencies;
  const { client, sender, recipient } = texts;
  if ((client ?? sender ?? recipient) === undefined) {
    const message = 'whose mail? Say client, sender or recipient';
    throw new AdminError('ADMIN_BAD_REQUEST', message);
  }
  const filter = parseRecordFilter({ client, sender, recipient, state: 'pending' });
  const network = client === undefined ? undefined : readNetwork(client);
  const counts = { records: 0, triplets: 0 };
  const count = (triplets: number): void => {
    counts.records += triplets > 0 ? 1 : 0;
    counts.triplets += triplets;
  };
  const countDone = ({ triplets }: ReleasedOne): void => count(triplets);
  const writing: Promise<void>[] = [];
  const deadline = performance.now() + PAGE_MS;
  try {
    for await (const [key, entry, position] of store.scan(cursor)) {
      if (filter(outlineRecord({ key, ...entry }), now())) {
        if (isDry) count(releaseIn(dependencies, key, entry, network)?.released.length ?? 0);
        else writing.push(heard(releaseRecord(dependencies, key, network).then(countDone)));
      }
      if (performance.now() < deadline && writing.length < RECORDS_AT_A_TIME) continue;
      await Promise.all(writing);
      return { ...counts, next: position };
    }
  } catch (error) {
    throw badCursor(error);
  }
  await Promise.all(writing);
  return { ...counts, next: undefined };
}

/** What may fail while the scan goes on, long before anybody waits for it. */
function heard(written: Promise<void>): Promise<void> {
  written.catch(() => undefined);
  return written;
}

/** Which record, and whose mail of it. */
export interface ReleaseOfOne {
  readonly id: string;
  /** An address or a network; all clients without it. */
  readonly client: string | undefined;
  /** Only counts. */
  readonly isDry: boolean;
}

/** What was let through in one record, or would have been. */
export interface ReleasedOne {
  /** Clients in it. */
  readonly triplets: number;
  /** To put it back: the record before, and the tag of what is there now. */
  readonly undo?: { readonly record: ShownRecord; readonly tag: string } | undefined;
}

/**
 * Lets pass what waits in one record.
 *
 * @throws AdminError ADMIN_BAD_REQUEST, StoreError
 */
export async function releaseById(
  dependencies: ReleaseDependencies,
  { id, client, isDry }: ReleaseOfOne,
): Promise<ReleasedOne> {
  const network = client === undefined ? undefined : readNetwork(client);
  const key = keyOfId(id);
  if (!isDry) return await releaseRecord(dependencies, key, network);
  const entry = await dependencies.store.get(key);
  const release = entry && releaseIn(dependencies, key, entry, network);
  return { triplets: release?.released.length ?? 0 };
}

async function releaseRecord(
  dependencies: ReleaseDependencies,
  key: string,
  network: Network | undefined,
): Promise<ReleasedOne> {
  const { store, onReleased } = dependencies;
  let done:
    (ReleasedRecord & { readonly before: StoreEntry; readonly after: NewEntry }) | undefined;
  await changeEntry(store, { key, maxConflicts: MAX_CONFLICTS }, (before) => {
    const release = before && releaseIn(dependencies, key, before, network);
    done = undefined;
    if (before === undefined || release === undefined) return 'keep';
    const { sender, recipient, released, next } = release;
    const after = { value: encodeCorrespondence(next), expiresAt: correspondenceExpiresAt(next) };
    done = { sender, recipient, sources: released, before, after };
    return after;
  });
  if (done === undefined) return { triplets: 0 };
  const { sender, recipient, sources, before, after } = done;
  onReleased({ sender, recipient, sources });
  const record = showRecord({ key, value: before.value, expiresAt: before.expiresAt });
  return { triplets: sources.length, undo: { record, tag: tagOf(after) } };
}

function releaseIn(
  { now, lifeMs }: Pick<ReleaseDependencies, 'now' | 'lifeMs'>,
  key: string,
  { value }: StoreEntry,
  network: Network | undefined,
) {
  const parsed = parseCorrespondenceKey(key);
  const record = parsed && decode(value);
  if (parsed === undefined || record === undefined) return undefined;
  const sender = parsed.kind === 'pair' ? parsed.sender : '';
  const isMeant = ({ address, prefix }: Source): boolean =>
    network === undefined || overlaps(network, networkOf(address, prefix));
  const release = releaseSources(record, { isMeant, autowhiteMs: lifeMs(sender) }, now());
  return release && { sender, recipient: parsed.recipient, ...release };
}
