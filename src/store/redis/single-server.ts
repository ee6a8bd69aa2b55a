import type { RedisEndpoint, RedisLinkSettings } from './redis-link.js';
import { isReply } from './redis-errors.js';
import { RedisNode } from './redis-node.js';
import type { RedisTopology, TopologyEvents } from './redis-topology.js';
import { requireLayout } from './require-layout.js';
import { requirePrimary } from './require-primary.js';

/** Where the one server is that has everything. */
export interface SingleServerOptions {
  readonly settings: RedisLinkSettings;
  /** For people. */
  readonly where: string;
  readonly locate: () => Promise<RedisEndpoint>;
  /**
   * Whether a replica is refused from the beginning: for some seconds a Sentinel may name a server that
   * has just ceased to be the primary. One that is named by hand may be read from, until we write.
   */
  readonly isPrimaryOnly?: boolean | undefined;
  readonly events: TopologyEvents;
}

/** One server that has everything, though it may be another one tomorrow. */
export function openSingleServer(options: SingleServerOptions): RedisTopology {
  const { settings, where, locate, events } = options;
  let { isPrimaryOnly = false } = options;
  const node = new RedisNode({
    settings,
    locate,
    verify: async (link) => {
      await requireLayout(link);
      if (isPrimaryOnly) await requirePrimary(link);
    },
    onDown: (error) => events.onDown(where, error),
    onUp: () => events.onUp(where),
    onRefused: (error) => events.onRefused(where, error),
  });
  const shards = [{ firstSlot: 0, node }];
  return {
    ready: () => node.ready(),
    send: async (_key, command) => {
      try {
        return await node.send(command);
      } catch (error) {
        if (!isReply(error, 'READONLY')) throw error;
        // It has become a replica: whoever is asked where the primary is knows of another by now. If
        // not, it is lost until it is one: otherwise it would be lost, and back, with each write.
        isPrimaryOnly = true;
        node.reconnect(error);
        throw error;
      }
    },
    shards: () => shards,
    close: () => node.close(),
  };
}
