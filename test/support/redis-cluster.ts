import { setTimeout as sleep } from 'node:timers/promises';
import type { AsyncCleanUp } from './dns-server.js';
import { freePorts } from './free-port.js';
import { RedisServer, type RedisServerOptions } from './redis-server.js';

const LIMIT_MS = 60_000;
const POLL_MS = 50;
const SLOTS = 16_384;

/** A primary of a Cluster with the replica that takes over from it. */
export interface RedisShard {
  readonly primary: RedisServer;
  readonly replica: RedisServer;
}

/** A Cluster of six nodes: three primaries with a replica each. */
export interface RedisCluster {
  readonly shards: readonly RedisShard[];
  readonly nodes: readonly RedisServer[];
  /** Of all nodes, for a URL: `127.0.0.1:7000,127.0.0.1:7001,…` */
  readonly addresses: string;
  /** Waits until all slots are served, and each primary has a replica that is in step unless told otherwise. */
  settled(needsReplicas?: boolean): Promise<void>;
  /** Waits until a replica has become the primary of its shard, and all slots are served again. */
  tookOver(replica: RedisServer): Promise<void>;
}

/** How it is started: as each of its nodes, with what makes it fail over sooner or later. */
export type RedisClusterOptions = Omit<RedisServerOptions, 'port'> & {
  /** How long a node must be silent before it is replaced. */
  readonly nodeTimeoutMs?: number | undefined;
};

/** Starts a Cluster on 127.0.0.1; it ends with the test. */
export async function startRedisCluster(
  t: AsyncCleanUp,
  options: RedisClusterOptions = {},
): Promise<RedisCluster> {
  const { nodeTimeoutMs = 5_000, ...each } = options;
  const ports = await freePorts(12);
  const nodes = await Promise.all(
    [0, 1, 2, 3, 4, 5].map((index) =>
      RedisServer.start(t, {
        ...each,
        port: ports[index],
        settings: {
          'cluster-enabled': 'yes',
          'cluster-node-timeout': String(nodeTimeoutMs),
          // A replica may take over however old its data is: in tests there is but one.
          'cluster-replica-validity-factor': '0',
          'repl-diskless-sync-delay': '0',
          'cluster-port': String(ports[6 + index]),
          ...(each.password === undefined ? {} : { masterauth: each.password }),
          ...each.settings,
        },
      }),
    ),
  );
  const shards = await join(nodes, ports);
  const cluster = {
    shards,
    nodes,
    addresses: nodes.map(({ address }) => address).join(','),
    settled: (needsReplicas = true) => untilSettled(nodes, needsReplicas),
    tookOver: async (replica: RedisServer) => {
      await until(
        async () => /role:master/.test(await replica.command('INFO', 'replication')),
        'the replica does not take over',
      );
      await untilSettled(nodes, false);
    },
  };
  await cluster.settled();
  return cluster;
}

async function join(
  nodes: readonly RedisServer[],
  ports: readonly number[],
): Promise<readonly RedisShard[]> {
  const shards: RedisShard[] = [];
  for (const [index, node] of nodes.entries()) {
    await node.command('CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1));
    const [primary, replica] = [nodes[index], nodes[index + 3]];
    if (index >= 3 || primary === undefined || replica === undefined) continue;
    shards.push({ primary, replica });
    const first = Math.ceil((SLOTS / 3) * index);
    const last = Math.ceil((SLOTS / 3) * (index + 1)) - 1;
    await node.command('CLUSTER', 'ADDSLOTSRANGE', String(first), String(last));
  }
  const [first, ...others] = nodes;
  for (const [index, { port }] of others.entries())
    await first?.command('CLUSTER', 'MEET', '127.0.0.1', String(port), String(ports[7 + index]));
  for (const { primary, replica } of shards) {
    const id = await primary.command('CLUSTER', 'MYID');
    await until(
      async () => (await replica.command('CLUSTER', 'NODES')).includes(id),
      'the nodes of the Cluster do not meet',
    );
    await replica.command('CLUSTER', 'REPLICATE', id);
  }
  return shards;
}

async function untilSettled(nodes: readonly RedisServer[], needsReplicas: boolean): Promise<void> {
  const isSettled = async (node: RedisServer): Promise<boolean> => {
    const info = await node.command('CLUSTER', 'INFO');
    if (!info.includes('cluster_state:ok') || !info.includes('cluster_slots_ok:16384'))
      return false;
    if (!needsReplicas) return true;
    const known = await node.command('CLUSTER', 'NODES');
    if (known.split('\n').filter((line) => /\bslave /.test(line)).length !== 3) return false;
    const role = await node.command('INFO', 'replication');
    return /master_link_status:up|slave0:.*state=online/.test(role);
  };
  await until(async () => {
    // One that has been killed by the test, or hangs, has no say.
    const asked = nodes.filter(({ isAnswering }) => isAnswering);
    const answers = await Promise.all(asked.map((node) => isSettled(node).catch(() => undefined)));
    const given = answers.filter((answer) => answer !== undefined);
    return given.length > 0 && given.every((answer) => answer);
  }, 'the Cluster does not settle');
}

async function until(isTrue: () => Promise<boolean>, otherwise: string): Promise<void> {
  const deadline = performance.now() + LIMIT_MS;
  while (!(await isTrue())) {
    if (performance.now() > deadline) throw new Error(otherwise);
    await sleep(POLL_MS);
  }
}
