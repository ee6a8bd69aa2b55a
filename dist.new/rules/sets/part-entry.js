import { looksLikePattern, parsePattern } from '../pattern.js';
/** Reads a text, in its very letters, or a pattern, which begins and ends with a slash. */
export function parsePartEntry(text) {
    if (looksLikePattern(text) && /^\/.*\/[a-z]{0,3}$/s.test(text)) {
        const parsed = parsePattern(text, { ignoreCase: false });
        return 'ok' in parsed ? { ok: { kind: 'pattern', text, pattern: parsed.ok } } : parsed;
    }
    if (text === '')
        return { problem: 'is empty', hint: 'write a text or a pattern' };
    return { ok: { kind: 'part', text, part: text } };
}
/** Finds the first entry that is a part of a text, or is found in it. */
export function compileParts(entries, context, path = []) {
    const placed = entries.map((value, index) => ({ value, place: context.place([...path, index]) }));
    return (subject) => placed.find(({ value }) => value.kind === 'part' ? subject.includes(value.part) : value.pattern.matches(subject));
}
//# sourceMappingURL=part-entry.js.map