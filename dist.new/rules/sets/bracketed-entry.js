import { looksLikePattern, parsePattern } from '../pattern.js';
/** Reads `<joe@example.org>`, `<>` or a pattern such as `/@example\.org>$/`. */
export function parseBracketedEntry(text) {
    if (looksLikePattern(text)) {
        const parsed = parsePattern(text, { ignoreCase: true });
        return 'ok' in parsed ? { ok: { kind: 'pattern', text, pattern: parsed.ok } } : parsed;
    }
    if (/^<.*>$/s.test(text))
        return { ok: { kind: 'bracketed', text, address: text.toLowerCase() } };
    const hint = `write '<${text}>', or a pattern such as '/@example\\.org>$/'`;
    return { problem: 'is no address in brackets', hint };
}
/** Finds the first entry that an address in its brackets is, or that is found in it. */
export function compileBracketed(entries, context, path) {
    const placed = entries.map((value, index) => ({ value, place: context.place([...path, index]) }));
    return (bracketed) => {
        const lower = bracketed.toLowerCase();
        return placed.find(({ value }) => value.kind === 'pattern' ? value.pattern.matches(bracketed) : value.address === lower);
    };
}
//# sourceMappingURL=bracketed-entry.js.map