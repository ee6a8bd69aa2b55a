import { macrosOf } from '../../greylist/general-placeholder.js';
import { parsePlainTemplate, renderPlainTemplate } from '../../greylist/text-template.js';
import { matchesGlob } from '../glob.js';
import { leadingInteger } from '../integer.js';
import { parsePattern, looksLikePattern } from '../pattern.js';
import { parsePropertyName } from '../property-set.js';
import { formatEntry } from '../sets/compile-entries.js';
import { checkComparison, compares, comparisonShape } from './comparison.js';
import { keepMatch } from './finding.js';
import { compileStates } from './states.js';
const STATES = ['set', 'unset'];
const LARGEST = 2 ** 31 - 1;
const schema = (kinds) => {
    const { either, list, named, optional, section, text, whole, withChecks } = kinds;
    const entries = list(parseEntry, formatEntry, {
        examples: ['value', '/^part/', 'set', 'unset'],
    });
    const comparison = withChecks(section({
        ...comparisonShape(kinds, whole(-LARGEST, LARGEST), 'a whole number such as 10'),
        'glob-of': optional(text(parsePlainTemplate, (template) => template.text, { examples: ['{recipient}'] }), {
            meaning: 'The text that the property, which is a glob such as `*@example.org`, matches.',
            expects: "a text such as '{recipient}'",
        }),
    }), ({ 'glob-of': globOf, ...numeric }) => globOf === undefined ? checkComparison(numeric, '{over: 10}') : []);
    return named(parsePropertyName, { examples: ['quota'] }, either(entries, comparison));
};
/** What properties are that rules or lookups have set. */
export const propertyCondition = {
    name: 'property',
    about: {
        meaning: 'What a property is that a rule or a lookup has set: a text or a pattern, in any letter case, `set` or `unset`; or a number to compare, which one that is not set is in no way. Of several values of a property one must match; of numbers it is the newest. Several properties must all match.',
        expects: 'a mapping of properties, each with a text, a pattern, set, unset, a list of them, or a mapping with over, at-least, under, up-to, is, is-not or glob-of',
        example: 'property: {user-class: [guest, trial], tries: {over: 5}}',
    },
    stage: 'connect',
    isLookup: false,
    schema: (kinds) => schema(kinds),
    needs: (value) => ({ macros: Object.values(value).flatMap(macrosIn) }),
    compile: compileProperties,
};
function macrosIn(value) {
    if (isEntries(value))
        return [];
    return Object.values(value).flatMap((operand) => typeof operand === 'object' ? macrosOf(operand.placeholders) : []);
}
function isEntries(value) {
    return Array.isArray(value);
}
function parseEntry(text) {
    const state = STATES.find((known) => known === text);
    if (state !== undefined)
        return { ok: { kind: 'state', text, state } };
    if (!looksLikePattern(text) || !/^\/.*\/[a-z]{0,3}$/s.test(text)) {
        return { ok: { kind: 'value', text, value: text.toLowerCase() } };
    }
    const parsed = parsePattern(text, { ignoreCase: true });
    return 'ok' in parsed ? { ok: { kind: 'pattern', text, pattern: parsed.ok } } : parsed;
}
function compileProperties(value, context) {
    const tests = Object.entries(value).map(([name, wanted]) => isEntries(wanted) ? compileEntries(name, wanted, context) : compileNumeric(name, wanted));
    return {
        name: 'property',
        isLookup: false,
        test: (evaluation) => (tests.every((test) => test(evaluation)) ? 'yes' : 'no'),
    };
}
function compileEntries(name, entries, context) {
    const states = compileStates(entries, context, [name]);
    const values = entries.flatMap((value, index) => value.kind === 'state' ? [] : [{ value, place: context.place([name, index]) }]);
    return (evaluation) => {
        const all = evaluation.properties.all(name);
        const newest = all.at(-1);
        evaluation.note?.(`${name} is ${newest === undefined ? 'not set' : `"${newest}"`}`);
        if (newest === undefined)
            return states.has('unset');
        const matching = all.find((text) => values.some(({ value }) => isEqual(value, text)));
        const matched = matching ?? (states.has('set') ? newest : undefined);
        if (matched === undefined)
            return false;
        keepMatch(evaluation, matched, values.find(({ value }) => isEqual(value, matched)));
        return remember(evaluation, name, matched);
    };
}
function isEqual(entry, text) {
    return entry.kind === 'pattern'
        ? entry.pattern.matches(text)
        : entry.value === text.toLowerCase();
}
function compileNumeric(name, { 'glob-of': globOf, ...comparison }) {
    const isOfNumbers = Object.values(comparison).some((operand) => typeof operand === 'object');
    return (evaluation) => {
        const { properties, texts, note } = evaluation;
        const text = properties.get(name);
        note?.(`${name} is ${text === undefined ? 'not set' : `"${text}"`}`);
        // Compared with another property it counts as 0, as that one does if it is not set.
        if (text === undefined && (globOf !== undefined || !isOfNumbers))
            return false;
        const isGlob = globOf === undefined || matchesGlob(text ?? '', renderPlainTemplate(globOf, texts));
        if (!isGlob || !compares(leadingInteger(text ?? ''), comparison, evaluation))
            return false;
        return remember(evaluation, name, text ?? '');
    };
}
/** The last property that matched, for texts to show. */
function remember({ found }, name, value) {
    found.set('property', name);
    found.set('property-value', value);
    return true;
}
//# sourceMappingURL=property.js.map