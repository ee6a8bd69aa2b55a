import { ifReadable, isOfNewerFormat } from '../greylist/byte-reader.js';
import {
  decodeClientAutowhite,
  encodeClientAutowhite,
} from '../greylist/client-autowhite-codec.js';
import { clientAutowhiteKey, parseClientAutowhiteKey } from '../greylist/client-autowhite-key.js';
import type { AutowhiteCount, ParsedClientAutowhiteKey } from '../greylist/client-autowhite-key.js';
import { MAX_WITNESSES } from '../greylist/client-autowhite.js';
import type { ClientAutowhite, CountedHost } from '../greylist/client-autowhite.js';
import { ipAddressFromBytes } from '../mail/ip-address.js';
import { networkOf, parseNetwork } from '../mail/network.js';
import type { Network } from '../mail/network.js';
import {
  asFields,
  formatInstant,
  LAST_DATE,
  readAddress,
  readCount,
  readInstant,
  readList,
  readOptionalText,
  readText,
  RecordError,
} from './json-fields.js';
import type { JsonFields } from './json-fields.js';
import type { RecordKind } from './record-kinds.js';
import type { StoredRecord } from './stored-record.js';

const decode = ifReadable(decodeClientAutowhite);

/** Clients whose triplets have passed one after the other. */
export const clientKind: RecordKind = {
  name: 'client',
  write: ({ key, value, expiresAt }) => {
    const parsed = parseClientAutowhiteKey(key);
    const record = parsed && decode(value);
    if (parsed === undefined || record === undefined || !hasDates(record)) return undefined;
    if (Math.ceil(record.expiresAt / 1000) !== Math.ceil(expiresAt / 1000)) return undefined;
    return { ...writeKey(parsed), ...writeClient(record) };
  },
  read: (fields) => recordOfClient(readKey(fields), readClient(fields)),
  isNewer: ({ key, value }) =>
    parseClientAutowhiteKey(key) !== undefined && isOfNewerFormat(value, decodeClientAutowhite),
  outline: ({ key, value }) => {
    const parsed = parseClientAutowhiteKey(key);
    if (parsed === undefined) return undefined;
    const network = networkOfKey(parsed);
    return {
      kind: 'client',
      clients: (now) => {
        const record = decode(value);
        if (record === undefined) return [];
        const state = now >= record.expiresAt ? 'ended' : record.isExempt ? 'autowhite' : 'pending';
        const { lastPointAt: firstSeenAt, lastSeenAt } = record;
        return [{ network, state, firstSeenAt, lastSeenAt }];
      },
    };
  },
  merge: (mine, theirs, now) => {
    if (parseClientAutowhiteKey(mine.key) === undefined) return undefined;
    const [own, other] = [decode(mine.value), decode(theirs.value)];
    if (own === undefined || other === undefined) {
      return own === undefined && other !== undefined ? theirs : mine;
    }
    const merged = recordOfClient(mine.key, mergeClients(own, other, now));
    return Buffer.compare(merged.value, mine.value) === 0 ? mine : merged;
  },
};

/** A client's record under its key. */
export function recordOfClient(key: string, record: ClientAutowhite): StoredRecord {
  return { key, value: encodeClientAutowhite(record), expiresAt: record.expiresAt };
}

/**
 * What two stores together remember of a client; in whatever order, and once more changes nothing.
 * What has ended gives way to what lives.
 */
function mergeClients(one: ClientAutowhite, other: ClientAutowhite, now: number): ClientAutowhite {
  const isLive = [one, other].map((each) => each.expiresAt > now);
  if (isLive[0] !== isLive[1]) return isLive[0] === true ? one : other;
  const hosts = [one.host, other.host].flatMap((host) => host ?? []);
  const inOrder = hosts.sort((a, b) => (textOfHost(a) < textOfHost(b) ? -1 : 1));
  return {
    points: Math.max(one.points, other.points),
    lastPointAt: Math.max(one.lastPointAt, other.lastPointAt),
    witnesses: [...new Set([...one.witnesses, ...other.witnesses])].sort().slice(0, MAX_WITNESSES),
    host: inOrder[0],
    isExempt: one.isExempt || other.isExempt,
    lastSeenAt: Math.max(one.lastSeenAt, other.lastSeenAt),
    expiresAt: Math.max(one.expiresAt, other.expiresAt),
  };
}

function textOfHost({ address, name = '' }: CountedHost): string {
  return `${address.text} ${name}`;
}

function hasDates({ lastPointAt, lastSeenAt, expiresAt }: ClientAutowhite): boolean {
  return Math.max(lastPointAt, lastSeenAt, expiresAt) <= LAST_DATE;
}

function networkOfKey(key: ParsedClientAutowhiteKey): Network {
  return key.kind === 'address' ? networkOf(key.address, 128) : key.network;
}

function writeKey(key: ParsedClientAutowhiteKey): JsonFields {
  const client = key.kind === 'address' ? key.address.text : key.network.text;
  return { count: key.kind, client, ...(key.kind === 'sender-domain' && { domain: key.domain }) };
}

function readKey(fields: JsonFields): string {
  const count = readAutowhiteCount(readText(fields, 'count'));
  const network = parseNetwork(readText(fields, 'client'));
  if (network === undefined) throw new RecordError('"client" is no address and no network');
  return clientAutowhiteKey({
    count,
    client: ipAddressFromBytes(network.bytes),
    network: { ipv4: network.prefix, ipv6: network.prefix },
    senderDomain: readOptionalText(fields, 'domain') ?? '',
  });
}

function readAutowhiteCount(text: string): AutowhiteCount {
  if (text === 'address' || text === 'network' || text === 'sender-domain') return text;
  throw new RecordError('"count" is none of address, network, sender-domain');
}

function writeClient(record: ClientAutowhite): JsonFields {
  const { points, isExempt, witnesses, host } = record;
  return {
    points,
    isExempt,
    witnesses,
    ...(host !== undefined && {
      host: { address: host.address.text, ...(host.name !== undefined && { name: host.name }) },
    }),
    lastPointAt: formatInstant(record.lastPointAt),
    lastSeenAt: formatInstant(record.lastSeenAt),
    expiresAt: formatInstant(record.expiresAt),
  };
}

function readClient(fields: JsonFields): ClientAutowhite {
  const { isExempt, host } = fields;
  if (typeof isExempt !== 'boolean') throw new RecordError('"isExempt" is not true or false');
  const lastPointAt = readInstant(fields, 'lastPointAt');
  const record = {
    points: readCount(fields, 'points', Number.MAX_SAFE_INTEGER),
    lastPointAt,
    witnesses: readList(fields, 'witnesses', MAX_WITNESSES).map(readWitness),
    host: host === undefined ? undefined : readHost(asFields(host, '"host"')),
    isExempt,
    lastSeenAt: readInstant(fields, 'lastSeenAt'),
    expiresAt: readInstant(fields, 'expiresAt'),
  };
  // The others are counted from it.
  if (Math.min(record.lastSeenAt, record.expiresAt) >= lastPointAt) return record;
  throw new RecordError('"lastPointAt" is later than the other times');
}

function readWitness(value: unknown): string {
  if (typeof value === 'string' && !/\p{Surrogate}/u.test(value)) return value;
  throw new RecordError('a witness is no text');
}

function readHost(fields: JsonFields): CountedHost {
  const name = readOptionalText(fields, 'name');
  return { address: readAddress(fields, 'address'), name: name && readWitness(name) };
}
