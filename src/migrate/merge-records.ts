import { isNewerRecord, recordKinds } from './record-kinds.js';
import type { StoredRecord } from './stored-record.js';

/**
 * What is to be stored of two records with the same key; the first itself if nothing is to change. What
 * a later version has written stays: daemons of it may share the store.
 *
 * @param now epoch milliseconds
 */
export function mergeRecords(mine: StoredRecord, theirs: StoredRecord, now: number): StoredRecord {
  if (Buffer.compare(mine.value, theirs.value) === 0 && mine.expiresAt >= theirs.expiresAt) {
    return mine;
  }
  if (isNewerRecord(mine)) return mine;
  for (const kind of recordKinds) {
    const merged = kind.merge(mine, theirs, now);
    if (merged !== undefined) return merged;
  }
  return mine;
}
