import { setImmediate as turn } from 'node:timers/promises';
import { mergeRecords } from './merge-records.js';
/** A tally of nothing. */
export function emptyTally() {
    return { taken: 0, merged: 0, unchanged: 0, expired: 0 };
}
/** How many records are merged in one turn of the event loop: about a millisecond. */
const RECORDS_PER_TURN = 128;
/** Somebody else writes the same key: after so many times in a row the store is broken. */
const MAX_CONFLICTS = 100;
/**
 * Brings records into a store that others may use at the same time: what is newer there stays, what
 * is older is united with it. Whatever was counted is committed. It may end at any moment, and doing
 * it again does nothing twice.
 *
 * Commits of one batch go on while the next one is merged; there are never more than two batches in
 * memory.
 */
export class RecordImport {
    #target;
    #now;
    #previous = Promise.resolve();
    tally = emptyTally();
    constructor(target, now) {
        this.#target = target;
        this.#now = now;
    }
    /** Takes a batch; resolves when the next one may come. @throws StoreError */
    async take(records) {
        const writes = [];
        for (const [index, record] of records.entries()) {
            if (index % RECORDS_PER_TURN === RECORDS_PER_TURN - 1)
                await turn();
            const written = this.#merge(record, 0);
            if (written !== undefined)
                writes.push(written);
        }
        const previous = this.#previous;
        this.#previous = Promise.all(writes);
        // Whoever takes the next batch, or ends, hears of it.
        this.#previous.catch(() => undefined);
        await previous;
    }
    /** Resolves once all that was taken is committed. @throws StoreError */
    async end() {
        await this.#previous;
        return this.tally;
    }
    #merge(record, conflicts) {
        if (record.expiresAt <= this.#now()) {
            this.tally.expired += 1;
            return undefined;
        }
        const entry = this.#read(record.key);
        return entry instanceof Promise
            ? entry.then((found) => this.#mergeWith(found, record, conflicts))
            : this.#mergeWith(entry, record, conflicts);
    }
    #read(key) {
        return this.#target.get(key);
    }
    #mergeWith(entry, record, conflicts) {
        if (entry === undefined)
            return this.#write(undefined, record, record, conflicts);
        const { value, expiresAt } = entry;
        const mine = { key: record.key, value, expiresAt };
        const merged = mergeRecords(mine, record, this.#now());
        if (merged !== mine)
            return this.#write(entry, merged, record, conflicts);
        if (entry.commit !== undefined)
            return entry.commit.then(() => this.#count('unchanged'));
        this.#count('unchanged');
        return undefined;
    }
    async #write(entry, { key, value, expiresAt }, record, conflicts) {
        if (await this.#target.compareAndSet(key, entry, { value, expiresAt })) {
            this.#count(entry === undefined ? 'taken' : 'merged');
            return;
        }
        if (conflicts >= MAX_CONFLICTS)
            throw new Error(`${conflicts} conflicts in a row at one key`);
        await this.#merge(record, conflicts + 1);
    }
    #count(what) {
        this.tally[what] += 1;
    }
}
//# sourceMappingURL=import-records.js.map