import { readDottedQuad, readIpv6 } from './ip-text.js';
/**
 * Reads what an MTA, a configuration or an administrator calls an address: `192.0.2.1`,
 * `2001:db8::1`, `IPv6:2001:db8:0:0:0:0:0:1` (Sendmail, RFC 5321 section 4.1.3), `fe80::1%eth0`
 * (the zone is dropped: it names an interface of this host, not the peer).
 *
 * @returns undefined for anything else; never throws. Octets with leading zeros are refused, since
 *   some readers take them for octal.
 */
export function parseIpAddress(text) {
    const quad = readDottedQuad(text, 0, text.length);
    if (quad !== undefined)
        return { family: 4, bytes: quad, text };
    const zoneAt = text.indexOf('%');
    if (zoneAt === text.length - 1)
        return undefined;
    const start = hasIpv6Tag(text) ? IPV6_TAG.length : 0;
    const bytes = readIpv6(text, start, zoneAt === -1 ? text.length : zoneAt);
    return bytes === undefined ? undefined : ipAddressFromBytes(bytes);
}
/**
 * The address with these 4 or 16 bytes (network order), which must not change afterwards.
 *
 * @throws RangeError for any other number of bytes.
 */
export function ipAddressFromBytes(bytes) {
    if (bytes.length === 4)
        return { family: 4, bytes, text: formatIpv4(bytes) };
    if (bytes.length !== 16)
        throw new RangeError(`An address has 4 or 16 bytes, not ${bytes.length}`);
    if (isIpv4Mapped(bytes))
        return ipAddressFromBytes(new Uint8Array(bytes.subarray(12)));
    return { family: 6, bytes, text: formatIpv6(bytes) };
}
/**
 * How many leading bits two addresses have in common; -1 if they are of different families, so
 * that not even a network with prefix 0 holds both.
 */
export function commonPrefixLength(a, b) {
    if (a.family !== b.family)
        return -1;
    const length = a.bytes.length;
    for (let i = 0; i < length; i++) {
        const difference = byteAt(a.bytes, i) ^ byteAt(b.bytes, i);
        if (difference !== 0)
            return i * 8 + Math.clz32(difference) - 24;
    }
    return length * 8;
}
/** 127.0.0.0/8 (RFC 1122 section 3.2.1.3) and ::1. */
export function isLoopback(address) {
    return address.family === 4 ? address.bytes[0] === 127 : address.text === '::1';
}
const IPV6_TAG = 'ipv6:';
function hasIpv6Tag(text) {
    return text.slice(0, IPV6_TAG.length).toLowerCase() === IPV6_TAG;
}
/** ::ffff:0:0/96, RFC 4291 section 2.5.5.2. */
function isIpv4Mapped(bytes) {
    for (let i = 0; i < 10; i++)
        if (bytes[i] !== 0)
            return false;
    return bytes[10] === 0xff && bytes[11] === 0xff;
}
function formatIpv4(bytes) {
    return `${byteAt(bytes, 0)}.${byteAt(bytes, 1)}.${byteAt(bytes, 2)}.${byteAt(bytes, 3)}`;
}
/** RFC 5952: lower case, no leading zeros, the first longest run of two or more zero groups as `::`. */
function formatIpv6(bytes) {
    const gap = longestZeroRun(bytes);
    let text = '';
    for (let group = 0; group < 8; group++) {
        if (group === gap.start) {
            text += '::';
            group += gap.length - 1;
            continue;
        }
        if (group !== 0 && group !== gap.start + gap.length)
            text += ':';
        text += groupAt(bytes, group).toString(16);
    }
    return text;
}
/** Where `::` stands, in groups; at -9, where no group ends, if nowhere. */
function longestZeroRun(bytes) {
    let start = -9;
    let length = 1;
    let run = 0;
    for (let group = 0; group < 8; group++) {
        run = groupAt(bytes, group) === 0 ? run + 1 : 0;
        if (run > length) {
            length = run;
            start = group - run + 1;
        }
    }
    return { start, length };
}
function groupAt(bytes, group) {
    return byteAt(bytes, group * 2) * 256 + byteAt(bytes, group * 2 + 1);
}
/** The byte at an index that is inside by construction, which the compiler cannot see. */
function byteAt(bytes, index) {
    return Number(bytes[index]);
}
//# sourceMappingURL=ip-address.js.map