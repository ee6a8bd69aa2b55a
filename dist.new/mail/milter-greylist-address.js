/** milter-greylist copies so many bytes of an address, brackets included. */
const MAX_BYTES = 324;
/**
 * An address as milter-greylist has it in its database, without the brackets: each byte that is no
 * printable character a `_`, and cut off behind 324 bytes. Its case is kept.
 *
 * @param text the address as the client wrote it, without brackets
 */
export function milterGreylistAddress(text) {
    // The opening bracket is one of the bytes.
    return graphic(text).slice(0, MAX_BYTES - 1);
}
/**
 * The same for a sender, of which the part up to the last `=` is left out: that is where VERP, BATV
 * and SRS write what differs from mail to mail.
 */
export function milterGreylistSender(text) {
    const address = milterGreylistAddress(text);
    return address.slice(address.lastIndexOf('=') + 1);
}
/** In the C locale: a character beyond US-ASCII is as many `_` as it has bytes. */
function graphic(text) {
    if (/^[!-~]*$/.test(text))
        return text;
    return Buffer.from(text, 'utf8')
        .toString('latin1')
        .replace(/[^!-~]/g, '_');
}
//# sourceMappingURL=milter-greylist-address.js.map