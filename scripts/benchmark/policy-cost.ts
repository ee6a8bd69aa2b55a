import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { measure, type Effort, type Instruments, type Measured } from './measure.js';
import { PolicyMixes, type PolicyNumbers, type PolicySubjects } from './policy-mixes.js';
import { startSubject, type Subject } from './processes.js';
import { startPolicyGreymilter } from './subjects.js';

/** A request is a fifth of a session, and a turn that is over in a tenth of a second says little. */
const REQUESTS_FOR_ONE = 5;

/** What the measurement needs of the run that it is part of. */
export interface PolicyRun {
  readonly directory: string;
  readonly instruments: Instruments;
  readonly effort: Effort;
  /** Connections beside those that ask, as a busy Postfix keeps them. */
  readonly idle: number;
  /** Requests in a second, where it is not so many at once. */
  readonly rate: number;
  readonly numbers: PolicyNumbers;
}

/** What was found; a session is a request. */
export interface PolicyCost {
  /** Over so many connections, each with one request at a time. */
  readonly atOnce: readonly Measured[];
  /** So many requests in a second. */
  readonly atRate: readonly Measured[];
}

/**
 * Requests of the policy protocol over connections that stay: a server that only echoes, greymilter,
 * and Debian's Postgrey if it is installed, taking turns.
 */
export async function measurePolicy(run: PolicyRun): Promise<PolicyCost> {
  const { instruments, effort, idle, rate } = run;
  const started: Subject[] = [];
  try {
    const mixes = new PolicyMixes(await startAll(run, started), run.numbers);
    const requests = effort.sessions * REQUESTS_FOR_ONE;
    const atOnce = await measure(instruments, mixes.plain(idle), { ...effort, sessions: requests });
    const { load } = instruments;
    return { atOnce, atRate: await measure({ load }, mixes.atRate(rate), effort) };
  } finally {
    for (const subject of started) await subject.stop();
  }
}

/** @param started takes each as soon as it runs, so that it is stopped whatever happens */
async function startAll({ directory }: PolicyRun, started: Subject[]): Promise<PolicySubjects> {
  const floor = await startFloor(directory, 'floor');
  started.push(floor);
  const store = join(directory, 'policy-floor.db');
  const storeFloor = await startFloor(directory, 'store-floor', store);
  started.push(storeFloor);
  const greymilter = await startPolicyGreymilter(directory);
  started.push(greymilter);
  const postgrey = await startPostgrey(directory);
  if (postgrey !== undefined) started.push(postgrey);
  return { floor, storeFloor, greymilter, postgrey };
}

/** @param store where it remembers what it was asked for; it does not without one */
function startFloor(directory: string, name: string, store?: string): Promise<Subject> {
  const path = join(directory, `policy-${name}.sock`);
  const file = fileURLToPath(new URL('policy-floor.mjs', import.meta.url));
  return startSubject('policy floor', path, [file, path, ...(store === undefined ? [] : [store])]);
}

/** The Postgrey that is installed, as it calls itself; undefined if there is none. */
export function postgreyVersion(): string | undefined {
  const { error, stdout } = spawnSync('postgrey', ['--version'], { encoding: 'utf8' });
  return error === undefined ? stdout.trim() : undefined;
}

async function startPostgrey(directory: string): Promise<Subject | undefined> {
  if (postgreyVersion() === undefined) return undefined;
  const path = join(directory, 'postgrey.sock');
  const database = join(directory, 'postgrey');
  mkdirSync(database);
  const group = spawnSync('id', ['-gn'], { encoding: 'utf8' }).stdout.trim();
  const args = [`--unix=${path}`, `--dbdir=${database}`, '--quiet'];
  const identity = [`--user=${userInfo().username}`, `--group=${group}`];
  return await startSubject('postgrey', path, [...args, ...identity], 'postgrey');
}
