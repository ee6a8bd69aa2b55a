import { nearest } from './nearest.js';
import { valueAt } from './origins.js';
/** The sections that have rules. */
const SECTIONS = ['rules', 'message-rules'];
function elementsOf(value) {
    return Array.isArray(value) ? value : [];
}
/** All texts in a value, with where they stand in it. */
function textsIn(value, path) {
    if (typeof value === 'string')
        return [[value, path]];
    if (typeof value !== 'object' || value === null)
        return [];
    const isList = Array.isArray(value);
    return Object.entries(value).flatMap(([key, inner]) => textsIn(inner, [...path, isList ? Number(key) : key]));
}
function unknownList(name, path, known) {
    const near = nearest(name, known);
    const rest = known.length === 0 ? 'write it under lists' : `there are ${known.join(', ')}`;
    const hint = near === undefined ? rest : `did you mean "list:${near}"?`;
    return { paths: [path], problem: `names a list that there is not, ${name}`, hint };
}
/** Conditions that name a list that there is not. */
function findUnknownLists(input) {
    const lists = valueAt(input, ['lists']);
    const known = typeof lists === 'object' && lists !== null ? Object.keys(lists) : [];
    return SECTIONS.flatMap((section) => elementsOf(valueAt(input, [section])).flatMap((rule, index) => ['when', 'unless'].flatMap((side) => textsIn(valueAt(rule, [side]), [section, index, side]).flatMap(([text, path]) => {
        if (path.length === 3)
            return [];
        const name = /^list:([\w.-]+)$/.exec(text)?.[1];
        return name === undefined || known.includes(name) ? [] : [unknownList(name, path, known)];
    }))));
}
/** Rules that are called alike: in the log nobody could tell them apart. */
function findSameNames(input) {
    return SECTIONS.flatMap((section) => {
        const rules = elementsOf(valueAt(input, [section]));
        const names = rules.map((rule) => valueAt(rule, ['name']));
        return names.flatMap((name, index) => {
            if (typeof name !== 'string')
                return [];
            const twin = names.indexOf(name);
            const path = [section, index, 'name'];
            const number = /^(?:message )?rule (\d+)$/.exec(name)?.[1];
            if (number !== undefined && Number(number) !== index + 1) {
                const hint = 'rules without a name are called by their position: choose another one';
                return [{ paths: [path], problem: 'is the name of another rule', hint }];
            }
            if (twin === index)
                return [];
            const hint = `rule ${twin + 1} has it already: choose another one`;
            return [{ paths: [path], problem: 'is the name of another rule', hint }];
        });
    });
}
/** What rules call by a name that is wrong; of the configuration as it was written. */
export function findWrongReferences(input) {
    return [...findUnknownLists(input), ...findSameNames(input)];
}
//# sourceMappingURL=rule-references.js.map