import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  measure,
  type Contestant,
  type Effort,
  type Instruments,
  type Measured,
} from './measure.js';
import type { PolicyOrder } from './policy-load.js';
import { startSubject, type Subject } from './processes.js';

/** Of the requests of a turn; Postgrey is slow, and slower beside idle connections. */
const postgreyPart = 0.1;
const postgreyIdlePart = 0.02;

const deferred = 'DEFER_IF_PERMIT';

/** What the measurement needs of the run that it is part of. */
export interface PolicyRun {
  readonly directory: string;
  readonly instruments: Instruments;
  readonly effort: Effort;
  /** Connections beside those that ask, as a busy Postfix keeps them. */
  readonly idle: number;
  /** A greymilter that serves the policy protocol at this path. */
  readonly greymilter: Subject;
  readonly path: string;
  /** Triplets with numbers below are known there; the next ones are new. */
  readonly known: number;
  readonly nextNew: number;
}

/**
 * Requests of the policy protocol over connections that stay: a server that only echoes, greymilter,
 * and Debian's Postgrey if it is installed, taking turns.
 */
export async function measurePolicy(run: PolicyRun): Promise<readonly Measured[]> {
  const { directory, instruments, effort } = run;
  const subjects: Subject[] = [];
  try {
    const floor = await startFloor(directory, 'floor');
    subjects.push(floor);
    const storeFloor = await startFloor(
      directory,
      'store-floor',
      join(directory, 'policy-floor.db'),
    );
    subjects.push(storeFloor);
    const postgrey = await startPostgrey(directory);
    if (postgrey !== undefined) subjects.push(postgrey);
    return await measure(instruments, contestants(run, { floor, storeFloor, postgrey }), effort);
  } finally {
    for (const subject of subjects) await subject.stop();
  }
}

function contestants(
  { greymilter, path, known, nextNew, idle }: PolicyRun,
  {
    floor,
    storeFloor,
    postgrey,
  }: {
    readonly floor: Subject;
    readonly storeFloor: Subject;
    readonly postgrey: Subject | undefined;
  },
): readonly Contestant[] {
  let next = nextNew;
  const fresh =
    (to: string): Contestant['order'] =>
    (requests, connections): PolicyOrder => {
      const first = next;
      next += requests;
      const expected = deferred;
      return { path: to, requests, connections, first, triplets: requests, expected };
    };
  const familiar: Contestant['order'] = (requests, connections): PolicyOrder => {
    return { path, requests, connections, first: 0, triplets: known, expected: 'DUNNO' };
  };
  return [
    { name: 'policy floor', subject: floor, order: fresh(floor.path) },
    {
      name: 'policy floor with LevelDB, new',
      subject: storeFloor,
      order: fresh(storeFloor.path),
    },
    { name: 'greymilter, new triplet', subject: greymilter, order: fresh(path) },
    { name: 'greymilter, known triplet', subject: greymilter, order: familiar },
    {
      name: `greymilter, new, ${idle} idle`,
      subject: greymilter,
      order: fresh(path),
      idle,
    },
    ...(postgrey === undefined
      ? []
      : [
          {
            name: 'postgrey, new triplet',
            subject: postgrey,
            part: postgreyPart,
            order: fresh(postgrey.path),
          },
          {
            name: `postgrey, new, ${idle} idle`,
            subject: postgrey,
            part: postgreyIdlePart,
            order: fresh(postgrey.path),
            idle,
          },
        ]),
  ];
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
