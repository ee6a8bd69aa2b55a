import type { RedisServer } from '../../test/support/redis-server.js';

/** What a server holds. */
export interface Held {
  readonly keys: number;
  /** What it has asked its allocator for. */
  readonly usedBytes: number;
  /** What the kernel has given it. */
  readonly residentBytes: number;
}

/** What these servers hold together. */
export async function heldBy(servers: readonly RedisServer[]): Promise<Held> {
  const each = await Promise.all(
    servers.map(async (server) => {
      const memory = await server.command('INFO', 'memory');
      const keys = Number(/(\d+)$/.exec(await server.command('DBSIZE'))?.[1]);
      const usedBytes = number(memory, 'used_memory');
      return { keys, usedBytes, residentBytes: number(memory, 'used_memory_rss') };
    }),
  );
  return each.reduce((sum, one) => ({
    keys: sum.keys + one.keys,
    usedBytes: sum.usedBytes + one.usedBytes,
    residentBytes: sum.residentBytes + one.residentBytes,
  }));
}

/** What has gone over the wire, and how many commands of clients there were, since the start. */
export interface Traffic {
  readonly receivedBytes: number;
  readonly sentBytes: number;
  readonly gets: number;
  readonly scripts: number;
}

/** What these servers have seen together. */
export async function trafficOf(servers: readonly RedisServer[]): Promise<Traffic> {
  const each = await Promise.all(
    servers.map(async (server) => {
      const stats = await server.command('INFO', 'stats');
      const counts = await server.counts();
      return {
        receivedBytes: number(stats, 'total_net_input_bytes'),
        sentBytes: number(stats, 'total_net_output_bytes'),
        // Those that a script makes are counted, too.
        gets: (counts['get'] ?? 0) - (counts['evalsha'] ?? 0),
        scripts: counts['evalsha'] ?? 0,
      };
    }),
  );
  return each.reduce((sum, one) => ({
    receivedBytes: sum.receivedBytes + one.receivedBytes,
    sentBytes: sum.sentBytes + one.sentBytes,
    gets: sum.gets + one.gets,
    scripts: sum.scripts + one.scripts,
  }));
}

function number(text: string, name: string): number {
  return Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(text)?.[1]);
}
