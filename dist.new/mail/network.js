import { commonPrefixLength, ipAddressFromBytes, parseIpAddress } from './ip-address.js';
/** By how much the prefix of an IPv4-mapped network shrinks when it is written as IPv4. */
const MAPPED_PREFIX = 96;
/**
 * Reads `192.0.2.0/24`, `2001:db8::/32`, or an address alone. Bits behind the prefix are cleared
 * rather than refused, as existing lists have them; who wants to warn compares the text.
 *
 * @returns undefined for anything else, also for an IPv4-mapped network wider than all of IPv4.
 */
export function parseNetwork(text) {
    const slashAt = text.indexOf('/');
    const address = parseIpAddress(slashAt === -1 ? text : text.slice(0, slashAt));
    if (address === undefined)
        return undefined;
    const width = address.bytes.length * 8;
    if (slashAt === -1)
        return networkOf(address, width);
    const written = parsePrefix(text.slice(slashAt + 1));
    const isMapped = address.family === 4 && text.includes(':');
    const prefix = isMapped ? written - MAPPED_PREFIX : written;
    return prefix >= 0 && prefix <= width ? networkOf(address, prefix) : undefined;
}
/** The block of this prefix around an address; a prefix beyond the address means the address alone. */
export function networkOf(address, prefix) {
    // A copy also of a Buffer, whose `slice` is a view.
    const bytes = new Uint8Array(address.bytes);
    const width = bytes.length * 8;
    const kept = Math.min(prefix, width);
    for (let i = kept >> 3; i < bytes.length; i++) {
        const keptBits = Math.max(kept - i * 8, 0);
        bytes[i] = Number(bytes[i]) & (0xff00 >> keptBits);
    }
    const first = kept === width ? address : ipAddressFromBytes(bytes);
    return { family: address.family, bytes, prefix: kept, text: `${first.text}/${kept}` };
}
/** Whether an address lies in a network; never for the other family. */
export function networkContains(network, address) {
    return commonPrefixLength(network, address) >= network.prefix;
}
/** NaN, which no comparison accepts, if the text is no plain number. */
function parsePrefix(text) {
    return /^(?:0|[1-9][0-9]{0,2})$/.test(text) ? Number(text) : Number.NaN;
}
//# sourceMappingURL=network.js.map