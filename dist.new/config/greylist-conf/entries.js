import { parseAddressEntry } from '../../rules/sets/address-entry.js';
import { parseNameEntry } from '../../rules/sets/name-entry.js';
import { parseConditionEntry } from '../../rules/sets/compile-entries.js';
import { at } from './placed.js';
import { translatePosixPattern } from './posix-pattern.js';
/** Names and addresses: one line, in which letter case does not count. */
export const IN_NAMES = { subject: 'one-line', tellsCase: false };
/** Anything else on one line. */
export const IN_VALUES = { subject: 'one-line', tellsCase: true };
/** A regular expression in our language. */
export function patternEntry(value, use, context) {
    const { source, dialect, place } = value;
    const translated = translatePosixPattern(source, { dialect, subject: use.subject });
    if (translated.kind === 'pattern') {
        return at(place, use.tellsCase ? `${translated.text}i` : translated.text);
    }
    const { problem, hint, offset, kind } = translated;
    const where = { line: place.line, column: place.column + 1 + offset };
    if (kind === 'wrong')
        context.findings.wrong(where, 'the pattern', problem, hint);
    else
        context.findings.unsupported(where, 'the pattern', problem, hint);
    return undefined;
}
/** A pattern that matches this text and no other. */
export function literalPattern(text) {
    return `/^${escapePattern(text)}$/`;
}
/** What a text is in a pattern, where each character stands for itself. */
export function escapePattern(text) {
    return text.replace(/[\\^$.|?*+()[\]{}/]/g, '\\$&');
}
/** A whole address. */
export function addressEntry({ text, place }) {
    const parsed = parseAddressEntry(text);
    const isPlain = 'ok' in parsed && parsed.ok.kind === 'address';
    return at(place, isPlain ? text : literalPattern(`<${text}>`));
}
/** What is the same but for letter case. */
export function nameEntry({ text, place }) {
    const parsed = parseNameEntry(text);
    const isPlain = 'ok' in parsed && parsed.ok.kind === 'name';
    return at(place, isPlain ? text : literalPattern(text));
}
/**
 * A value in its very letters.
 *
 * @param words what means something else where it goes
 */
export function valueEntry({ text, place }, words = []) {
    const parsed = parseConditionEntry('values')(text);
    const isPlain = 'ok' in parsed && parsed.ok.kind === 'value' && !words.includes(text);
    return at(place, isPlain ? text : literalPattern(text));
}
/** Those of them that can be had; undefined if one of them cannot. */
export function allEntries(entries) {
    const found = entries.filter((entry) => entry !== undefined);
    return found.length === entries.length ? found : undefined;
}
/** Whether an operand is a regular expression. */
export function isPattern(operand) {
    return operand.kind === 'pattern';
}
/** Whether a regular expression is found in whatever it is held against. */
export function isForAll({ source }) {
    return /^\^?(?:\.\*)?\$?$/.test(source);
}
//# sourceMappingURL=entries.js.map