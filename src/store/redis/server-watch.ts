import type { Logger } from '../../telemetry/logger.js';
import type { RedisTopology } from './redis-topology.js';

/** Something about a server that is none of our mistakes, and by which records may be lost, or not be kept. */
interface Doubt {
  readonly what: string;
  readonly fields: Readonly<Record<string, string>>;
}

/**
 * How a server makes room when its memory is full, if it throws away for that what it has confirmed.
 *
 * @param info the reply to INFO memory
 */
export function parseEviction(info: string): string | undefined {
  const policy = /^maxmemory_policy:([\w-]+)/m.exec(info)?.[1];
  const limit = Number(/^maxmemory:(\d+)/m.exec(info)?.[1] ?? 0);
  return limit === 0 || policy === 'noeviction' ? undefined : policy;
}

/**
 * Whose copy a server is, `192.0.2.6:6379`, if it is one.
 *
 * @param info the reply to INFO replication
 */
export function parsePrimaryOf(info: string): string | undefined {
  if (!/^role:slave/m.test(info)) return undefined;
  const host = /^master_host:(\S+)/m.exec(info)?.[1] ?? 'unknown';
  return `${host}:${/^master_port:(\d+)/m.exec(info)?.[1] ?? 'unknown'}`;
}

/** What the servers say of themselves. */
export interface ServerView {
  /** What they keep in memory, together; undefined while one of them is away. */
  readonly bytes: number | undefined;
  /** What is doubtful now, a line each; what was so the last time while they do not say. */
  readonly doubts: readonly string[];
}

/** What is watched, and who hears of it. */
export interface ServerWatchOptions {
  readonly topology: RedisTopology;
  /** For people: the URL of the store. */
  readonly where: string;
  /** Whether people have named the server themselves: Sentinels and a Cluster say who is a replica. */
  readonly isNamedByHand: boolean;
  readonly logger: Pick<Logger, 'warn'> | undefined;
}

/** Says, once in the life of the process, that records may be lost by what a server is, or how it is set. */
export class ServerWatch {
  readonly #options: ServerWatchOptions;
  readonly #told = new Set<string>();
  #doubts: readonly string[] = [];

  constructor(options: ServerWatchOptions) {
    this.#options = options;
  }

  /** Asks all servers that can be asked; never rejects. */
  async look(): Promise<ServerView> {
    const { topology, isNamedByHand } = this.#options;
    let bytes: number | undefined;
    try {
      const shards = topology.shards();
      const up = shards.filter(({ node }) => node.isUp);
      const ask = (section: string): Promise<readonly string[]> =>
        Promise.all(up.map(async ({ node }) => String(await node.send(['INFO', section]))));
      const [memories, replications] = await Promise.all([
        ask('memory'),
        isNamedByHand ? ask('replication') : [],
      ]);
      const doubts = [...memories.map(evictionDoubt), ...replications.map(replicaDoubt)].filter(
        (doubt) => doubt !== undefined,
      );
      for (const doubt of doubts) this.#tell(doubt);
      if (up.length > 0) this.#doubts = [...new Set(doubts.map(lineOf))];
      if (up.length === shards.length)
        bytes = memories.reduce((sum, memory) => sum + usedMemory(memory), 0);
    } catch {
      // They are away, or do not let us: decisions meet the same failure, and the next look is not far.
    }
    return { bytes, doubts: this.#doubts };
  }

  #tell({ what, fields }: Doubt): void {
    if (this.#told.has(what)) return;
    this.#told.add(what);
    const { where, logger } = this.#options;
    logger?.warn(what, { store: where, ...fields });
  }
}

function usedMemory(info: string): number {
  return Number(/^used_memory:(\d+)/m.exec(info)?.[1] ?? 0);
}

function lineOf({ what, fields }: Doubt): string {
  const details = Object.entries(fields).map(([name, value]) => `${name} ${value}`);
  return `${what} (${details.join(', ')})`;
}

function evictionDoubt(info: string): Doubt | undefined {
  const policy = parseEviction(info);
  if (policy === undefined) return undefined;
  const what = 'a server of the store throws records away when its memory is full';
  return { what, fields: { 'maxmemory-policy': policy } };
}

function replicaDoubt(info: string): Doubt | undefined {
  const primary = parsePrimaryOf(info);
  if (primary === undefined) return undefined;
  return {
    what: 'the server of the store is a replica, which keeps no records',
    fields: { primary },
  };
}
