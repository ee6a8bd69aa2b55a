/** The rules of one section with the key that it has. */
export const ruleSections = (source) => [
    ['rules', source.rules],
    ['message-rules', source.messageRules],
];
/** What a rule is called: as written, or by its position from 1. */
export function ruleName(section, index, name) {
    return name ?? `${section === 'rules' ? 'rule' : 'message rule'} ${index + 1}`;
}
/** A place for people: `greymilter.yaml:40`. */
export function formatPlace({ file, line }) {
    return line === undefined ? file : `${file}:${line}`;
}
/** The conditions of one side of a rule, in their order. */
export function conditionsOf(rule, side) {
    return Object.values(rule[side] ?? {}).filter((condition) => condition !== undefined);
}
//# sourceMappingURL=program-source.js.map