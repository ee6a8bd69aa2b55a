import type { IpAddress } from '../mail/ip-address.js';

/** `192.0.2.1` is `1.2.0.192`, and an IPv6 address its 32 nibbles, the last one first (RFC 5782). */
export function reversedAddress({ family, bytes }: IpAddress): string {
  const labels =
    family === 4
      ? Array.from(bytes, String)
      : Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0').split('')).flat();
  return labels.reverse().join('.');
}
