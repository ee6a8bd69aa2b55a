import { ipAddressFromBytes } from '../mail/ip-address.js';
import { ByteReader, damaged, newerFormat, safeInteger } from './byte-reader.js';
import { ByteWriter } from './byte-writer.js';
import { MAX_WITNESSES } from './client-autowhite.js';
/*
 * A client's record:
 *
 *   byte     format version
 *   byte     flags, as below
 *   varint   points
 *   varint   lastPointAt; the other instants are counted from it
 *   varint   lastSeenAt, expiresAt
 *   varint   number of witnesses; then each: its length and UTF-8
 *   ...      the host, if the flags announce one: 4 or 16 bytes, then its name
 *
 * For example, one pass with a sender at a.example, remembered for 36 days (26 bytes):
 *
 *   01 00 01 88 d8 d3 9d fd 31   version 1, no flags, one point, at 1717243800584
 *   00 80 e0 93 cb 0b            seen then, 36 days from then
 *   01 09 61 2e 65 78 ...        one witness
 */
const FORMAT_VERSION = 1;
const FLAG_EXEMPT = 0x01;
const FLAG_HOST = 0x02;
const FLAG_HOST_IPV6 = 0x04;
const FLAG_HOST_NAME = 0x08;
const ALL_FLAGS = 0x0f;
const writer = new ByteWriter();
/** The record's stored form; what `countPass` and `renewExempt` give can be written. */
export function encodeClientAutowhite(record) {
    const { points, lastPointAt, lastSeenAt, expiresAt, witnesses, host } = record;
    writer.clear();
    writer.writeByte(FORMAT_VERSION);
    writer.writeByte((record.isExempt ? FLAG_EXEMPT : 0) | flagsOf(host));
    writer.writeVarint(points);
    writer.writeVarint(lastPointAt);
    writer.writeVarint(lastSeenAt - lastPointAt);
    writer.writeVarint(expiresAt - lastPointAt);
    writer.writeVarint(witnesses.length);
    for (const witness of witnesses)
        writer.writeText(witness);
    if (host !== undefined)
        writer.writeBytes(host.address.bytes);
    if (host?.name !== undefined)
        writer.writeText(host.name);
    return writer.toBytes();
}
function flagsOf(host) {
    if (host === undefined)
        return 0;
    const family = host.address.family === 6 ? FLAG_HOST_IPV6 : 0;
    return FLAG_HOST | family | (host.name === undefined ? 0 : FLAG_HOST_NAME);
}
/**
 * Reads a record back.
 *
 * @throws CorrespondenceFormatError, and nothing else, for bytes that are no record.
 */
export function decodeClientAutowhite(bytes) {
    const reader = new ByteReader(bytes);
    const version = reader.readByte();
    if (version > FORMAT_VERSION)
        throw newerFormat(`version ${version}`);
    if (version !== FORMAT_VERSION)
        throw damaged(`there is no version ${version}`);
    const flags = reader.readByte();
    if ((flags & ~ALL_FLAGS) !== 0)
        throw newerFormat('a client with unknown fields');
    const points = reader.readVarint();
    const lastPointAt = reader.readVarint();
    const lastSeenAt = safeInteger(lastPointAt + reader.readVarint());
    const expiresAt = safeInteger(lastPointAt + reader.readVarint());
    const count = reader.readVarint();
    if (count > MAX_WITNESSES)
        throw damaged(`${count} witnesses`);
    const witnesses = Array.from({ length: count }, () => reader.readText());
    const host = (flags & FLAG_HOST) === 0 ? undefined : readHost(reader, flags);
    reader.end();
    const isExempt = (flags & FLAG_EXEMPT) !== 0;
    return { points, lastPointAt, witnesses, host, isExempt, lastSeenAt, expiresAt };
}
function readHost(reader, flags) {
    const family = (flags & FLAG_HOST_IPV6) === 0 ? 4 : 6;
    const address = ipAddressFromBytes(reader.readBytes(family === 4 ? 4 : 16));
    if (address.family !== family)
        throw damaged('an IPv4 address as IPv6');
    return { address, name: (flags & FLAG_HOST_NAME) === 0 ? undefined : reader.readText() };
}
//# sourceMappingURL=client-autowhite-codec.js.map