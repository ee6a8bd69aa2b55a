import { parseArgs } from 'node:util';
import { filterAddress } from './address.js';

const usage = `usage: scripts/bench [--rounds 10] [--sessions 5000] [--at-once 16] [--rate 2000] [--idle 1500]
                     [--entries 10000,100000] [--peer ADDRESS]... [--json FILE]
       scripts/bench --insight 200000 [--rounds 10] [--sessions 5000] [--at-once 16] [--json FILE]
       scripts/bench --shared [--rounds 10] [--sessions 5000] [--at-once 64] [--json FILE]
       scripts/bench store [--triplets 1000000,10000000] [--cache DIRECTORY] [--rounds 10]
                     [--sessions 5000] [--at-once 16] [--rate 500] [--seconds 30] [--json FILE]
       scripts/bench expiry [--triplets 1000000] [--rate 500] [--json FILE]
       scripts/bench growth [--rounds 10] [--sessions 5000] [--json FILE]
       scripts/bench siege [--rate 500] [--seconds 30] [--json FILE]
       scripts/bench last [--sessions 1000000] [--at-once 16] [--json FILE]
       scripts/bench compare BEFORE AFTER
       scripts/bench plot REPORT FILE.svg

Plays a Postfix against greymilter (embedded store, decision log to a file) and, taking turns in the
same run, against a filter that only echoes: the floor. Prints medians; ratios are those of turns
that followed each other, since machines are noisy. First new and known triplets, then other kinds of
load, then so many sessions in each second, whether the filter keeps up or not. The same for requests
of Postfix's policy protocol, beside Debian's postgrey if that is installed, and with so many idle
connections beside. Then what a rule with a list of so many entries costs, and how long the list takes
to load. System calls are counted by strace, if that is installed.

--peer    any other filter that listens there, unix:PATH or inet:PORT@HOST, takes its turns with new
          triplets, whatever it answers
--insight what counting for statistics and metrics costs a session, and with so many records how
          slow the slowest answers are while backup, compact and others go on
--shared  a known triplet on a Redis on loopback beside LevelDB, in turns
store     with so many triplets in the store: its size, memory, the time from start to first answer,
          what a session costs beside one with ten thousand, and the slowest answers at a steady rate
          while other work goes on for so many seconds each. Full stores are kept in --cache for the next run
expiry    how long so many triplets take to expire, and how slow answers are meanwhile
growth    what a session costs with more of them at once, more listeners, more rules
siege     the slowest answers to others while peers mean harm, so many seconds for each kind of harm
last      what memory does over so many sessions
compare   what has changed from one --json to another, and whether that is more than noise: of what was
          measured in turns, which is all but expiry, siege and last
plot      a picture of a --json
`;

/** What is asked for. */
export type Wanted =
  | ({ readonly mode: 'load' } & LoadWanted)
  | ({ readonly mode: 'insight'; readonly records: number } & CommonWanted)
  | ({ readonly mode: 'shared' } & CommonWanted)
  | ({ readonly mode: 'store' } & StoreWanted)
  | ({ readonly mode: 'expiry'; readonly json: string | undefined } & ExpiryWanted)
  | ({ readonly mode: 'growth' } & GrowthWanted)
  | ({ readonly mode: 'siege'; readonly json: string | undefined } & SiegeWanted)
  | ({ readonly mode: 'last' } & Omit<CommonWanted, 'rounds'>)
  | { readonly mode: 'compare' | 'plot'; readonly from: string; readonly to: string };

/** How much, and where to. */
export interface CommonWanted {
  readonly rounds: number;
  readonly sessions: number;
  readonly atOnce: number;
  readonly json: string | undefined;
}

export interface LoadWanted extends CommonWanted {
  /** Of lists. */
  readonly entries: readonly number[];
  /** Connections that say nothing. */
  readonly idle: number;
  /** Sessions in a second, where it is not so many at once. */
  readonly rate: number;
  /** Addresses of other filters. */
  readonly peers: readonly string[];
}

export interface StoreWanted extends CommonWanted {
  /** Sizes of stores. */
  readonly triplets: readonly number[];
  /** Where full stores are kept; in no place that outlives the run without it. */
  readonly cache: string | undefined;
  /** Sessions in a second while other work goes on, and how long. */
  readonly rate: number;
  readonly seconds: number;
}

export type GrowthWanted = Omit<CommonWanted, 'atOnce'>;

export interface SiegeWanted {
  /** Sessions in a second, and for how long beside each attack. */
  readonly rate: number;
  readonly seconds: number;
}

export interface ExpiryWanted {
  readonly records: number;
  /** Sessions in a second meanwhile. */
  readonly rate: number;
}

/** Reads the command line; what is wrong with it ends the process with 64. */
export function readArguments(): Wanted {
  const { values, positionals } = parseOrRefuse();
  if (values.help === true) {
    process.stdout.write(usage);
    process.exit(0);
  }
  const [mode = 'load', from, to, ...rest] = positionals;
  if (!isMode(mode)) refuse(`there is no "${mode}"`);
  const kind = kindOf(mode, values);
  refuseOthers(kind, values);
  const isPair = mode === 'compare' || mode === 'plot';
  if (rest.length > 0 || (isPair ? to === undefined : from !== undefined))
    refuse(isPair ? `${mode} wants two files` : 'there is a word too many');
  if (isPair) return { mode, from: from ?? '', to: to ?? '' };
  const whole = (name: keyof typeof values, otherwise: number): number => {
    const value = values[name];
    return typeof value === 'string' ? positive(name, value) : otherwise;
  };
  const list = (name: 'entries' | 'triplets', otherwise: string): readonly number[] =>
    (values[name] ?? otherwise).split(',').map((text) => positive(name, text));
  const common = { rounds: whole('rounds', 10), atOnce: whole('at-once', 16), json: values.json };
  if (mode === 'last') return { mode, ...common, sessions: whole('sessions', 1_000_000) };
  if (mode === 'expiry') {
    const [records, rate] = [whole('triplets', 1_000_000), whole('rate', 500)];
    return { mode, records, rate, json: values.json };
  }
  const steady = { rate: whole('rate', 500), seconds: whole('seconds', 30) };
  const full = { ...common, sessions: whole('sessions', 5000) };
  if (mode === 'siege') return { mode, ...steady, json: values.json };
  if (mode === 'growth') return { mode, ...full };
  if (mode === 'store') {
    const triplets = list('triplets', '1000000,10000000');
    return { mode, ...full, ...steady, triplets, cache: values.cache };
  }
  if (kind === 'insight') return { mode: kind, ...full, records: whole('insight', 0) };
  if (kind === 'shared') return { mode: kind, ...full, atOnce: whole('at-once', 64) };
  const peers = (values.peer ?? []).map(address);
  const beside = { rate: whole('rate', 2000), idle: whole('idle', 1500) };
  return { mode, ...full, ...beside, peers, entries: list('entries', '10000,100000') };
}

/** What each kind of run is told, beside --help. */
const optionsOf = {
  load: ['rounds', 'sessions', 'at-once', 'rate', 'idle', 'entries', 'peer', 'json'],
  insight: ['insight', 'rounds', 'sessions', 'at-once', 'json'],
  shared: ['shared', 'rounds', 'sessions', 'at-once', 'json'],
  store: ['triplets', 'cache', 'rounds', 'sessions', 'at-once', 'rate', 'seconds', 'json'],
  expiry: ['triplets', 'rate', 'json'],
  growth: ['rounds', 'sessions', 'json'],
  siege: ['rate', 'seconds', 'json'],
  last: ['sessions', 'at-once', 'json'],
  compare: [],
  plot: [],
} as const satisfies Readonly<Record<Wanted['mode'], readonly string[]>>;

type Kind = keyof typeof optionsOf;
/** What is said by a word; the other kinds are by options. */
type Mode = Exclude<Kind, 'insight' | 'shared'>;
type Values = ReturnType<typeof parse>['values'];

/** What people call a kind of run. */
const nameOf = (kind: Kind): string => {
  if (kind === 'load') return 'a run without a mode';
  return kind === 'insight' || kind === 'shared' ? `--${kind}` : kind;
};

function isMode(word: string): word is Mode {
  return Object.hasOwn(optionsOf, word) && word !== 'insight' && word !== 'shared';
}

function kindOf(mode: Mode, { insight, shared }: Values): Kind {
  if (mode !== 'load') return mode;
  if (insight !== undefined && shared === true) refuse('there is either --insight or --shared');
  if (insight !== undefined) return 'insight';
  return shared === true ? 'shared' : mode;
}

/** Options that would change nothing are a mistake. */
function refuseOthers(kind: Kind, values: Values): void {
  const known: readonly string[] = optionsOf[kind];
  const other = Object.keys(values).find((option) => !known.includes(option));
  if (other === undefined) return;
  const kinds = (Object.keys(optionsOf) as readonly Kind[]).filter((one) =>
    (optionsOf[one] as readonly string[]).includes(other),
  );
  refuse(`--${other} is for ${kinds.map(nameOf).join(', ')}, not for ${nameOf(kind)}`);
}

const text = { type: 'string' } as const;

function parse() {
  return parseArgs({
    allowPositionals: true,
    options: {
      ...{ rounds: text, sessions: text, 'at-once': text, rate: text, idle: text, entries: text },
      ...{ insight: text, triplets: text, cache: text, seconds: text, json: text },
      peer: { type: 'string', multiple: true },
      shared: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
}

function parseOrRefuse(): ReturnType<typeof parse> {
  try {
    return parse();
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

function positive(name: string, value: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number > 0) return number;
  return refuse(`--${name} wants a whole number above 0, not "${value}"`);
}

function address(value: string): string {
  try {
    filterAddress(value);
    return value;
  } catch (error) {
    return refuse(`--peer: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function refuse(problem: string): never {
  process.stderr.write(`scripts/bench: ${problem}\n`);
  process.exit(64);
}
