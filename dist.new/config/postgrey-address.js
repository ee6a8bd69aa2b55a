import { looksLikePattern } from '../rules/pattern.js';
import { parseAddressEntry } from '../rules/sets/address-entry.js';
import { noEffect, parsePostgreyPattern } from './postgrey-line.js';
/**
 * Reads a line of Postgrey's `whitelist_recipients`, which here may as well be about senders: a mailbox
 * with its extensions, `user@` at any domain, a domain with those below it, or a pattern.
 */
export function parsePostgreyAddress(line) {
    const { text } = line;
    if (looksLikePattern(text))
        return parsePostgreyPattern(line);
    if (/\s/.test(text))
        return noEffect('has a blank in it', 'write one entry a line');
    const isDomain = !text.includes('@') && text !== '<>';
    const parsed = parseAddressEntry(isDomain ? `@${text}` : text);
    if ('problem' in parsed)
        return noEffect(parsed.problem, parsed.hint);
    const entry = parsed.ok;
    switch (entry.kind) {
        case 'address':
        case 'local': {
            const { localPart } = entry;
            const domain = entry.kind === 'address' ? entry.domain : '';
            const mailbox = { kind: 'mailbox', text: entry.text, localPart, domain };
            return { entries: [mailbox], notes: notesOfDot(text) };
        }
        case 'domain':
            return isDomain ? within(text, entry.domain) : mended(entry, 'all addresses of the domain');
        case 'below':
            return mended(entry, 'all domains below it');
        // Those behind the first are read in no other way than from lists of Postgrey.
        case 'null':
        case 'pattern':
        case 'within':
        case 'mailbox':
            return { entries: [entry], notes: [] };
    }
}
function within(text, domain) {
    const notes = [...notesOfDot(text)];
    if (!domain.includes('.') && domain !== 'localhost') {
        notes.push({ problem: 'is taken for a domain', hint: `write ${text}@ for any domain` });
    }
    return { entries: [{ kind: 'within', text: domain, domain }], notes };
}
function mended(entry, what) {
    return { entries: [entry], notes: [{ problem: `matches ${what} here; nothing in Postgrey` }] };
}
function notesOfDot(text) {
    return text.endsWith('.') ? [{ problem: 'matches here; nothing in Postgrey' }] : [];
}
//# sourceMappingURL=postgrey-address.js.map