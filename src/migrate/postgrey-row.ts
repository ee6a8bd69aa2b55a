import type { IpAddress } from '../mail/ip-address.js';
import { parseIpAddress } from '../mail/ip-address.js';
import { networkOf } from '../mail/network.js';
import type { NetworkPrefixes } from '../greylist/correspondence-key.js';
import type { ClientPoints, ForeignClient, ForeignTriplet } from './foreign-triplet.js';

/** Why a row of Postgrey's cannot be used. */
export const postgreyRefusals = {
  hashed: 'hashed by --privacy: nobody can tell what it was',
  mapped: 'one network for all IPv4-mapped clients, whoever they are',
  malformed: 'no row of Postgrey',
} as const;

/** A row of Postgrey's tables: of triplets, or of clients that are auto-whitelisted. */
export type PostgreyRow =
  | { readonly kind: 'triplet'; readonly triplet: ForeignTriplet }
  | { readonly kind: 'client'; readonly client: ClientPoints }
  | { readonly kind: 'refused'; readonly refusal: keyof typeof postgreyRefusals };

/**
 * Reads a row of any version from 1.2x to 1.37:
 *
 *   198.51.100.0/s@d/r@d                   first,last        1.37; --lookup-by-subnet
 *   198.51.100.0/s@d/r@d                   first,last,7      up to 1.35; 7 is the last octet
 *   198.51.100.0/24/s@d/r@d                first,last        1.36
 *   198.51.100.7/s@d/r@d                   first,last        up to 1.36; by host, or a pool's name
 *   198.51.100.7/32/s@d/r@d                first,last        1.37, and Debian's 1.36; by host
 *   198.51.100.7, 198.51.100.7/32          count,last        an auto-whitelisted client
 *   0123456789abcdef…, 40 digits           any               --privacy
 *
 * @param cidr the options --ipv4cidr and --ipv6cidr, which a database does not tell
 */
export function readPostgreyRow(key: string, value: string, cidr: NetworkPrefixes): PostgreyRow {
  if (/^[0-9a-f]{40}$/.test(key)) return refused('hashed');
  const slashAt = key.indexOf('/');
  const address = parseIpAddress(slashAt === -1 ? key : key.slice(0, slashAt));
  if (address === undefined) return refused('malformed');
  const { length, rest } = takeLength(slashAt === -1 ? '' : key.slice(slashAt + 1), address);
  if (rest === '') return readClient(address, value);
  const parties = splitParties(rest);
  const times = /^(\d{1,12}),(\d{1,12})(?:,(\d{1,3}))?$/.exec(value);
  if (parties === undefined || times === null) return refused('malformed');
  const client = clientOf(address, length, cidr);
  if (address.family === 6 && isZero(address) && client.prefix <= 64) return refused('mapped');
  const octet = times[3] === undefined ? undefined : Number(times[3]);
  const triplet: ForeignTriplet = {
    client: withOctet(client, octet),
    ...parties,
    firstAt: Number(times[1]) * 1000,
    lastAt: Number(times[2]) * 1000,
  };
  return { kind: 'triplet', triplet };
}

function refused(refusal: keyof typeof postgreyRefusals): PostgreyRow {
  return { kind: 'refused', refusal };
}

/**
 * A number in front of another `/` is a prefix length: a sender of digits alone, without a domain,
 * looks the same, but hardly exists.
 */
function takeLength(
  text: string,
  address: IpAddress,
): { readonly length: number | undefined; readonly rest: string } {
  const [, digits, rest] = /^(\d{1,3})(?:$|\/(.*)$)/s.exec(text) ?? [];
  const length = Number(digits);
  if (digits === undefined || length > address.bytes.length * 8) {
    return { length: undefined, rest: text };
  }
  if (rest === undefined) return { length, rest: '' };
  return rest.includes('/') ? { length, rest } : { length: undefined, rest: text };
}

function readClient(address: IpAddress, value: string): PostgreyRow {
  const [, points, last] = /^(\d{1,9}),(\d{1,12})$/.exec(value) ?? [];
  if (points === undefined) return refused('malformed');
  const client = { address, points: Number(points), lastAt: Number(last) * 1000 };
  return { kind: 'client', client };
}

/**
 * Local parts may contain `/`: the sender ends at the first one behind its `@` and domain. What is in
 * quotes counts for nothing; a sender without a domain ends at the first one.
 */
function splitParties(
  text: string,
): { readonly sender: string; readonly recipient: string } | undefined {
  const bare = text.replace(/"(?:[^"\\]|\\.)*"/gs, (quoted) => 'q'.repeat(quoted.length));
  const atSignAt = bare.indexOf('@');
  const behindDomain = atSignAt === -1 ? -1 : bare.indexOf('/', atSignAt);
  const slashAt = bare.startsWith('/') || behindDomain === -1 ? bare.indexOf('/') : behindDomain;
  if (slashAt === -1 || slashAt === text.length - 1) return undefined;
  return { sender: text.slice(0, slashAt), recipient: text.slice(slashAt + 1) };
}

/** Without a length an address without host bits is a network; any other is one host. */
function clientOf(
  address: IpAddress,
  length: number | undefined,
  cidr: NetworkPrefixes,
): ForeignClient {
  if (length !== undefined) return { address, prefix: length };
  const width = address.bytes.length * 8;
  const network = networkOf(address, address.family === 4 ? cidr.ipv4 : cidr.ipv6);
  const isNetwork = Buffer.compare(network.bytes, address.bytes) === 0;
  return { address, prefix: isNetwork ? network.prefix : width };
}

/** Up to version 1.35 a network was always a /24, and the value tells the host. */
function withOctet(client: ForeignClient, octet: number | undefined): ForeignClient {
  const { address } = client;
  if (octet === undefined || address.family !== 4) return client;
  const host = parseIpAddress(address.text.replace(/\d+$/, String(octet)));
  return host === undefined ? client : { address: host, prefix: 24 };
}

function isZero(address: IpAddress): boolean {
  return address.bytes.every((byte) => byte === 0);
}
