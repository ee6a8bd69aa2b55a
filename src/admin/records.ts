import { outlineRecord, writeExport, writeRecord } from '../migrate/json-lines.js';
import type { JsonFields } from '../migrate/json-fields.js';
import { emptyTally, RecordImport } from '../migrate/import-records.js';
import type { ImportTarget, ImportTally } from '../migrate/import-records.js';
import type { LineNote, ReadBatch, StoredRecord } from '../migrate/stored-record.js';
import type { TimeSlice } from '../store/level/time-slice.js';
import { changeEntry } from '../store/change-entry.js';
import type { GreylistStore } from '../store/store.js';
import { AdminError } from './admin-error.js';
import type { RecordFilter } from './record-filter.js';
import { FirstOf, orderKeyOf, type RecordOrder } from './record-order.js';

/** A record as the admin interface shows it: its JSON of an export, and how to name it. */
export type ShownRecord = JsonFields & { readonly id: string };

/** Some of the records that are wanted. */
export interface RecordPage {
  readonly records: readonly ShownRecord[];
  /** Where the next page begins; undefined behind the last one. A page may be empty before. */
  readonly next: string | undefined;
  /** Of a sorted page, what each of its records is sorted by. */
  readonly keys?: readonly string[] | undefined;
}

/** Which page of which records. */
export interface PageQuery {
  readonly filter: RecordFilter;
  /** Records of a page at most. */
  readonly limit: number;
  readonly cursor: string | undefined;
  readonly order?: RecordOrder | undefined;
}

/** What reading records needs of a store. */
export type ReadableRecords = Pick<GreylistStore, 'get' | 'scan'>;

/** Longer than that a page does not search, so that somebody hears of it and may give up. */
export const PAGE_MS = 500;

/** One page of the records that a filter wants. @throws AdminError ADMIN_BAD_REQUEST, StoreError */
export async function listRecords(
  store: ReadableRecords,
  { filter, limit, cursor, order }: PageQuery,
  now: number,
): Promise<RecordPage> {
  if (order !== undefined) return await listSorted(store, { filter, limit, cursor }, order, now);
  const records: ShownRecord[] = [];
  const deadline = performance.now() + PAGE_MS;
  try {
    for await (const [key, { value, expiresAt }, position] of store.scan(cursor)) {
      const record = { key, value, expiresAt };
      if (filter(outlineRecord(record), now)) records.push(showRecord(record));
      if (records.length >= limit || performance.now() > deadline) {
        return { records, next: position };
      }
    }
  } catch (error) {
    throw badCursor(error);
  }
  return { records, next: undefined };
}

/**
 * The first ones, in some order, of a part of the store: what is searched in half a second. All
 * parts have to be asked for, and what comes of each be sorted together, to have the first of all.
 *
 * @throws AdminError ADMIN_BAD_REQUEST, StoreError
 */
async function listSorted(
  store: ReadableRecords,
  { filter, limit, cursor }: PageQuery,
  order: RecordOrder,
  now: number,
): Promise<RecordPage> {
  const first = new FirstOf<StoredRecord>(limit, order);
  const deadline = performance.now() + PAGE_MS;
  let next: string | undefined;
  try {
    for await (const [key, { value, expiresAt }, position] of store.scan(cursor)) {
      const record = { key, value, expiresAt };
      const outline = outlineRecord(record);
      if (filter(outline, now)) first.add(orderKeyOf(record, outline, order, now), record);
      if (performance.now() <= deadline) continue;
      next = position;
      break;
    }
  } catch (error) {
    throw badCursor(error);
  }
  const found = first.take();
  const records = found.map(({ item }) => showRecord(item));
  return { records, next, keys: found.map(({ key }) => key) };
}

/** What a scan has thrown: that what was sent is no position is the sender's mistake. */
export function badCursor(error: unknown): unknown {
  if (!(error instanceof RangeError)) return error;
  return new AdminError('ADMIN_BAD_REQUEST', `cursor: ${error.message}`, { cause: error });
}

/** One record; undefined if there is none of that id. @throws StoreError */
export async function findRecord(
  store: Pick<GreylistStore, 'get'>,
  id: string,
): Promise<ShownRecord | undefined> {
  const key = keyOfId(id);
  const entry = await store.get(key);
  return entry && showRecord({ key, value: entry.value, expiresAt: entry.expiresAt });
}

/** Which record is to be deleted. */
export interface ForgetQuery {
  readonly id: string;
  /** Only if it is one of these by then: what waited when it was listed may have passed since. */
  readonly filter?: RecordFilter | undefined;
}

/** More conflicts than this in a row mean that the store is broken, not that it is busy. */
const MAX_CONFLICTS = 20;

/**
 * Deletes one record.
 *
 * @returns what it was; undefined if there is none of that id that is meant
 * @throws StoreError
 */
export async function forgetRecord(
  store: Pick<GreylistStore, 'get' | 'compareAndSet' | 'delete'>,
  { id, filter }: ForgetQuery,
  now: number,
): Promise<ShownRecord | undefined> {
  const key = keyOfId(id);
  let meant: StoredRecord | undefined;
  await changeEntry(store, { key, maxConflicts: MAX_CONFLICTS }, (entry) => {
    const record = entry && { key, value: entry.value, expiresAt: entry.expiresAt };
    const isMeant = record !== undefined && filter?.(outlineRecord(record), now) !== false;
    meant = isMeant ? record : undefined;
    return isMeant ? 'delete' : 'keep';
  });
  return meant && showRecord(meant);
}

/** All records as an export, in pieces of about twenty kilobytes. @throws StoreError */
export function exportRecords(
  store: Pick<GreylistStore, 'scan'>,
  header: string,
): AsyncGenerator<string, void, undefined> {
  return writeExport(header, recordsOf(store));
}

/** What has become of an import so far. */
export interface ImportProgress extends ImportTally {
  /** Lines that could not be read. */
  refused: number;
}

/** An import that has not begun. */
export function emptyProgress(): ImportProgress {
  return { ...emptyTally(), refused: 0 };
}

/**
 * Brings what was read into a store, and tells after each batch how far it is; the last time all of
 * it is committed.
 *
 * @throws StoreError, and whatever reading throws; what was read before is committed then
 */
export async function* importBatches(
  store: ImportTarget,
  batches: AsyncIterable<ReadBatch>,
  { now, slice }: { readonly now: () => number; readonly slice?: TimeSlice },
): AsyncGenerator<
  { readonly progress: ImportProgress; readonly refused: readonly LineNote[] },
  ImportProgress,
  undefined
> {
  const running = new RecordImport(store, now, slice);
  let refused = 0;
  let expired = 0;
  const progress = (): ImportProgress => {
    const { tally } = running;
    return { ...tally, expired: tally.expired + expired, refused };
  };
  try {
    for await (const batch of batches) {
      refused += batch.refused.length;
      expired += batch.expired;
      await running.take(batch.records);
      yield { progress: progress(), refused: batch.refused };
    }
  } finally {
    await running.end();
  }
  return progress();
}

/** The name of a record in paths. */
export function idOfKey(key: string): string {
  return Buffer.from(key).toString('base64url');
}

/** What {@link idOfKey} was given. */
export function keyOfId(id: string): string {
  return Buffer.from(id, 'base64url').toString('utf8');
}

/** As lists have it. */
export function showRecord(record: StoredRecord): ShownRecord {
  return { id: idOfKey(record.key), ...writeRecord(record) };
}

async function* recordsOf(
  store: Pick<GreylistStore, 'scan'>,
): AsyncGenerator<StoredRecord, void, undefined> {
  for await (const [key, { value, expiresAt }] of store.scan()) yield { key, value, expiresAt };
}
