import { UsageError } from '../arguments/usage-error.js';

/** The options of milter-greylist 4.6 that want nothing behind them. */
const FLAGS = ['A', 'c', 'D', 'h', 'l', 'q', 'r', 'S', 'T', 'v'] as const;

/** Those that want a value, and how it is called. */
const VALUES = {
  a: 'autowhite',
  d: 'dumpfile',
  f: 'configfile',
  L: 'cidr',
  M: 'prefixlen',
  P: 'pidfile',
  p: 'socket',
  u: 'user',
  w: 'delay',
} as const;

type FlagOption = (typeof FLAGS)[number];
type ValueOption = keyof typeof VALUES;

/** Those of ours, in words. */
const LONG = { set: true, 'ignore-unsupported': false, help: false, detached: false } as const;
type LongOption = keyof typeof LONG;

/** A command line of milter-greylist. Of an option that came several times the last counts. */
export class MilterGreylistOptions {
  readonly #values = new Map<FlagOption | ValueOption | LongOption, string[]>();

  add(option: FlagOption | ValueOption | LongOption, value: string): void {
    this.#values.set(option, [...this.all(option), value]);
  }

  has(option: FlagOption | ValueOption | LongOption): boolean {
    return this.#values.has(option);
  }

  text(option: ValueOption): string | undefined {
    return this.#values.get(option)?.at(-1);
  }

  /** What stood behind it each time. */
  all(option: FlagOption | ValueOption | LongOption): readonly string[] {
    return this.#values.get(option) ?? [];
  }
}

/**
 * Reads options as getopt does: letters may stand together behind one dash, and a value behind its
 * letter or as the next word.
 *
 * @throws UsageError
 */
export function parseMilterGreylistOptions(words: readonly string[]): MilterGreylistOptions {
  const options = new MilterGreylistOptions();
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined && word !== '--'; word = rest.shift()) {
    if (word.startsWith('--')) readLong(word.slice(2), rest, options);
    else if (/^-./.test(word)) readCluster(word.slice(1), rest, options);
    else throw new UsageError(`${word}: is no option`);
  }
  const [surplus] = rest;
  if (surplus !== undefined) throw new UsageError(`${surplus}: is no option`);
  return options;
}

function readCluster(letters: string, rest: string[], options: MilterGreylistOptions): void {
  for (let at = 0; at < letters.length; at++) {
    const letter = letters.charAt(at);
    if (isFlag(letter)) {
      options.add(letter, '');
    } else if (isValue(letter)) {
      const behind = letters.slice(at + 1);
      const value = behind === '' ? rest.shift() : behind;
      if (value === undefined) throw new UsageError(`-${letter} needs a value: ${VALUES[letter]}`);
      options.add(letter, value);
      return;
    } else {
      throw new UsageError(`-${letter}: there is no such option`);
    }
  }
}

function readLong(word: string, rest: string[], options: MilterGreylistOptions): void {
  const [, name = '', value] = /^([^=]*)(?:=(.*))?$/s.exec(word) ?? [];
  if (!isLong(name)) throw new UsageError(`--${name}: there is no such option`);
  if (!LONG[name]) {
    options.add(name, '');
    return;
  }
  const found = value ?? rest.shift();
  if (found === undefined) throw new UsageError(`--${name} needs a value`);
  options.add(name, found);
}

function isFlag(letter: string): letter is FlagOption {
  return FLAGS.some((flag) => flag === letter);
}

function isValue(letter: string): letter is ValueOption {
  return Object.hasOwn(VALUES, letter);
}

function isLong(name: string): name is LongOption {
  return Object.hasOwn(LONG, name);
}
