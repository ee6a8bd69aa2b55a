/** Keeps what a pattern has found, for texts that show its groups. */
export function keepMatch({ texts }, subject, found) {
    const value = found?.value;
    if (value !== undefined && 'pattern' in value && isPattern(value.pattern)) {
        texts.see(value.pattern, subject);
    }
}
function isPattern(value) {
    return typeof value === 'object' && value !== null && 'groups' in value;
}
/** Says what was looked at and which entry matches it, if anybody listens; whether one does. */
export function report(evaluation, subject, found) {
    keepMatch(evaluation, subject, found);
    if (evaluation.note !== undefined)
        evaluation.note(describeMatch(subject, found));
    return found === undefined ? 'no' : 'yes';
}
/** The same in words. */
export function describeMatch(subject, found) {
    return found === undefined
        ? `${subject} matches no entry`
        : `${subject} matches ${found.value.text} (${found.place})`;
}
//# sourceMappingURL=finding.js.map