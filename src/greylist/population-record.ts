import { ByteReader, damaged, newerFormat } from './byte-reader.js';
import { ByteWriter } from './byte-writer.js';
import { readSketch, writeSketch, type NetworkSketch } from './network-sketch.js';

const FORMAT_VERSION = 1;

/** No other kind of key begins with its letter. */
const PREFIX = 'population';

/** The key of who counts what a shared store holds, and of what was found last. */
export const POPULATION_KEY = PREFIX;

/** The key of what was found by the one who had this name. */
export function foundPopulationKey(id: string): string {
  return `${PREFIX} ${id}`;
}

/** Whether a key is one of these two: of what all filters of a store have made of its records. */
export function isPopulationKey(key: string): boolean {
  return key === PREFIX || key.startsWith(`${PREFIX} `);
}

/** A round over the whole store. Instants are epoch milliseconds, by the clock of all filters. */
export interface PopulationRound {
  /** Drawn by lot for each round: nobody else has it. */
  readonly id: string;
  /** When it began: triplets that are newer have not been counted. */
  readonly since: number;
}

/** Who counts, and what was found last. */
export interface PopulationState {
  /** Whoever counts has the right to do so until then. */
  readonly counting: (PopulationRound & { readonly until: number }) | undefined;
  readonly latest: (PopulationRound & { readonly countedAt: number }) | undefined;
}

/** What was found in a round. */
export interface FoundPopulation {
  readonly since: number;
  readonly countedAt: number;
  readonly triplets: Readonly<Record<'pending' | 'passed' | 'ended', number>>;
  readonly clients: Readonly<Record<'pending' | 'autowhite' | 'ended', number>>;
  /** By hand, those that hold. */
  readonly exceptions: number;
  /** Records by their kind. */
  readonly kinds: ReadonlyMap<string, number>;
  /** By network, the triplets that wait. */
  readonly pending: NetworkSketch;
}

const COUNTING = 1;
const LATEST = 2;

/**
 * What stands under {@link POPULATION_KEY}: a byte for the version, one for what there is, 1 if somebody
 * counts and 2 if something was found, and for each of these the round's name, when it began, and until
 * when it may go on or when it ended. For example, in a round `ab` from 1 on, until 5:
 *
 *   01 01   02 61 62 01 05
 */
export function encodePopulationState({ counting, latest }: PopulationState): Uint8Array {
  const writer = new ByteWriter();
  writer.writeByte(FORMAT_VERSION);
  writer.writeByte((counting === undefined ? 0 : COUNTING) | (latest === undefined ? 0 : LATEST));
  const rounds = [
    counting && { ...counting, end: counting.until },
    latest && { ...latest, end: latest.countedAt },
  ];
  for (const round of rounds) {
    if (round === undefined) continue;
    writer.writeText(round.id);
    writer.writeVarint(round.since);
    writer.writeVarint(round.end);
  }
  return writer.toBytes();
}

/** @throws CorrespondenceFormatError if no version has written these bytes, or a newer one */
export function decodePopulationState(value: Uint8Array): PopulationState {
  const reader = new ByteReader(value);
  requireVersion(reader);
  const what = reader.readByte();
  if (what > (COUNTING | LATEST)) throw damaged('a round of an unknown kind');
  const round = (): PopulationRound & { end: number } => ({
    id: reader.readText(),
    since: reader.readVarint(),
    end: reader.readVarint(),
  });
  const counting = (what & COUNTING) === 0 ? undefined : round();
  const latest = (what & LATEST) === 0 ? undefined : round();
  reader.end();
  return {
    counting: counting && { id: counting.id, since: counting.since, until: counting.end },
    latest: latest && { id: latest.id, since: latest.since, countedAt: latest.end },
  };
}

/**
 * What stands under {@link foundPopulationKey}: a byte for the version, when the round began and ended,
 * triplets pending, passed and ended, clients pending, autowhite and ended, exceptions, the number of kinds
 * and for each its name and count, and the sketch of what waits.
 */
export function encodeFoundPopulation(found: FoundPopulation): Uint8Array {
  const { since, countedAt, triplets, clients, exceptions, kinds, pending } = found;
  const writer = new ByteWriter();
  writer.writeByte(FORMAT_VERSION);
  for (const number of [
    ...[since, countedAt],
    ...[triplets.pending, triplets.passed, triplets.ended],
    ...[clients.pending, clients.autowhite, clients.ended],
    ...[exceptions, kinds.size],
  ])
    writer.writeVarint(number);
  for (const [kind, count] of kinds) {
    writer.writeText(kind);
    writer.writeVarint(count);
  }
  writeSketch(writer, pending);
  return writer.toBytes();
}

/** @throws CorrespondenceFormatError if no version has written these bytes, or a newer one */
export function decodeFoundPopulation(value: Uint8Array): FoundPopulation {
  const reader = new ByteReader(value);
  requireVersion(reader);
  const next = (): number => reader.readVarint();
  const [since, countedAt] = [next(), next()];
  const triplets = { pending: next(), passed: next(), ended: next() };
  const clients = { pending: next(), autowhite: next(), ended: next() };
  const exceptions = next();
  const kinds = new Map<string, number>();
  for (let left = next(); left > 0; left--) kinds.set(reader.readText(), next());
  const pending = readSketch(reader);
  reader.end();
  return { since, countedAt, triplets, clients, exceptions, kinds, pending };
}

function requireVersion(reader: ByteReader): void {
  const version = reader.readByte();
  if (version !== FORMAT_VERSION) throw newerFormat(`a population in format ${version}`);
}
