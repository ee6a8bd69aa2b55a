import { formatEndpoint } from './cluster-map.js';
import { Cluster } from './cluster.js';
import type { RedisEndpoint, RedisLinkSettings } from './redis-link.js';
import type { RedisTopology, TopologyEvents } from './redis-topology.js';
import { createSentinelLocator } from './sentinel.js';
import { openSingleServer } from './single-server.js';

/** How the servers of a store are found. */
export type RedisLayout =
  | { readonly kind: 'server'; readonly endpoint: RedisEndpoint }
  | {
      readonly kind: 'sentinel';
      readonly sentinels: readonly RedisEndpoint[];
      /** What the Sentinels call the primary. */
      readonly name: string;
      /** How they are spoken to; as the servers are, without it. */
      readonly settings: RedisLinkSettings;
    }
  | { readonly kind: 'cluster'; readonly seeds: readonly RedisEndpoint[] };

/** Where a store is. */
export interface RedisPlace {
  readonly layout: RedisLayout;
  readonly settings: RedisLinkSettings;
  /** For people: its URL. */
  readonly where: string;
}

/** Makes what finds the server of a key; nothing is connected yet. */
export function openTopology(
  { layout, settings }: RedisPlace,
  events: TopologyEvents,
): RedisTopology {
  switch (layout.kind) {
    case 'server': {
      const { endpoint } = layout;
      const locate = (): Promise<RedisEndpoint> => Promise.resolve(endpoint);
      return openSingleServer({ settings, where: formatEndpoint(endpoint), locate, events });
    }
    case 'sentinel':
      return openSingleServer({
        settings,
        where: layout.name,
        locate: createSentinelLocator(layout),
        isPrimaryOnly: true,
        events,
      });
    case 'cluster':
      return new Cluster({ settings, seeds: layout.seeds, events });
  }
}
