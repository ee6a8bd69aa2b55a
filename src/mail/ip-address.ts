/** An IPv4 or IPv6 address. IPv4-mapped IPv6 addresses are IPv4 addresses here. */
export interface IpAddress {
  readonly family: 4 | 6;
  /** 4 or 16 bytes, network order. */
  readonly bytes: Uint8Array;
  /** Canonical text: dotted quad, or RFC 5952. */
  readonly text: string;
}
