/** An IPv4 or IPv6 address. IPv4-mapped IPv6 addresses are IPv4 addresses here. */
export interface IpAddress {
    readonly family: 4 | 6;
    /** 4 or 16 bytes, network order. */
    readonly bytes: Uint8Array;
    /** Canonical text: dotted quad, or RFC 5952. */
    readonly text: string;
}
/**
 * Reads what an MTA, a configuration or an administrator calls an address: `192.0.2.1`,
 * `2001:db8::1`, `IPv6:2001:db8:0:0:0:0:0:1` (Sendmail, RFC 5321 section 4.1.3), `fe80::1%eth0`
 * (the zone is dropped: it names an interface of this host, not the peer).
 *
 * @returns undefined for anything else; never throws. Octets with leading zeros are refused, since
 *   some readers take them for octal.
 */
export declare function parseIpAddress(text: string): IpAddress | undefined;
/**
 * The address with these 4 or 16 bytes (network order), which must not change afterwards.
 *
 * @throws RangeError for any other number of bytes.
 */
export declare function ipAddressFromBytes(bytes: Uint8Array): IpAddress;
/**
 * How many leading bits two addresses have in common; -1 if they are of different families, so
 * that not even a network with prefix 0 holds both.
 */
export declare function commonPrefixLength(a: IpAddress, b: IpAddress): number;
/** 127.0.0.0/8 (RFC 1122 section 3.2.1.3) and ::1. */
export declare function isLoopback(address: IpAddress): boolean;
