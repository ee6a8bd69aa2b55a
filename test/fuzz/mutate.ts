/** What mutations are made of. */
export interface MutationSource {
  /** From 0 to 1. */
  readonly random: () => number;
  readonly words: readonly string[];
  /** Another input, to take parts of. */
  readonly other: () => Buffer;
  readonly maxBytes: number;
}

type Mutation = (input: Buffer, source: MutationSource) => Buffer;

/** Where readers count wrong: zero, one, the ends of signs and of bytes, words and double words. */
const numbers = [
  0,
  1,
  2,
  0x7f,
  0x80,
  0xff,
  0x7fff,
  0x8000,
  0xffff,
  0x7fffffff,
  0x80000000,
  2 ** 53,
];
const mostAtOnce = 6;

/** Changes an input in some places; the same randomness makes the same of it. */
export function mutate(input: Buffer, source: MutationSource): Buffer {
  let mutated = input;
  const times = 1 + below(source.random, mostAtOnce);
  for (let time = 0; time < times; time++) {
    const mutation = mutations[below(source.random, mutations.length)] ?? flipBit;
    mutated = mutation(mutated, source);
  }
  return mutated.subarray(0, source.maxBytes);
}

/** A whole number from 0 up to, and without, `end`; 0 if there is none. */
export function below(random: () => number, end: number): number {
  return Math.floor(random() * end);
}

const flipBit: Mutation = (input, { random }) => {
  const changed = Buffer.from(input);
  const at = below(random, input.length);
  if (at < changed.length) changed[at] = (changed[at] ?? 0) ^ (1 << below(random, 8));
  return changed;
};

const setByte: Mutation = (input, { random }) => {
  const at = below(random, input.length);
  return replace(input, at, Math.min(1, input.length), Buffer.of(below(random, 256)));
};

const setNumber: Mutation = (input, { random }) => {
  const number = Buffer.alloc(4);
  const written = numbers[below(random, numbers.length)] ?? 0;
  number.writeUInt32BE((written + below(random, 3) - 1) >>> 0);
  return replace(input, below(random, input.length), 4, number);
};

/** Digits that stand in a text become others. */
const setDigits: Mutation = (input, { random }) => {
  const found = [...input.toString('latin1').matchAll(/\d+/g)];
  const one = found[below(random, found.length)];
  if (one === undefined) return input;
  const written = (numbers[below(random, numbers.length)] ?? 0) + below(random, 3) - 1;
  return replace(input, one.index, one[0].length, Buffer.from(String(written)));
};

const removePart: Mutation = (input, { random }) => {
  const [at, length] = partOf(input, random);
  return replace(input, at, length, Buffer.alloc(0));
};

const repeatPart: Mutation = (input, { random }) => {
  const [at, length] = partOf(input, random);
  const part = input.subarray(at, at + length);
  // Now and then often, for what grows faster than its input.
  const times = random() < 0.1 ? 1 + below(random, 200) : 1;
  return replace(input, at, 0, Buffer.concat(Array.from({ length: times }, () => part)));
};

const movePart: Mutation = (input, { random }) => {
  const [at, length] = partOf(input, random);
  const rest = replace(input, at, length, Buffer.alloc(0));
  return replace(rest, below(random, rest.length + 1), 0, input.subarray(at, at + length));
};

const takeFromOther: Mutation = (input, { random, other }) => {
  const given = other();
  const [from, length] = partOf(given, random);
  const [at, replaced] = partOf(input, random);
  const part = given.subarray(from, from + length);
  return replace(input, at, random() < 0.5 ? replaced : 0, part);
};

const insertWord: Mutation = (input, { random, words }) => {
  const word = Buffer.from(words[below(random, words.length)] ?? '', 'utf8');
  return replace(input, below(random, input.length + 1), 0, word);
};

const replaceByWord: Mutation = (input, source) => {
  const [at, length] = partOf(input, source.random);
  const rest = replace(input, at, length, Buffer.alloc(0));
  const word = source.words[below(source.random, source.words.length)] ?? '';
  return replace(rest, at, 0, Buffer.from(word, 'utf8'));
};

/** Lines trade places, come twice, or go. */
const changeLines: Mutation = (input, { random }) => {
  const lines = input.toString('latin1').split('\n');
  const [from, to] = [below(random, lines.length), below(random, lines.length)];
  const moved = random() < 0.3 ? [lines[from] ?? ''] : lines.splice(from, 1);
  if (random() < 0.7) lines.splice(to, 0, ...moved);
  return Buffer.from(lines.join('\n'), 'latin1');
};

const cutOff: Mutation = (input, { random }) => input.subarray(0, below(random, input.length));

const mutations: readonly Mutation[] = [
  ...[flipBit, setByte, setNumber, setDigits, removePart, removePart, repeatPart, movePart],
  ...[takeFromOther, takeFromOther, insertWord, insertWord, replaceByWord, changeLines, cutOff],
];

/** Mostly a short one. */
function partOf(input: Buffer, random: () => number): readonly [at: number, length: number] {
  const at = below(random, input.length);
  const longest = random() < 0.7 ? 8 : input.length - at;
  return [at, Math.min(1 + below(random, longest), input.length - at)];
}

function replace(input: Buffer, at: number, length: number, part: Buffer): Buffer {
  return Buffer.concat([input.subarray(0, at), part, input.subarray(at + length)]);
}
