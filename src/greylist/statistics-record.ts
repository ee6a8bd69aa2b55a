import { damaged, newerFormat } from './byte-reader.js';
import { emptyStatistics, statisticsBands, TOP_NAMES, type Statistics } from './statistics.js';
import type { TopList } from './top-list.js';

const FORMAT_VERSION = 1;

/** No other kind of key begins with its letter. */
const PREFIX = 'statistics ';

const HOUR_MS = 3_600_000;
const MINUTES_OF_HOUR = 60;

/** The hour that an instant is in, counted from the epoch. */
export function hourOf(instant: number): number {
  return Math.floor(instant / HOUR_MS);
}

/** When an hour begins, epoch milliseconds. */
export function startOfHour(hour: number): number {
  return hour * HOUR_MS;
}

/** The key of what happened in an hour; all daemons of a store share it, and add what they saw. */
export function statisticsKey(hour: number): string {
  return `${PREFIX}${hour}`;
}

/** Reads a key back; undefined if it is not one of {@link statisticsKey}'s. */
export function parseStatisticsKey(key: string): number | undefined {
  const digits = key.startsWith(PREFIX) ? key.slice(PREFIX.length) : '';
  return /^(?:0|[1-9]\d{0,9})$/.test(digits) ? Number(digits) : undefined;
}

/** What is stored, as a value of JSON; also what an export shows. */
export function writeStatistics(statistics: Statistics): Readonly<Record<string, unknown>> {
  const { decisions, minutes, firstAttempts, cameBack, neverCameBack, retries } = statistics;
  return {
    decisions: Object.fromEntries(decisions),
    minutes: Object.fromEntries(minutes),
    firstAttempts,
    cameBack,
    neverCameBack,
    retries,
    domains: writeTop(statistics.domains),
    networks: writeTop(statistics.networks),
  };
}

/**
 * What is stored: JSON with a version. For example
 *
 *   {"version":1,"decisions":{"greylist-new tempfail enforce":1},"minutes":{"5":[1,0,0,0,0,0,0]},
 *    "firstAttempts":1,"cameBack":0,"neverCameBack":0,"retries":[0, …],"domains":[["a.example",1,300]],
 *    "networks":[]}
 */
export function encodeStatistics(statistics: Statistics): Uint8Array {
  const fields = { version: FORMAT_VERSION, ...writeStatistics(statistics) };
  return new TextEncoder().encode(JSON.stringify(fields));
}

/** @throws CorrespondenceFormatError if no version has written these bytes, or a newer one */
export function decodeStatistics(bytes: Uint8Array): Statistics {
  const fields = fieldsOf(parse(bytes));
  const version = readCount(fields['version']);
  if (version > FORMAT_VERSION) throw newerFormat(`statistics in format ${version}`);
  return readStatistics(fields);
}

/** Reads what {@link writeStatistics} has made. @throws CorrespondenceFormatError */
export function readStatistics(fields: Readonly<Record<string, unknown>>): Statistics {
  const read = emptyStatistics();
  for (const [kind, count] of Object.entries(fieldsOf(fields['decisions']))) {
    read.decisions.set(kind, readCount(count));
  }
  for (const [text, bands] of Object.entries(fieldsOf(fields['minutes']))) {
    const minute = Number(text);
    if (!(minute >= 0 && minute < MINUTES_OF_HOUR)) throw damaged('a minute beyond its hour');
    read.minutes.set(minute, readCounts(bands, statisticsBands.length));
  }
  const retries = readCounts(fields['retries'], read.retries.length);
  readTop(fields['domains'], read.domains);
  readTop(fields['networks'], read.networks);
  return {
    ...read,
    firstAttempts: readCount(fields['firstAttempts']),
    cameBack: readCount(fields['cameBack']),
    neverCameBack: readCount(fields['neverCameBack']),
    retries,
  };
}

function writeTop(list: TopList): readonly (readonly [string, number, number])[] {
  return list.entries().map(({ name, count, weight }) => [name, count, Math.round(weight)]);
}

function readTop(value: unknown, into: TopList): void {
  const rows = listOf(value);
  if (rows.length > TOP_NAMES) throw damaged('a list that is too long');
  for (const row of rows) {
    const [name, count, weight] = listOf(row);
    if (typeof name !== 'string') throw damaged('a name that is no text');
    into.add(name, readCount(count), readCount(weight));
  }
}

function readCounts(value: unknown, length: number): number[] {
  const counts = listOf(value).map(readCount);
  if (counts.length !== length) throw damaged('a row of another length');
  return counts;
}

function readCount(value: unknown): number {
  if (!Number.isSafeInteger(value) || Number(value) < 0) throw damaged('a count that is none');
  return Number(value);
}

function listOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw damaged('no list where one should be');
  return value as readonly unknown[];
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw damaged('no statistics');
  // Whatever an object holds, its fields are unknown.
  return value as Readonly<Record<string, unknown>>;
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw damaged('statistics that are no JSON', { cause });
  }
}
