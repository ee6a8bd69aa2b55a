import type { DaemonStatus } from '../admin/status.js';
import type { Config } from '../config/schema.js';
import type { GreylistStore } from '../store/store.js';
import type { Clock } from './clock.js';
import type { Impairments } from './impairments.js';

/** What of a daemon its status tells. */
export interface ObservedDaemon {
  readonly addresses: readonly string[];
  readonly config: Config;
  readonly configuredAt: number;
  readonly connections: number;
}

/** From what a status is made. */
export interface StatusSources {
  readonly version: string;
  readonly clock: Clock;
  readonly store: Pick<GreylistStore, 'stats'>;
  readonly daemon: () => ObservedDaemon;
}

/** Tells how the daemon is, now and since it was made. */
export function createStatus(sources: StatusSources): () => Promise<DaemonStatus> {
  const { version, clock, store } = sources;
  const startedAt = clock.now();
  return async () => {
    const { addresses, config, configuredAt, connections } = sources.daemon();
    return {
      version,
      pid: process.pid,
      startedAt: new Date(startedAt).toISOString(),
      uptimeSeconds: Math.max(0, Math.round((clock.now() - startedAt) / 1000)),
      configuredAt: new Date(configuredAt).toISOString(),
      mode: config.greylist.mode,
      listening: addresses,
      connections,
      store: { path: config.store.url.path, ...(await store.stats()) },
    };
  };
}

/** One line for people, such as the service manager shows: what is wrong comes first. */
export function formatStatusLine(
  { config, connections, addresses }: ObservedDaemon,
  { present }: Pick<Impairments, 'present'>,
): string {
  const { mode } = config.greylist;
  const wrong = present.map((impairment) => impairment.toUpperCase());
  const trial = mode === 'enforce' ? [] : [`mode ${mode}: nobody is put off`];
  return [...wrong, ...trial, `${connections} connections, ${addresses.join(' ')}`].join('; ');
}
