import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ConfigIssue } from '../../config/config-error.js';
import { isYamlFile } from '../../config/config-file.js';
import { parseGreylistConf } from '../../config/greylist-conf/parser.js';
import { readInetAddress } from '../../config/greylist-conf/libmilter-address.js';
import type { Flag } from '../../config/greylist-conf/syntax.js';
import type { ConfigInputs } from '../../config/load.js';
import type { Override } from '../../config/overrides.js';
import { isLocalSocket, parseSocketAddress } from '../../config/socket-address.js';
import type { MilterGreylistOptions } from './milter-greylist-options.js';
import { UsageError } from '../arguments/usage-error.js';

/** Where its file is without -f. The first goes before the second if both are there, as with Debian's. */
const PLACES = ['/etc/mail/greylist.conf', '/etc/milter-greylist/greylist.conf'] as const;

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const UNITS: Readonly<Record<string, number>> = { s: 1, m: MINUTE, h: HOUR, d: DAY, w: 7 * DAY };

/** What more would mean nothing else. */
const LONGEST = { a: 1830 * DAY, w: DAY } as const;

/** Its statements without a value, by the options that stand for them. */
const FLAGS = {
  A: 'noauth',
  q: 'quiet',
  S: 'nospf',
  T: 'testmode',
  v: 'verbose',
} as const satisfies Readonly<Record<string, Flag>>;

/** The file that is meant. */
export function milterGreylistFile(
  options: MilterGreylistOptions,
  places: readonly string[] = PLACES,
): string {
  return options.text('f') ?? places.find((path) => existsSync(path)) ?? places.at(-1) ?? '';
}

/**
 * That there are two files, of which the one that is read need not be the one that somebody has changed;
 * milter-greylist warns of the first one as well.
 */
export function overlookedFile(
  options: MilterGreylistOptions,
  places: readonly string[] = PLACES,
): readonly ConfigIssue[] {
  if (options.text('f') !== undefined) return [];
  const [read, ...others] = places.filter((path) => existsSync(path));
  return others.map((file) => ({
    ...{ file, path: '', line: undefined, column: undefined, text: '' },
    problem: `is not read, since there is ${read ?? ''}`,
    hint: `name it by -f if it is meant: -f ${file}`,
  }));
}

/**
 * Makes the configuration of a command line: what the file says, and the options on top of it.
 *
 * @throws UsageError
 */
export function milterGreylistInputs(options: MilterGreylistOptions, file: string): ConfigInputs {
  const flags = (['A', 'q', 'S', 'T', 'v'] as const)
    .filter((option) => options.has(option))
    .map((option) => FLAGS[option]);
  return {
    file,
    greylistConf: { flags, ignoresUnsupported: options.has('ignore-unsupported') },
    options: [
      ...durations(options),
      ...masks(options),
      ...paths(options),
      ...socketOf(options),
      ...flagsOnTop(options),
    ],
    overrides: options.all('set'),
  };
}

function override(origin: string, path: string, value: unknown): Override {
  return { origin, path: path.split('.'), value };
}

const DURATIONS = [
  ['a', 'greylist.autowhite'],
  ['w', 'greylist.delay'],
] as const;

/** What is said of times that are longer than any here; of those of the file it is said as well. */
export function cutDurations(options: MilterGreylistOptions): readonly ConfigIssue[] {
  return DURATIONS.flatMap(([option, path]) => {
    const written = options.text(option);
    if (written === undefined || secondsOf(option, written) <= LONGEST[option]) return [];
    const problem = `is ${LONGEST[option] / DAY}d here`;
    const nowhere = { line: undefined, column: undefined, text: '', hint: undefined };
    return [{ file: `-${option} ${written}`, path, problem, ...nowhere }];
  });
}

function durations(options: MilterGreylistOptions): readonly Override[] {
  return DURATIONS.flatMap(([option, path]) => {
    const written = options.text(option);
    if (written === undefined) return [];
    const seconds = Math.min(secondsOf(option, written), LONGEST[option]);
    return [override(`-${option} ${written}`, path, `${seconds}s`)];
  });
}

function secondsOf(option: 'a' | 'w', written: string): number {
  const [, count, unit = 's'] = /^(\d{1,9})([smhdw]?)$/.exec(written) ?? [];
  if (count === undefined) {
    throw new UsageError(`-${option} ${written}: is no time such as 300, 10m or 3d`);
  }
  const seconds = Number(count) * (UNITS[unit === '' ? 's' : unit] ?? 1);
  if (option === 'w' && seconds === 0) {
    throw new UsageError(`-w ${written}: is no wait: name at least 1s`);
  }
  return seconds;
}

/** 0 makes all clients one. Too many bits did so there, which no one wants; the file refuses them, too. */
function masks(options: MilterGreylistOptions): readonly Override[] {
  return (
    [
      ['L', 'ipv4', 32],
      ['M', 'ipv6', 128],
    ] as const
  ).flatMap(([option, family, most]) => {
    const written = options.text(option);
    if (written === undefined) return [];
    if (!/^\d{1,9}$/.test(written)) {
      throw new UsageError(`-${option} ${written}: is no number of bits`);
    }
    if (Number(written) > most) {
      const all = '0 makes all clients one';
      throw new UsageError(`-${option} ${written}: an address has ${most} bits; ${all}`);
    }
    return [override(`-${option} ${written}`, `greylist.network.${family}`, Number(written))];
  });
}

function paths(options: MilterGreylistOptions): readonly Override[] {
  return (
    [
      ['d', 'store.import.milter-greylist'],
      ['P', 'pid-file'],
    ] as const
  ).flatMap(([option, path]) => {
    const written = options.text(option);
    return written === undefined ? [] : [override(`-${option} ${written}`, path, resolve(written))];
  });
}

/** As with `socket`, a port alone is one of every address, and whoever reaches it may connect. */
function socketOf(options: MilterGreylistOptions): readonly Override[] {
  const written = options.text('p');
  if (written === undefined) return [];
  const origin = `-p ${written}`;
  const address = readInetAddress(written)?.address ?? written;
  const parsed = parseSocketAddress(address);
  const isOpen = 'ok' in parsed && !isLocalSocket(parsed.ok);
  return [
    override(origin, 'listen.milter', [address]),
    ...(isOpen ? [override(origin, 'listen.allow', ['0.0.0.0/0', '::/0'])] : []),
  ];
}

/** What the file may say otherwise in a statement of its own. */
function flagsOnTop(options: MilterGreylistOptions): readonly Override[] {
  return options.has('v') ? [override('-v', 'log.level', 'debug')] : [];
}

/** What a file says of how the process is run, and no configuration of ours has a place for. */
export interface Surroundings {
  readonly staysInForeground: boolean;
  readonly hasSocket: boolean;
}

/** A file that cannot be read says nothing; whoever loads it says why. */
export function surroundingsIn(file: string): Surroundings {
  if (isYamlFile(file)) return { staysInForeground: false, hasSocket: true };
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    // Loading it says why.
    return { staysInForeground: false, hasSocket: true };
  }
  const { statements } = parseGreylistConf(text);
  return {
    staysInForeground: statements.some((one) => one.kind === 'flag' && one.flag === 'nodetach'),
    hasSocket: statements.some((one) => one.kind === 'socket' && one.spec !== ''),
  };
}
