/**
 * What signed bounce addresses begin with, and what then ends the signature: `prvs` of the draft by
 * Levine and others, SparkPost's `msprvs1`, and Barracuda's `btv1`.
 */
const SIGNATURES = [
    { prefix: 'prvs=', marks: ['=', '/'], mayStandBehind: true },
    { prefix: 'msprvs1=', marks: ['='], mayStandBehind: false },
    { prefix: 'btv1==', marks: ['=='], mayStandBehind: false },
];
/** Number of the key, day, and the first bytes of the hash, as the draft has it: `1234abcdef`. */
const DRAFT_TAG = /^\d{4}[0-9a-f]{6}$/i;
/** What mail servers have made of it: nine or ten characters, some with letters behind `f`. */
const TAG = /^(?=\D*\d)[0-9a-z]{8,16}$/i;
/**
 * Takes one signature off: `prvs=1234abcdef=joe` is of `joe`, so that signed and unsigned mail of one
 * mailbox can be the same. Undefined if there is none.
 */
export function parseSignedSender(localPart) {
    for (const { prefix, marks, mayStandBehind } of SIGNATURES) {
        if (!startsWith(localPart, prefix))
            continue;
        const signed = localPart.slice(prefix.length);
        for (const mark of marks) {
            const found = mayStandBehind ? parseEither(signed, mark) : parseTagFirst(signed, mark, TAG);
            if (found === undefined)
                continue;
            const { wrapping, user } = found;
            return { wrapping: wrapping === undefined ? undefined : prefix + wrapping, user };
        }
    }
    return undefined;
}
function startsWith(localPart, prefix) {
    return localPart.slice(0, prefix.length).toLowerCase() === prefix;
}
/** Older signers put the tag behind the user, `prvs=joe=1234abcdef`; the likelier one is the tag. */
function parseEither(signed, mark) {
    return (parseTagFirst(signed, mark, DRAFT_TAG) ??
        parseTagLast(signed, mark, DRAFT_TAG) ??
        parseTagFirst(signed, mark, TAG) ??
        parseTagLast(signed, mark, TAG));
}
function parseTagFirst(signed, mark, tag) {
    const at = signed.indexOf(mark);
    const userAt = at + mark.length;
    if (at === -1 || userAt === signed.length || !tag.test(signed.slice(0, at)))
        return undefined;
    return { wrapping: signed.slice(0, userAt), user: signed.slice(userAt) };
}
function parseTagLast(signed, mark, tag) {
    const at = signed.lastIndexOf(mark);
    if (at <= 0 || !tag.test(signed.slice(at + mark.length)))
        return undefined;
    return { wrapping: undefined, user: signed.slice(0, at) };
}
//# sourceMappingURL=batv.js.map