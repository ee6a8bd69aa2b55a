import { looksLikePattern, parsePattern } from '../pattern.js';
/**
 * Reads a value as it is, or a pattern, which is one that begins and ends with a slash: values may
 * be paths, or begin with a slash as certificate subjects do.
 */
export function parseValueEntry(text) {
    if (looksLikePattern(text) && /^\/.*\/[a-z]{0,3}$/s.test(text)) {
        const parsed = parsePattern(text, { ignoreCase: false });
        return 'ok' in parsed ? { ok: { kind: 'pattern', text, pattern: parsed.ok } } : parsed;
    }
    if (text === '')
        return { problem: 'is empty', hint: 'write a text or a pattern' };
    return { ok: { kind: 'value', text, value: text } };
}
//# sourceMappingURL=value-entry.js.map