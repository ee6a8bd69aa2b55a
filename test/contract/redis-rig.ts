import type { TestContext } from 'node:test';
import type { RedisPlace } from '../../src/store/redis/open-topology.js';
import type { RedisEndpoint, RedisLinkSettings } from '../../src/store/redis/redis-link.js';
import { openRedisStore } from '../../src/store/redis-store.js';
import type { GreylistStore } from '../../src/store/store.js';
import { createManualClock, type ManualClock } from '../support/manual-clock.js';
import type { RedisCluster } from '../support/redis-cluster.js';
import { SENTINEL_NAME, type RedisSentinels } from '../support/redis-sentinel.js';
import type { RedisServer } from '../support/redis-server.js';
import type { StoreRig } from './store-rig.js';

/** Servers that a store can be opened on, and what can be done to them. */
export interface RedisServers {
  readonly place: RedisPlace;
  /** Whoever takes writes now. */
  primaries(): Promise<readonly RedisServer[]>;
  /** Ends all of them. */
  kill(): Promise<void>;
  /** Starts those that have been ended. */
  restore(): Promise<void>;
}

/** One server alone. */
export function oneServer(server: RedisServer): RedisServers {
  return {
    place: {
      layout: { kind: 'server', endpoint: { host: '127.0.0.1', port: server.port } },
      settings: plainSettings,
      where: `redis://${server.address}`,
    },
    primaries: () => Promise.resolve([server]),
    kill: () => server.kill(),
    restore: async () => {
      if (!server.isRunning) await server.restart();
    },
  };
}

/** Whoever the Sentinels name, and the others behind it. */
export function sentinelServers(sentinels: RedisSentinels): RedisServers {
  const { servers, addresses } = sentinels;
  return {
    place: {
      layout: {
        kind: 'sentinel',
        sentinels: endpointsOf(addresses),
        name: SENTINEL_NAME,
        settings: plainSettings,
      },
      settings: plainSettings,
      where: `redis+sentinel://${addresses}/${SENTINEL_NAME}`,
    },
    primaries: async () => [await sentinels.primary()],
    kill: () => killAll(servers),
    restore: async () => {
      await restart(servers);
      await sentinels.settled();
    },
  };
}

/** All nodes of a Cluster. */
export function clusterServers(cluster: RedisCluster): RedisServers {
  const { nodes, addresses } = cluster;
  return {
    place: {
      layout: { kind: 'cluster', seeds: endpointsOf(addresses) },
      settings: plainSettings,
      where: `redis+cluster://${addresses}`,
    },
    primaries: () => Promise.resolve(nodes),
    kill: () => killAll(nodes),
    restore: async () => {
      await restart(nodes);
      await cluster.settled();
    },
  };
}

/** Makes of `127.0.0.1:7000,…` what a store is opened with. */
export function endpointsOf(addresses: string): readonly RedisEndpoint[] {
  return addresses.split(',').map((address) => {
    const [host = '', port] = address.split(':');
    return { host, port: Number(port) };
  });
}

async function killAll(servers: readonly RedisServer[]): Promise<void> {
  await Promise.all(servers.map((server) => server.kill()));
}

async function restart(servers: readonly RedisServer[]): Promise<void> {
  const ended = servers.filter(({ isRunning }) => !isRunning);
  await Promise.all(ended.map((server) => server.restart()));
}

/** How tests speak to a server that demands nothing; generous, for machines that are busy. */
export const plainSettings: RedisLinkSettings = {
  credentials: () => Promise.resolve({ user: undefined, password: undefined }),
  tls: undefined,
  database: 0,
  connectTimeoutMs: 20_000,
  timeoutMs: 20_000,
};

let rigs = 0;

/** A real store, in a part of its own of servers that are shared by a file's tests. */
export class RedisRig implements StoreRig {
  readonly clock: ManualClock;
  store: GreylistStore;
  readonly #servers: RedisServers;
  readonly #prefix: string;

  private constructor(
    servers: RedisServers,
    prefix: string,
    { clock, store }: Pick<RedisRig, 'clock' | 'store'>,
  ) {
    this.clock = clock;
    this.#servers = servers;
    this.#prefix = prefix;
    this.store = store;
  }

  static async open(t: TestContext, servers: RedisServers | undefined): Promise<RedisRig> {
    if (servers === undefined) throw new Error('the servers have not been started');
    const prefix = `${String(++rigs)}:`;
    const clock = createManualClock();
    const store = await openRedisStore({ ...servers.place, prefix, clock });
    const rig = new RedisRig(servers, prefix, { clock, store });
    t.after(() => rig.store.close());
    return rig;
  }

  /** What is written needs more replicas than there are. */
  async failWrites(on: boolean): Promise<void> {
    for (const server of await this.#servers.primaries())
      await server.command('CONFIG', 'SET', 'min-replicas-to-write', on ? '99' : '0');
  }

  /** Nothing of what the old one had in memory is there for the new one. */
  async crash(): Promise<void> {
    const old = this.store;
    this.store = await openRedisStore({
      ...this.#servers.place,
      prefix: this.#prefix,
      clock: this.clock,
    });
    await old.close();
  }

  async breakReads(): Promise<void> {
    await this.#servers.kill();
  }
}
