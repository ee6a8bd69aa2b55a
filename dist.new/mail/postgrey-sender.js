import { PLACEHOLDER } from './placeholder.js';
/**
 * The sender as Postgrey 1.37 has it in its keys, so that its records are found again and its numbers
 * stay comparable: without a BATV tag, cut at the first `+`, runs of digits between word boundaries
 * replaced, in lower case. Without an `@` it is only in lower case.
 *
 * @param text the address as the client wrote it, without brackets
 */
export function postgreySender(text) {
    const at = text.indexOf('@');
    return at === -1
        ? inLowerCase(text)
        : postgreyLocalPart(text.slice(0, at)) + inLowerCase(text.slice(at));
}
/** The same for the part before the `@`. */
export function postgreyLocalPart(localPart) {
    const [user = ''] = withoutTag(localPart).split('+', 1);
    return inLowerCase(user.replace(/\b\d+\b/g, PLACEHOLDER));
}
const TAG = /^[0-9a-z]{10}/;
/** It takes whatever begins like a tag for one. */
function withoutTag(localPart) {
    const [name, first = '', second = '', ...more] = localPart.split('=');
    if (name !== 'prvs' || !/^prvs=.*=/.test(localPart) || more.length > 0)
        return localPart;
    return TAG.test(second) && !TAG.test(first) ? first : second;
}
/** ASCII only, as Perl does without a locale. */
function inLowerCase(text) {
    return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
//# sourceMappingURL=postgrey-sender.js.map