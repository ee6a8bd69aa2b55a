import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { RedisLayout } from '../../src/store/redis/open-topology.js';
import { openRedisStore } from '../../src/store/redis-store.js';
import type { GreylistStore } from '../../src/store/store.js';
import { startRedisCluster } from '../../test/support/redis-cluster.js';
import { RedisServer } from '../../test/support/redis-server.js';
import { readOrExplain } from '../wrong-usage.js';
import { fill, tellPopulation } from './filling.js';
import { fillNaively } from './naive-fill.js';
import { heldBy, type Held } from './servers.js';
import { askSeveralFilters, type FilterCost } from './several-filters.js';

const usage = `usage: scripts/fill-store [--triplets 10000000] [--compared 1000000] [--filters 4]
                         [--sessions 5000] [--at-once 16]

Starts a Cluster of Redis on loopback, three primaries with a replica each, nothing of it on disk,
and stores so many triplets in it as filters do. Prints what they take, beside a single server with
--compared of them, once so and once as JSON. Then asks --filters filters on the Cluster at once, each
in --sessions SMTP sessions, for triplets that are known and for new ones. What is stored is told to the
filters, as one of them tells the others once an hour, so that none of their reads is for that. All ends and
is gone with it.
`;

type CleanUps = (() => void | Promise<void>)[];

function readArguments(): Readonly<
  Record<'triplets' | 'compared' | 'filters' | 'sessions' | 'atOnce', number>
> {
  const { values } = readOrExplain('scripts/fill-store', usage, () =>
    parseArgs({
      options: {
        triplets: { type: 'string', default: '10000000' },
        compared: { type: 'string', default: '1000000' },
        filters: { type: 'string', default: '4' },
        sessions: { type: 'string', default: '5000' },
        'at-once': { type: 'string', default: '16' },
        help: { type: 'boolean', default: false },
      },
    }),
  );
  if (values.help) {
    process.stdout.write(usage);
    process.exit(0);
  }
  const { triplets, compared, filters, sessions } = values;
  return {
    triplets: positive('triplets', triplets),
    compared: positive('compared', compared),
    filters: positive('filters', filters),
    sessions: positive('sessions', sessions),
    atOnce: positive('at-once', values['at-once']),
  };
}

function positive(name: string, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  process.stderr.write(
    `scripts/fill-store: --${name} wants a whole number above 0, not "${text}"\n`,
  );
  process.exit(64);
}

function openStore(layout: RedisLayout): Promise<GreylistStore> {
  return openRedisStore({
    layout,
    where: 'the servers of this measurement',
    prefix: 'gm.',
    clock: { now: () => Date.now() },
    settings: {
      credentials: () => Promise.resolve({ user: undefined, password: undefined }),
      tls: undefined,
      database: 0,
      connectTimeoutMs: 20_000,
      timeoutMs: 20_000,
    },
  });
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function sayHeld(name: string, before: Held, after: Held): void {
  const keys = after.keys - before.keys;
  const used = (after.usedBytes - before.usedBytes) / keys;
  const resident = (after.residentBytes - before.residentBytes) / keys;
  const columns = [keys, used.toFixed(1), resident.toFixed(1)].map((cell) =>
    String(cell).padStart(14),
  );
  say(`${name.padEnd(26)}${columns.join('')}`);
}

async function fillMeasured(
  name: string,
  servers: readonly RedisServer[],
  filling: () => Promise<void>,
): Promise<void> {
  const before = await heldBy(servers);
  const startedAt = performance.now();
  await filling();
  const seconds = (performance.now() - startedAt) / 1000;
  const after = await heldBy(servers);
  sayHeld(name, before, after);
  process.stderr.write(`${name}: ${((after.keys - before.keys) / seconds).toFixed(0)} a second\n`);
}

function sayCost({ name, traffic, ...cost }: FilterCost): void {
  const cells = [
    cost.sessionsPerSecond.toFixed(0),
    cost.filterUs.toFixed(0),
    cost.serverUs.toFixed(0),
    (cost.p50Us / 1000).toFixed(1),
    (cost.p99Us / 1000).toFixed(1),
    traffic.gets.toFixed(2),
    traffic.scripts.toFixed(2),
    traffic.receivedBytes.toFixed(0),
    traffic.sentBytes.toFixed(0),
  ];
  say(`${name.padEnd(15)}${cells.map((cell) => cell.padStart(11)).join('')}`);
}

async function main(): Promise<void> {
  const wanted = readArguments();
  const { triplets, compared } = wanted;
  const cleanUps: CleanUps = [];
  const cleanUp = {
    after: (stop: CleanUps[number]) => {
      cleanUps.unshift(stop);
    },
  };
  const directory = mkdtempSync(join(tmpdir(), 'greymilter-scale-'));
  const now = Date.now();
  try {
    say(`Node.js ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}\n`);
    say(
      `${''.padEnd(26)}${['records', 'bytes/record', 'resident'].map((head) => head.padStart(14)).join('')}`,
    );
    for (const form of ['as greymilter has it', 'as JSON'] as const) {
      const server = await RedisServer.start(cleanUp);
      const { port } = server;
      const endpoint = { host: '127.0.0.1', port };
      await fillMeasured(`one server, ${form}`, [server], async () => {
        if (form === 'as JSON') {
          await fillNaively(port, compared, now);
          return;
        }
        const store = await openStore({ kind: 'server', endpoint });
        await fill(store, { count: compared, now }, () => undefined);
        await store.close();
      });
      await server.kill();
    }
    const cluster = await startRedisCluster(cleanUp);
    const primaries = cluster.shards.map(({ primary }) => primary);
    const [seed] = primaries;
    const store = await openStore({
      kind: 'cluster',
      seeds: [{ host: '127.0.0.1', port: seed?.port ?? 0 }],
    });
    cleanUp.after(() => store.close());
    await fillMeasured('Cluster, its primaries', primaries, () =>
      fill(store, { count: triplets, now }, (done) => process.stderr.write(`${done}\r`)),
    );
    await tellPopulation(store, { count: triplets, now: Date.now() });
    const heads = [
      'sessions/s',
      'filter µs',
      'server µs',
      'p50 ms',
      'p99 ms',
      'GET',
      'EVALSHA',
      'bytes in',
      'bytes out',
    ];
    say(
      `\n${`${wanted.filters} filters`.padEnd(15)}${heads.map((head) => head.padStart(11)).join('')}`,
    );
    const rig = {
      url: `redis+cluster://${cluster.addresses}`,
      directory,
      servers: primaries,
      known: triplets,
    };
    for (const cost of await askSeveralFilters(rig, wanted)) sayCost(cost);
  } finally {
    for (const stop of cleanUps) await stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

await main();
