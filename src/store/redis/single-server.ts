import type { RedisEndpoint, RedisLink, RedisLinkSettings } from './redis-link.js';
import { isReply } from './redis-errors.js';
import { RedisNode } from './redis-node.js';
import type { RedisTopology, TopologyEvents } from './redis-topology.js';

/** Where the one server is that has everything. */
export interface SingleServerOptions {
  readonly settings: RedisLinkSettings;
  /** For people. */
  readonly where: string;
  readonly locate: () => Promise<RedisEndpoint>;
  readonly verify?: ((link: RedisLink) => Promise<void>) | undefined;
  readonly events: TopologyEvents;
}

/** One server that has everything, though it may be another one tomorrow. */
export function openSingleServer(options: SingleServerOptions): RedisTopology {
  const { settings, where, locate, verify, events } = options;
  const node = new RedisNode({
    settings,
    locate,
    verify,
    onDown: (error) => events.onDown(where, error),
    onUp: () => events.onUp(where),
  });
  const shards = [{ firstSlot: 0, node }];
  return {
    ready: () => node.ready(),
    send: async (_key, command) => {
      try {
        return await node.send(command);
      } catch (error) {
        // It has become a replica: whoever is asked where the primary is knows of another by now.
        if (isReply(error, 'READONLY')) node.reconnect(error);
        throw error;
      }
    },
    shards: () => shards,
    close: () => node.close(),
  };
}
