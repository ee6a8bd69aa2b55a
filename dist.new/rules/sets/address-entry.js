import { parseEnvelopeAddress } from '../../mail/envelope-address.js';
import { canonicalMailDomain } from '../../mail/mail-domain.js';
import { looksLikePattern, parsePattern } from '../pattern.js';
const FORMS = "write 'joe@example.org', '@example.org' for a domain, '@.example.org' for the domains below it, 'joe@' for any domain, '<>', or a pattern such as '/^list-.*@/'";
/** Reads an address, `@domain`, `@.domain`, `local-part@`, `<>` or a pattern. */
export function parseAddressEntry(text) {
    if (looksLikePattern(text)) {
        const parsed = parsePattern(text, { ignoreCase: true });
        return 'ok' in parsed ? { ok: { kind: 'pattern', text, pattern: parsed.ok } } : parsed;
    }
    if (text === '<>')
        return { ok: { kind: 'null', text } };
    if (/[\s\p{Cc}]/u.test(text) && !text.includes('"')) {
        return { problem: 'has a blank or a control character in it', hint: FORMS };
    }
    const at = text.lastIndexOf('@');
    if (at < 0)
        return noAddress(text);
    const localPart = at > 0 ? canonicalLocalPart(text.slice(0, at)) : '';
    const written = text.slice(at + 1);
    const isBelow = written.startsWith('.');
    const domain = canonicalMailDomain(isBelow ? written.slice(1) : written);
    if (/[*<>]/.test(text))
        return wildcard(text, domain);
    if (domain === '') {
        if (localPart === '' || written !== '')
            return noAddress(text);
        return { ok: { kind: 'local', text: `${localPart}@`, localPart } };
    }
    if (!isDomain(domain))
        return { problem: 'has no domain behind its @', hint: FORMS };
    if (localPart !== '') {
        if (isBelow)
            return { problem: 'has a local part and all domains below one', hint: FORMS };
        return { ok: { kind: 'address', text: `${localPart}@${domain}`, localPart, domain } };
    }
    return isBelow
        ? { ok: { kind: 'below', text: `@.${domain}`, domain } }
        : { ok: { kind: 'domain', text: `@${domain}`, domain } };
}
/** As {@link parseEnvelopeAddress} has it, which addresses are compared with. */
function canonicalLocalPart(written) {
    return parseEnvelopeAddress(`${written}@x`).localPart.toLowerCase();
}
function isDomain(domain) {
    return /^(?:\[[^\]\s]+\]|[^\s.@]+(?:\.[^\s.@]+)*)$/.test(domain);
}
function noAddress(text) {
    const isDomainAlone = /^[\w-]+(?:\.[\w-]+)+$/.test(text);
    const hint = isDomainAlone ? `write '@${text}' for a domain` : FORMS;
    return { problem: 'is not an address', hint };
}
function wildcard(text, domain) {
    const bracketed = /^<(.+@.+)>$/.exec(text)?.[1];
    if (bracketed !== undefined)
        return { problem: 'has brackets', hint: `write '${bracketed}'` };
    const below = /@\*\.(.+)$/.exec(text)?.[1];
    if (below !== undefined)
        return { problem: 'has a *', hint: `write '@.${below}'` };
    const hint = text.startsWith('*@') && isDomain(domain) ? `write '@${domain}'` : FORMS;
    return { problem: 'is not an address', hint };
}
//# sourceMappingURL=address-entry.js.map