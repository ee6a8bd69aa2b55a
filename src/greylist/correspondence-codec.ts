import { ipAddressFromBytes } from '../mail/ip-address.js';
import type { IpAddress } from '../mail/ip-address.js';
import { ByteWriter } from './byte-writer.js';
import { ByteReader, damaged, newerFormat, safeInteger } from './byte-reader.js';
import { MAX_SOURCES } from './correspondence.js';
import type { Correspondence, PutOffSeries, Source } from './correspondence.js';

/*
 * A record:
 *
 *   byte     format version
 *   byte     number of sources (bits 0 to 5), form of the series (bits 6 and 7)
 *   varint   base: the earliest instant of the record; all others are counted from it
 *   varint   firstAt, lastReturnAt, returns of the series; only in the explicit form
 *   sources  one behind the other
 *
 * A source:
 *
 *   byte     flags, as below
 *   bytes    address, 4 or 16
 *   varint   expiresAt
 *   ...      what the flags announce, in the order of their bits
 *
 * For example, one IPv4 source that has tried once, with a retry window of two days (17 bytes):
 *
 *   01 41 88 d8 d3 9d fd 31   version 1, one source, series at the base, base 1717243800584
 *   00 cb 00 71 07            no flags, 203.0.113.7
 *   80 f0 b2 52               two days
 *
 * FLAG_MORE announces a second flag byte behind the first one, and fields behind the others:
 *
 *   varint   acceptAt
 *   text     spelling
 *
 * A later field takes its place behind these under a flag of its own there; a version that does not
 * know it refuses the record as newer.
 */
const FORMAT_VERSION = 1;

const COUNT_MASK = 0x3f;
const SERIES_NONE = 0x00;
/** One attempt so far, at the base. */
const SERIES_AT_BASE = 0x40;
const SERIES_EXPLICIT = 0x80;

const FLAG_IPV6 = 0x01;
const FLAG_PREFIX = 0x02;
const FLAG_FIRST_SEEN = 0x04;
const FLAG_PASSED = 0x08;
const FLAG_LAST_SEEN = 0x10;
const FLAG_ATTEMPTS = 0x20;
const FLAG_NAME = 0x40;
const FLAG_MORE = 0x80;

const MORE_ACCEPT = 0x01;
const MORE_SPELLING = 0x02;
const ALL_MORE = 0x03;

/** What a prefix is when nothing says otherwise: the default of the setting. */
const USUAL_PREFIX = { 4: 24, 6: 64 } as const;

const writer = new ByteWriter();

/** What was encoded last. */
let last: { readonly record: Correspondence; readonly bytes: Uint8Array } | undefined;

/**
 * The record's stored form. Instants and counts must be safe integers and not negative, names
 * without lone surrogates, sources at most {@link MAX_SOURCES}; `advance` gives no others.
 */
export function encodeCorrespondence(record: Correspondence): Uint8Array {
  const { series, sources } = record;
  const baseAt = earliestInstant(record);
  const form = seriesForm(series, baseAt);
  writer.clear();
  writer.writeByte(FORMAT_VERSION);
  writer.writeByte(form | sources.length);
  writer.writeVarint(baseAt);
  if (series !== undefined && form === SERIES_EXPLICIT) {
    writer.writeVarint(series.firstAt - baseAt);
    writer.writeVarint(series.lastReturnAt - baseAt);
    writer.writeVarint(series.returns);
  }
  for (const source of sources) writeSource(source, baseAt);
  const bytes = writer.toBytes();
  last = { record, bytes };
  return bytes;
}

/**
 * Reads a record back.
 *
 * @throws CorrespondenceFormatError, and nothing else, for bytes that are no record.
 */
export function decodeCorrespondence(bytes: Uint8Array): Correspondence {
  const reader = new ByteReader(bytes);
  const version = reader.readByte();
  if (version > FORMAT_VERSION) throw newerFormat(`version ${version}`);
  if (version !== FORMAT_VERSION) throw damaged(`there is no version ${version}`);
  const head = reader.readByte();
  const count = head & COUNT_MASK;
  if (count > MAX_SOURCES) throw damaged(`${count} sources`);
  const baseAt = reader.readVarint();
  const series = readSeries(reader, head & ~COUNT_MASK, baseAt);
  const sources: Source[] = [];
  while (sources.length < count) sources.push(readSource(reader, baseAt));
  reader.end();
  return { series, sources };
}

/** The same; what was encoded last, which whoever counts reads back at once, is not taken apart for it. */
export function readBackCorrespondence(bytes: Uint8Array): Correspondence {
  return bytes === last?.bytes ? last.record : decodeCorrespondence(bytes);
}

function earliestInstant({ series, sources }: Correspondence): number {
  let earliest = series?.firstAt ?? Number.MAX_SAFE_INTEGER;
  if (series !== undefined) earliest = Math.min(earliest, series.lastReturnAt);
  for (const source of sources) {
    earliest = Math.min(earliest, source.firstSeenAt, source.lastSeenAt, source.expiresAt);
    if (source.passedAt !== undefined) earliest = Math.min(earliest, source.passedAt);
    if (source.acceptAt !== undefined) earliest = Math.min(earliest, source.acceptAt);
  }
  return earliest;
}

function seriesForm(series: PutOffSeries | undefined, baseAt: number): number {
  if (series === undefined) return SERIES_NONE;
  const isAtBase =
    series.firstAt === baseAt && series.lastReturnAt === baseAt && series.returns === 0;
  return isAtBase ? SERIES_AT_BASE : SERIES_EXPLICIT;
}

function readSeries(reader: ByteReader, form: number, baseAt: number): PutOffSeries | undefined {
  switch (form) {
    case SERIES_NONE:
      return undefined;
    case SERIES_AT_BASE:
      return { firstAt: baseAt, lastReturnAt: baseAt, returns: 0 };
    case SERIES_EXPLICIT:
      return {
        firstAt: readInstant(reader, baseAt),
        lastReturnAt: readInstant(reader, baseAt),
        returns: reader.readVarint(),
      };
    default:
      throw newerFormat('an unknown form of the series');
  }
}

function writeSource(source: Source, baseAt: number): void {
  const { address, name, passedAt, acceptAt, spelling } = source;
  const flags = flagsOf(source, baseAt);
  writer.writeByte(flags);
  if ((flags & FLAG_MORE) !== 0) writer.writeByte(moreOf(source));
  writer.writeBytes(address.bytes);
  writer.writeVarint(source.expiresAt - baseAt);
  if ((flags & FLAG_PREFIX) !== 0) writer.writeByte(source.prefix);
  if ((flags & FLAG_FIRST_SEEN) !== 0) writer.writeVarint(source.firstSeenAt - baseAt);
  if (passedAt !== undefined) writer.writeVarint(passedAt - baseAt);
  if ((flags & FLAG_LAST_SEEN) !== 0) writer.writeVarint(source.lastSeenAt - baseAt);
  if ((flags & FLAG_ATTEMPTS) !== 0) writer.writeVarint(source.attempts);
  if (name !== undefined) writer.writeText(name);
  if (acceptAt !== undefined) writer.writeVarint(acceptAt - baseAt);
  if (spelling !== undefined) writer.writeText(spelling);
}

function moreOf({ acceptAt, spelling }: Source): number {
  return (acceptAt === undefined ? 0 : MORE_ACCEPT) | (spelling === undefined ? 0 : MORE_SPELLING);
}

function flagsOf(source: Source, baseAt: number): number {
  const { address, firstSeenAt, passedAt } = source;
  let flags = address.family === 6 ? FLAG_IPV6 : 0;
  if (source.prefix !== USUAL_PREFIX[address.family]) flags |= FLAG_PREFIX;
  if (firstSeenAt !== baseAt) flags |= FLAG_FIRST_SEEN;
  if (passedAt !== undefined) flags |= FLAG_PASSED;
  if (source.lastSeenAt !== (passedAt ?? firstSeenAt)) flags |= FLAG_LAST_SEEN;
  if (source.attempts !== 1) flags |= FLAG_ATTEMPTS;
  if (source.name !== undefined) flags |= FLAG_NAME;
  if (moreOf(source) !== 0) flags |= FLAG_MORE;
  return flags;
}

function readSource(reader: ByteReader, baseAt: number): Source {
  const flags = reader.readByte();
  const more = (flags & FLAG_MORE) !== 0 ? reader.readByte() : 0;
  if ((more & ~ALL_MORE) !== 0) throw newerFormat('a source with unknown fields');
  const address = readAddress(reader, (flags & FLAG_IPV6) !== 0 ? 6 : 4);
  const expiresAt = readInstant(reader, baseAt);
  const prefix = (flags & FLAG_PREFIX) !== 0 ? reader.readByte() : USUAL_PREFIX[address.family];
  if (prefix > address.bytes.length * 8) throw damaged(`a network of ${prefix} bits`);
  const firstSeenAt = (flags & FLAG_FIRST_SEEN) !== 0 ? readInstant(reader, baseAt) : baseAt;
  const passedAt = (flags & FLAG_PASSED) !== 0 ? readInstant(reader, baseAt) : undefined;
  const source: Source = {
    address,
    prefix,
    firstSeenAt,
    passedAt,
    expiresAt,
    lastSeenAt:
      (flags & FLAG_LAST_SEEN) !== 0 ? readInstant(reader, baseAt) : (passedAt ?? firstSeenAt),
    attempts: (flags & FLAG_ATTEMPTS) !== 0 ? reader.readVarint() : 1,
    name: (flags & FLAG_NAME) !== 0 ? reader.readText() : undefined,
  };
  return more === 0 ? source : { ...source, ...readMore(reader, more, baseAt) };
}

function readMore(
  reader: ByteReader,
  more: number,
  baseAt: number,
): Pick<Source, 'acceptAt' | 'spelling'> {
  return {
    ...((more & MORE_ACCEPT) !== 0 && { acceptAt: readInstant(reader, baseAt) }),
    ...((more & MORE_SPELLING) !== 0 && { spelling: reader.readText() }),
  };
}

/** An IPv4 address in the form of IPv6 is refused: no version has written it. */
function readAddress(reader: ByteReader, family: IpAddress['family']): IpAddress {
  const address = ipAddressFromBytes(reader.readBytes(family === 4 ? 4 : 16));
  if (address.family !== family) throw damaged('an IPv4 address as IPv6');
  return address;
}

function readInstant(reader: ByteReader, baseAt: number): number {
  return safeInteger(baseAt + reader.readVarint());
}
