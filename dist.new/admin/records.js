import { outlineRecord, writeExport, writeRecord } from '../migrate/json-lines.js';
import { emptyTally, RecordImport } from '../migrate/import-records.js';
import { AdminError } from './admin-error.js';
/** Longer than that a page does not search, so that somebody hears of it and may give up. */
const PAGE_MS = 500;
/** One page of the records that a filter wants. @throws AdminError ADMIN_BAD_REQUEST, StoreError */
export async function listRecords(store, { filter, limit, cursor }, now) {
    const records = [];
    const deadline = performance.now() + PAGE_MS;
    try {
        for await (const [key, { value, expiresAt }, position] of store.scan(cursor)) {
            const record = { key, value, expiresAt };
            if (filter(outlineRecord(record), now))
                records.push(showRecord(record));
            if (records.length >= limit || performance.now() > deadline) {
                return { records, next: position };
            }
        }
    }
    catch (error) {
        if (!(error instanceof RangeError))
            throw error;
        throw new AdminError('ADMIN_BAD_REQUEST', `cursor: ${error.message}`, { cause: error });
    }
    return { records, next: undefined };
}
/** One record; undefined if there is none of that id. @throws StoreError */
export async function findRecord(store, id) {
    const key = keyOfId(id);
    const entry = await store.get(key);
    return entry && showRecord({ key, value: entry.value, expiresAt: entry.expiresAt });
}
/** Deletes one record; undefined if there is none of that id. @throws StoreError */
export async function forgetRecord(store, id) {
    const found = await findRecord(store, id);
    if (found !== undefined)
        await store.delete(keyOfId(id));
    return found;
}
/** All records as an export, in pieces of some tens of kilobytes. @throws StoreError */
export function exportRecords(store, header) {
    return writeExport(header, recordsOf(store));
}
/** An import that has not begun. */
export function emptyProgress() {
    return { ...emptyTally(), refused: 0 };
}
/**
 * Brings what was read into a store, and tells after each batch how far it is; the last time all of
 * it is committed.
 *
 * @throws StoreError, and whatever reading throws; what was read before is committed then
 */
export async function* importBatches(store, batches, now) {
    const running = new RecordImport(store, now);
    let refused = 0;
    let expired = 0;
    const progress = () => {
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
    }
    finally {
        await running.end();
    }
    return progress();
}
/** The name of a record in paths. */
export function idOfKey(key) {
    return Buffer.from(key).toString('base64url');
}
function keyOfId(id) {
    return Buffer.from(id, 'base64url').toString('utf8');
}
function showRecord(record) {
    return { id: idOfKey(record.key), ...writeRecord(record) };
}
async function* recordsOf(store) {
    for await (const [key, { value, expiresAt }] of store.scan())
        yield { key, value, expiresAt };
}
//# sourceMappingURL=records.js.map