import type { IpAddress } from '../../mail/ip-address.js';
import type { Network } from '../../mail/network.js';
import type { ListEntry } from '../condition.js';
import { sortInSteps, visitInSteps, type Steps } from '../steps.js';
import type { EntrySet } from './entry-set.js';

/** An entry that is a network. */
interface NetworkEntry {
  readonly network: Network;
}

/**
 * Networks in which an address is found by one binary search: nested ones are cut into stretches
 * that do not overlap, each of which belongs to its narrowest network. IPv4 and IPv6 apart.
 */
export function* createNetworkSet<Entry extends NetworkEntry>(
  entries: readonly ListEntry<Entry>[],
): Steps<EntrySet<IpAddress, Entry>> {
  const ipv4 = yield* createStretches(entries, 4);
  const ipv6 = yield* createStretches(entries, 6);
  return {
    size: entries.length,
    find: (address) => (address.family === 4 ? ipv4(address.bytes) : ipv6(address.bytes)),
  };
}

type Find<Entry> = (address: Uint8Array) => ListEntry<Entry> | undefined;

/** First addresses of stretches, 32 bits a word, and to whom each stretch belongs. */
interface Stretches<Entry> {
  readonly starts: number[];
  readonly owners: (ListEntry<Entry> | undefined)[];
}

function* createStretches<Entry extends NetworkEntry>(
  entries: readonly ListEntry<Entry>[],
  family: 4 | 6,
): Steps<Find<Entry>> {
  const words = family === 4 ? 1 : 4;
  const blocks: Block<Entry>[] = [];
  yield* visitInSteps(entries, (entry) => {
    if (entry.value.network.family === family) blocks.push(blockOf(entry, words));
  });
  // The wider of two with the same start comes first, so that the narrower lies inside it.
  const inOrder = yield* sortInSteps(
    blocks,
    (a, b) => compareWords(a.first, b.first) || a.prefix - b.prefix,
  );
  const { starts, owners } = yield* cutIntoStretches(inOrder);
  const table = Uint32Array.from(starts);
  return (address) => {
    const index = lastStartUpTo(table, words, address);
    return index < 0 ? undefined : owners[index];
  };
}

interface Block<Entry> {
  readonly entry: ListEntry<Entry>;
  readonly prefix: number;
  readonly first: readonly number[];
  /** The first address behind it; undefined if it reaches to the end. */
  readonly next: readonly number[] | undefined;
}

function blockOf<Entry extends NetworkEntry>(entry: ListEntry<Entry>, words: number): Block<Entry> {
  const { bytes, prefix } = entry.value.network;
  const first: number[] = [];
  for (let word = 0; word < words; word++) first.push(wordAt(bytes, word));
  return { entry, prefix, first, next: behind(first, prefix) };
}

/** Adds one at the last bit of the prefix. */
function behind(first: readonly number[], prefix: number): readonly number[] | undefined {
  const next = [...first];
  let step = 2 ** ((32 - (prefix % 32)) % 32);
  for (let word = Math.ceil(prefix / 32) - 1; word >= 0; word--) {
    const sum = Number(next[word]) + step;
    next[word] = sum >>> 0;
    if (sum < 2 ** 32) return next;
    step = 1;
  }
  return undefined;
}

function* cutIntoStretches<Entry>(blocks: readonly Block<Entry>[]): Steps<Stretches<Entry>> {
  const stretches: Stretches<Entry> = { starts: [], owners: [] };
  /** The networks that we are inside of, the widest first. */
  const open: Block<Entry>[] = [];
  const closeUpTo = (limit: readonly number[] | undefined): void => {
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      if (limit !== undefined && !isUpTo(top.next, limit)) break;
      open.pop();
      if (top.next !== undefined) begin(stretches, top.next, open.at(-1)?.entry);
    }
  };
  yield* visitInSteps(blocks, (block) => {
    closeUpTo(block.first);
    const top = open.at(-1);
    // Of a network that is written twice the first counts.
    if (top?.prefix === block.prefix && compareWords(top.first, block.first) === 0) return;
    begin(stretches, block.first, block.entry);
    open.push(block);
  });
  closeUpTo(undefined);
  return stretches;
}

function isUpTo(end: readonly number[] | undefined, limit: readonly number[]): boolean {
  return end !== undefined && compareWords(end, limit) <= 0;
}

/** A stretch that begins where the last one does takes its place. */
function begin<Entry>(
  { starts, owners }: Stretches<Entry>,
  start: readonly number[],
  owner: ListEntry<Entry> | undefined,
): void {
  const last = starts.slice(-start.length);
  if (last.length > 0 && compareWords(last, start) === 0) owners[owners.length - 1] = owner;
  else {
    starts.push(...start);
    owners.push(owner);
  }
}

function compareWords(a: readonly number[], b: readonly number[]): number {
  for (const [index, word] of a.entries()) {
    const difference = word - Number(b[index]);
    if (difference !== 0) return difference;
  }
  return 0;
}

function lastStartUpTo(table: Uint32Array, words: number, address: Uint8Array): number {
  let low = 0;
  let high = table.length / words;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (startsAtOrBefore(table, middle * words, words, address)) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function startsAtOrBefore(
  table: Uint32Array,
  at: number,
  words: number,
  address: Uint8Array,
): boolean {
  for (let word = 0; word < words; word++) {
    const start = Number(table[at + word]);
    const own = wordAt(address, word);
    if (start !== own) return start < own;
  }
  return true;
}

function wordAt(bytes: Uint8Array, word: number): number {
  const at = word * 4;
  const high = Number(bytes[at]) * 2 ** 24 + Number(bytes[at + 1]) * 2 ** 16;
  return high + Number(bytes[at + 2]) * 2 ** 8 + Number(bytes[at + 3]);
}
