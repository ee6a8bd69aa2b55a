import { setTimeout as sleep } from 'node:timers/promises';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lastFirst } from './clean-ups.js';
import type { AsyncCleanUp } from './dns-server.js';
import { freePort } from './free-port.js';
import { RedisServer, type RedisServerOptions } from './redis-server.js';
import { createTempDirectory } from './temp-directory.js';

const LIMIT_MS = 60_000;
const POLL_MS = 50;

/** What the Sentinels call the primary that they watch. */
export const SENTINEL_NAME = 'greylist';

/** One primary with two replicas, and three Sentinels that watch it. */
export interface RedisSentinels {
  /** Who began as primary, and who as replicas. */
  readonly servers: readonly [RedisServer, RedisServer, RedisServer];
  /** Of the Sentinels, for a URL: `127.0.0.1:26379,…` */
  readonly addresses: string;
  /** Who is primary by what the Sentinels say now. */
  primary(): Promise<RedisServer>;
  /** Waits until there is a primary that two replicas follow, as the Sentinels and they say. */
  settled(): Promise<void>;
  /** Waits until they say that another one is. */
  movedFrom(primary: RedisServer): Promise<RedisServer>;
}

/** How they are started: each server so, and when they take one for dead. */
export type RedisSentinelOptions = Omit<RedisServerOptions, 'port' | 'certificates'> & {
  readonly downAfterMs?: number | undefined;
  /** Demanded by the Sentinels. */
  readonly sentinelPassword?: string | undefined;
};

/** Starts the servers and the Sentinels on 127.0.0.1; they end with the test. */
export async function startRedisSentinels(
  t: AsyncCleanUp,
  options: RedisSentinelOptions = {},
): Promise<RedisSentinels> {
  const { downAfterMs = 2_000, sentinelPassword, ...each } = options;
  const { password } = each;
  const auth: Record<string, string> = password === undefined ? {} : { masterauth: password };
  const settings = { ...auth, 'repl-diskless-sync-delay': '0', ...each.settings };
  const first = await RedisServer.start(t, { ...each, settings });
  const replicaof = { replicaof: `127.0.0.1 ${first.port}` };
  const replica = (): Promise<RedisServer> =>
    RedisServer.start(t, { ...each, settings: { ...settings, ...replicaof } });
  const servers = [first, await replica(), await replica()] as const;
  const monitored = { port: first.port, password, sentinelPassword, downAfterMs };
  const sentinels = await Promise.all([1, 2, 3].map(() => startSentinel(t, monitored)));
  const primary = async (): Promise<RedisServer> => {
    const said = await sentinels[0]?.command('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', SENTINEL_NAME);
    const found = servers.find(({ port }) => said?.split('\n')[1] === String(port));
    if (found === undefined)
      throw new Error(`the Sentinels name no server of ours: ${String(said)}`);
    return found;
  };
  const settled = async (): Promise<void> => {
    for (const sentinel of sentinels) {
      await until(async () => {
        const said = await sentinel.command('SENTINEL', 'MASTER', SENTINEL_NAME);
        const known = parsePairs(said);
        const isWhole = known.get('num-slaves') === '2' && known.get('num-other-sentinels') === '2';
        return isWhole && known.get('flags') === 'master';
      }, 'the Sentinels do not find each other');
    }
    await until(async () => {
      const told = await (await primary()).command('INFO', 'replication').catch(() => '');
      return /role:master/.test(told) && /connected_slaves:2/.test(told);
    }, 'the replicas do not follow');
  };
  await settled();
  const movedFrom = async (old: RedisServer): Promise<RedisServer> => {
    await until(async () => (await primary()) !== old, 'the Sentinels do not fail over');
    const next = await primary();
    await until(
      async () => /role:master/.test(await next.command('INFO', 'replication')),
      'the replica does not become a primary',
    );
    return next;
  };
  return {
    servers,
    addresses: sentinels.map(({ address }) => address).join(','),
    primary,
    settled,
    movedFrom,
  };
}

interface Monitored {
  readonly port: number;
  readonly password: string | undefined;
  readonly sentinelPassword: string | undefined;
  readonly downAfterMs: number;
}

interface Sentinel {
  readonly address: string;
  command(...words: readonly string[]): Promise<string>;
}

/** A Sentinel writes down what it learns in the very file that it is started with. */
async function startSentinel(t: AsyncCleanUp, monitored: Monitored): Promise<Sentinel> {
  const { port, password, sentinelPassword, downAfterMs } = monitored;
  const cleanUps = lastFirst(t);
  const directory = createTempDirectory(cleanUps);
  const ownPort = await freePort();
  const file = join(directory, 'sentinel.conf');
  const lines = [
    `port ${ownPort}`,
    'bind 127.0.0.1',
    `dir ${directory}`,
    `logfile ${join(directory, 'log')}`,
    `sentinel monitor ${SENTINEL_NAME} 127.0.0.1 ${port} 2`,
    `sentinel down-after-milliseconds ${SENTINEL_NAME} ${downAfterMs}`,
    `sentinel failover-timeout ${SENTINEL_NAME} ${3 * downAfterMs}`,
    ...(password === undefined ? [] : [`sentinel auth-pass ${SENTINEL_NAME} "${password}"`]),
    ...(sentinelPassword === undefined
      ? []
      : [`requirepass "${sentinelPassword}"`, `sentinel sentinel-pass "${sentinelPassword}"`]),
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  const child = spawn('redis-sentinel', [file], { stdio: 'ignore' });
  cleanUps.after(() => endChild(child));
  const sentinel = RedisServer.at(ownPort, directory, sentinelPassword);
  await until(async () => {
    if (child.exitCode !== null)
      throw new Error(`redis-sentinel does not start: ${sentinel.log()}`);
    return await sentinel.command('PING').then(
      () => true,
      // Not up yet.
      () => false,
    );
  }, 'redis-sentinel does not answer');
  return sentinel;
}

async function endChild(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

/** Redis-cli prints a list of names and values as lines, in turn. */
function parsePairs(text: string): ReadonlyMap<string, string> {
  const lines = text.split('\n');
  const pairs = new Map<string, string>();
  for (let at = 0; at + 1 < lines.length; at += 2) pairs.set(lines[at] ?? '', lines[at + 1] ?? '');
  return pairs;
}

async function until(isTrue: () => Promise<boolean>, otherwise: string): Promise<void> {
  const deadline = performance.now() + LIMIT_MS;
  while (!(await isTrue())) {
    if (performance.now() > deadline) throw new Error(otherwise);
    await sleep(POLL_MS);
  }
}
