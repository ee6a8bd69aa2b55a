/** Conditions that ask nobody. */
export function block(conditions) {
    return { kind: 'block', block: conditions };
}
/** Conditions that ask outside; without an answer they do not hold. */
export function lookup(conditions, onUnknown = 'no-match') {
    return { kind: 'block', block: conditions, onUnknown };
}
/** What never holds, for a reason. */
export function never(why) {
    return { kind: 'constant', truth: false, why };
}
/** Several tests of which one must hold. */
export function anyOf(tests) {
    if (tests.some(({ kind }) => kind === 'left-out'))
        return { kind: 'left-out' };
    const blocks = [];
    let onUnknown;
    for (const test of tests) {
        if (test.kind !== 'block')
            continue;
        blocks.push(test.block);
        if (test.onUnknown !== undefined && onUnknown !== 'tempfail')
            onUnknown = test.onUnknown;
    }
    const [only, second] = blocks;
    if (only === undefined)
        return never('nothing in it ever holds');
    if (second === undefined)
        return { kind: 'block', block: only, onUnknown };
    return { kind: 'any', blocks, onUnknown };
}
/** What cannot be asked here. */
export const leftOut = { kind: 'left-out' };
//# sourceMappingURL=test.js.map