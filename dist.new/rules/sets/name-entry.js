import { canonicalMailDomain } from '../../mail/mail-domain.js';
import { looksLikePattern, parsePattern } from '../pattern.js';
const FORMS = "write a name, .example.org for all names below example.org, or a pattern such as '/^mx\\d/'";
/** Reads `mx.example.org`, `.example.org` for the names below, or a pattern. */
export function parseNameEntry(text) {
    if (looksLikePattern(text)) {
        const parsed = parsePattern(text, { ignoreCase: true });
        return 'ok' in parsed ? { ok: { kind: 'pattern', text, pattern: parsed.ok } } : parsed;
    }
    const wildcard = /^\*\.?([\w.-]+)$/.exec(text)?.[1];
    if (wildcard !== undefined) {
        return { problem: 'has a *', hint: `write .${wildcard} for all names below ${wildcard}` };
    }
    const isBelow = text.startsWith('.');
    const name = canonicalMailDomain(isBelow ? text.slice(1) : text);
    if (!isHostName(name))
        return { problem: 'is not a host name', hint: FORMS };
    return isBelow
        ? { ok: { kind: 'below', text: `.${name}`, domain: name } }
        : { ok: { kind: 'name', text: name, name } };
}
/** Letters, digits, `-` and `_` between single dots; what is looked for can be no other. */
function isHostName(name) {
    return name.length <= 253 && /^[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*$/.test(name);
}
//# sourceMappingURL=name-entry.js.map