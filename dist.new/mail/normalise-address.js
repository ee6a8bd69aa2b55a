import { withoutExtension } from './extension.js';
import { milterGreylistAddress, milterGreylistSender } from './milter-greylist-address.js';
import { postgreyLocalPart, postgreySender } from './postgrey-sender.js';
import { stableLocalPart } from './sender-spelling.js';
/**
 * The form in which an address is part of a key: one spelling for each mailbox, or for each sender of
 * automatic mail, NFC. The null sender is the empty string, and nothing else is.
 */
export function normaliseAddress(address, normalisation) {
    if (normalisation.form === 'postgrey')
        return postgreySender(address.text).normalize('NFC');
    if (normalisation.form === 'milter-greylist') {
        return writtenForm(address, normalisation).toLowerCase();
    }
    const localPart = normaliseLocalPart(address, normalisation);
    return address.domain === '' ? localPart : `${localPart}@${address.domain}`;
}
/**
 * The same with the case that it was written in, which is of account to milter-greylist while a triplet
 * waits.
 */
export function writtenForm(address, normalisation) {
    if (normalisation.form !== 'milter-greylist')
        return normaliseAddress(address, normalisation);
    const { text } = address;
    return normalisation.of === 'sender' ? milterGreylistSender(text) : milterGreylistAddress(text);
}
/** The local part of that form. */
export function normaliseLocalPart(address, normalisation) {
    const { localPart, domain } = address;
    if (normalisation.form === 'postgrey')
        return postgreyLocalPart(localPart);
    if (normalisation.form === 'milter-greylist') {
        const whole = normaliseAddress(address, normalisation);
        return whole.slice(0, whole.includes('@') ? whole.lastIndexOf('@') : whole.length);
    }
    const traits = traitsOf(localPart);
    const folded = normalisation.foldCase && traits >= UPPER_CASE
        ? localPart.toLowerCase().normalize('NFC')
        : localPart;
    if (normalisation.form === 'recipient')
        return withoutExtension(folded, normalisation.delimiters);
    return (traits & MARK) === 0 ? folded : stableLocalPart(folded, domain, normalisation.strip);
}
/** Traits of characters, as bits. */
const MARK = 1;
const UPPER_CASE = 2;
const NOT_ASCII = 4;
/** Without one of these a local part has nothing in it that {@link stableLocalPart} takes out. */
const MARKS = '0123456789=+#';
const CHARACTER_TRAITS = new Uint8Array(128).fill(UPPER_CASE, 0x41, 0x5b);
for (const character of MARKS)
    CHARACTER_TRAITS[character.charCodeAt(0)] = MARK;
/** Folding and taking apart cost more than this look, and nearly no address needs them. */
function traitsOf(localPart) {
    let traits = 0;
    for (let i = 0; i < localPart.length; i++) {
        traits |= CHARACTER_TRAITS[localPart.charCodeAt(i)] ?? NOT_ASCII;
    }
    return traits;
}
//# sourceMappingURL=normalise-address.js.map