/** Longer words are no slips of the finger, and comparing them costs their product. */
const MAX_LENGTH = 64;
/**
 * How many letters must be added, removed, changed, or swapped with their neighbour to get from
 * one word to the other.
 */
export function editDistance(a, b) {
    let before = [];
    let last = Array.from({ length: b.length + 1 }, (_, index) => index);
    for (let i = 1; i <= a.length; i++) {
        const row = [i];
        for (let j = 1; j <= b.length; j++) {
            const same = a[i - 1] === b[j - 1];
            const changed = (last[j - 1] ?? 0) + (same ? 0 : 1);
            let best = Math.min((row[j - 1] ?? 0) + 1, (last[j] ?? 0) + 1, changed);
            if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
                best = Math.min(best, (before[j - 2] ?? Infinity) + 1);
            }
            row.push(best);
        }
        before = last;
        last = row;
    }
    return last[b.length] ?? 0;
}
/** The known word that was most likely meant; undefined if none is near. Letter case is ignored. */
export function nearest(word, known) {
    if (word.length > MAX_LENGTH)
        return undefined;
    const written = word.toLowerCase();
    let best;
    let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
    for (const candidate of known) {
        const distance = editDistance(written, candidate.toLowerCase());
        if (distance < bestDistance) {
            best = candidate;
            bestDistance = distance;
        }
    }
    return best;
}
//# sourceMappingURL=nearest.js.map