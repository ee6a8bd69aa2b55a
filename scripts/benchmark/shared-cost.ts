import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { CleanUps } from '../../test/support/clean-ups.js';
import { RedisServer } from '../../test/support/redis-server.js';
import { atExit } from './at-exit.js';
import { describeMachine, formatMachine, type Machine } from './machine.js';
import { measure, type Contestant, type Effort, type Measured } from './measure.js';
import { cpuMicroseconds } from './process-cost.js';
import { startSubject, type LoadProcess, type Subject } from './processes.js';
import { measuredSettings, programArguments } from './subjects.js';
import { fixed, formatTable, mebibytes, type Columns } from './table.js';
import type { Workplace } from './workplace.js';

/** What a store behind a network costs beside one in a folder. */
export interface SharedCost {
  readonly machine: Machine;
  /** Sessions on LevelDB and on Redis in turns; ratios are against LevelDB. */
  readonly rows: readonly Measured[];
  /** The same where each session rests before RCPT: nobody waits for a processor there. */
  readonly rested: readonly Measured[];
  /** CPU time of the server for a session with a known triplet, in microseconds. */
  readonly serverUs: number;
}

const knownTriplets = 1000;

/** As far away as clients are. */
const restMs = 200;

const columns: Columns<Measured> = [
  ['known triplet', (row) => row.name],
  ['at once', (row) => String(row.atOnce)],
  ['sessions/s', (row) => fixed(row.sessionsPerSecond)],
  ['CPU µs/session', (row) => fixed(row.cpuUsPerSession, 1)],
  ['× LevelDB', (row) => fixed(row.cpuRatio, 2)],
  ['RCPT p50 µs', (row) => fixed(row.p50Us)],
  ['p99 µs', (row) => fixed(row.p99Us)],
  ['memory MiB', (row) => mebibytes(row.residentBytes)],
];

/** Measures sessions with known triplets on LevelDB and on a Redis on loopback, in turns. */
export async function measureShared(
  { directory, load }: Workplace,
  effort: Effort,
): Promise<SharedCost> {
  const machine = describeMachine();
  const cleanUps = new CleanUps();
  try {
    const server = await RedisServer.start(cleanUps);
    // It is started by a helper of tests, which is not told of an exit.
    cleanUps.after(atExit(() => killIfThere(server.pid)));
    const stores = { LevelDB: join(directory, 'shared.db'), Redis: `redis://${server.address}` };
    const contestants: Contestant[] = [];
    const rested: Contestant[] = [];
    for (const [name, store] of Object.entries(stores)) {
      const subject = await start(directory, name, store);
      cleanUps.after(() => subject.stop());
      await makeKnown(load, subject);
      contestants.push({ name, subject, order: order(subject) });
      rested.push({ name: `${name}, rested`, subject, order: order(subject, restMs) });
    }
    const cpuOfServer = (): number => cpuMicroseconds(server.pid ?? 0);
    const before = cpuOfServer();
    const rows = await measure({ load }, contestants, effort);
    // A turn to warm up comes before those that count.
    const serverUs = (cpuOfServer() - before) / ((effort.rounds + 1) * effort.sessions);
    return { machine, rows, rested: await measure({ load }, rested, effort), serverUs };
  } finally {
    await cleanUps.run();
  }
}

/** What was measured, as a table for people. */
export function formatShared({ machine, rows, rested, serverUs }: SharedCost): string {
  return [
    formatMachine(machine),
    '',
    ...formatTable(columns, [...rows, ...rested]),
    '',
    `Redis itself: ${serverUs.toFixed(1)} µs of CPU time a session`,
    '',
  ].join('\n');
}

function killIfThere(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

function start(directory: string, name: string, store: string): Promise<Subject> {
  const path = join(directory, `${name}.sock`);
  return startSubject(name, path, [
    ...[...programArguments(), 'serve', ...measuredSettings],
    ...['--listen', `unix:${path}`, '--store', store],
    ...['--set', 'greylist.delay=1s', '--set', 'listen.admin=null'],
    // A machine that is too busy is no failure.
    ...['--set', 'store.redis.timeout=8s'],
    ...['--set', 'limits.answer=9s', '--set', `log.to=file:${join(directory, `${name}.log`)}`],
  ]);
}

function order({ path }: Subject, rest?: number): Contestant['order'] {
  const known = { path, first: 0, triplets: knownTriplets, expected: 'continue' as const };
  return (sessions, atOnce) => ({ ...known, sessions, atOnce, restMs: rest });
}

async function makeKnown(load: LoadProcess, { path }: Subject): Promise<void> {
  const all = { path, sessions: knownTriplets, atOnce: 16, first: 0, triplets: knownTriplets };
  await load.run({ ...all, expected: 'replycode' });
  await pause(1100);
  await load.run({ ...all, expected: 'continue' });
}
