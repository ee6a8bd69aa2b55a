import { domainToASCII } from 'node:url';
import { parseIpAddress } from './ip-address.js';
/**
 * The one spelling of what stands behind the `@`: address literals as RFC 5321 section 4.1.3 writes
 * them, with the canonical address; names in lower case, in A-labels, without final dots.
 */
export function canonicalMailDomain(written) {
    const name = withoutFinalDots(written);
    if (name.startsWith('[') && name.endsWith(']')) {
        const address = parseIpAddress(name.slice(1, -1));
        if (address !== undefined) {
            return address.family === 4 ? `[${address.text}]` : `[IPv6:${address.text}]`;
        }
    }
    return withoutFinalDots(asciiName(name));
}
/** Blanks go with the dots, so that what is canonical stays the same when it is read again. */
function withoutFinalDots(name) {
    let end = name.length;
    while (end > 0 && '. \t'.includes(name.charAt(end - 1)))
        end -= 1;
    return name.slice(0, end);
}
/**
 * A name that is not ASCII becomes A-labels (UTS 46); one that cannot be, keeps its letters in
 * lower case and NFC. Names with ASCII that no host name has are not shown to the converter, which
 * would cut them at `/`, `?` and `#` as a URL, and decode `%`, so that different ones became one.
 */
function asciiName(name) {
    if (/^[\0-\x7f]*$/.test(name))
        return name.toLowerCase();
    const converted = /^[-.\w\u0080-\u{10ffff}]*$/u.test(name) ? domainToASCII(name) : '';
    return converted === '' ? name.toLowerCase().normalize('NFC') : converted;
}
//# sourceMappingURL=mail-domain.js.map