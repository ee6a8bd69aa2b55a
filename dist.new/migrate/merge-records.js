import { recordKinds } from './record-kinds.js';
/**
 * What is to be stored of two records with the same key; the first itself if nothing is to change.
 *
 * @param now epoch milliseconds
 */
export function mergeRecords(mine, theirs, now) {
    if (Buffer.compare(mine.value, theirs.value) === 0 && mine.expiresAt >= theirs.expiresAt) {
        return mine;
    }
    for (const kind of recordKinds) {
        const merged = kind.merge(mine, theirs, now);
        if (merged !== undefined)
            return merged;
    }
    return mine;
}
//# sourceMappingURL=merge-records.js.map