const FORMS = 'write <>, local-part@, @domain or local-part@domain';
/** Reads an address pattern. A local part may hold an `@`; a domain cannot. */
export function parseAddressPattern(text) {
    if (text === '<>')
        return { ok: { text, localPart: '', domain: '' } };
    if (/[\s\p{Cc}]/u.test(text))
        return { problem: 'has a space or a control character in it' };
    if (/[*<>]|^\/.*\/$/.test(text))
        return { problem: 'is not an address', hint: FORMS };
    const at = text.lastIndexOf('@');
    if (at < 0 || text === '@')
        return { problem: 'is not an address', hint: FORMS };
    const localPart = at > 0 ? text.slice(0, at).toLowerCase() : undefined;
    const written = text.slice(at + 1);
    if (/^\.|\.\./.test(written))
        return { problem: 'has an empty part in its domain', hint: FORMS };
    const domain = written.toLowerCase().replace(/\.$/, '');
    return {
        ok: {
            text: `${localPart ?? ''}@${domain}`,
            localPart,
            domain: domain === '' ? undefined : domain,
        },
    };
}
/** Writes what {@link parseAddressPattern} reads. */
export function formatAddressPattern(pattern) {
    return pattern.text;
}
//# sourceMappingURL=address-pattern.js.map