import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { CleanUps } from '../../test/support/clean-ups.js';
import { RedisServer } from '../../test/support/redis-server.js';
import { measure, type Contestant, type Effort, type Measured } from './measure.js';
import { cpuMicroseconds } from './process-cost.js';
import { LoadProcess, startSubject, type Subject } from './processes.js';
import { formatTable, type Columns } from './report.js';

/** What a store behind a network costs beside one in a folder. */
interface SharedCost {
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
  ['sessions/s', (row) => row.sessionsPerSecond.toFixed(0)],
  ['CPU µs/session', (row) => row.cpuUsPerSession.toFixed(1)],
  ['× LevelDB', (row) => row.cpuRatio.toFixed(2)],
  ['RCPT p50 µs', (row) => row.p50Us.toFixed(0)],
  ['p99 µs', (row) => row.p99Us.toFixed(0)],
  ['memory MiB', (row) => (row.residentBytes / 1024 / 1024).toFixed(0)],
];

/** Measures sessions with known triplets on LevelDB and on a Redis on loopback, and prints it. */
export async function printShared(effort: Effort, json: string | undefined): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'greymilter-bench-'));
  const load = new LoadProcess();
  try {
    const cost = await measureShared(directory, load, effort);
    if (json !== undefined) writeFileSync(json, `${JSON.stringify(cost, undefined, 2)}\n`);
    const { rows, rested, serverUs } = cost;
    const [processor] = cpus();
    process.stdout.write(
      [
        `Node.js ${process.version}, Linux ${release()}, ${cpus().length} × ${processor?.model ?? 'unknown'}`,
        '',
        ...formatTable(columns, [...rows, ...rested]),
        '',
        `Redis itself: ${serverUs.toFixed(1)} µs of CPU time a session`,
        '',
      ].join('\n'),
    );
  } finally {
    load.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function measureShared(
  directory: string,
  load: LoadProcess,
  effort: Effort,
): Promise<SharedCost> {
  const cleanUps = new CleanUps();
  try {
    const server = await RedisServer.start(cleanUps);
    const stores = { LevelDB: join(directory, 'shared.db'), Redis: `redis://${server.address}` };
    const contestants: Contestant[] = [];
    for (const [name, store] of Object.entries(stores)) {
      const subject = await start(directory, name, store);
      cleanUps.after(() => subject.stop());
      await makeKnown(load, subject);
      contestants.push({ name, subject, order: order(subject) });
    }
    const cpuOfServer = (): number => cpuMicroseconds(server.pid ?? 0);
    const before = cpuOfServer();
    const rows = await measure(load, contestants, effort);
    // A turn to warm up comes before those that count.
    const serverUs = (cpuOfServer() - before) / ((effort.rounds + 1) * effort.sessions);
    const rested = await measure(load, contestants.map(resting), effort);
    return { rows, rested, serverUs };
  } finally {
    await cleanUps.run();
  }
}

function start(directory: string, name: string, store: string): Promise<Subject> {
  const path = join(directory, `${name}.sock`);
  return startSubject(name, path, [
    fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url)),
    'serve',
    ...['--listen', `unix:${path}`, '--store', store],
    ...['--set', 'trusted=[]', '--set', 'greylist.delay=1s', '--set', 'listen.admin=null'],
    // It measures no name servers, and a machine that is too busy is no failure.
    ...['--set', 'greylist.providers=greylist', '--set', 'store.redis.timeout=8s'],
    ...['--set', 'limits.answer=9s', '--set', `log.to=file:${join(directory, `${name}.log`)}`],
  ]);
}

function order({ path }: Subject): Contestant['order'] {
  const expected = 'continue' as const;
  return (sessions, atOnce) => {
    return { path, sessions, atOnce, first: 0, triplets: knownTriplets, expected };
  };
}

function resting({ name, subject }: Contestant): Contestant {
  const restless = order(subject);
  return {
    name: `${name}, rested`,
    subject,
    order: (sessions, atOnce) => ({ ...restless(sessions, atOnce), restMs }),
  };
}

async function makeKnown(load: LoadProcess, { path }: Subject): Promise<void> {
  const all = { path, sessions: knownTriplets, atOnce: 16, first: 0, triplets: knownTriplets };
  await load.run({ ...all, expected: 'replycode' });
  await pause(1100);
  await load.run({ ...all, expected: 'continue' });
}
