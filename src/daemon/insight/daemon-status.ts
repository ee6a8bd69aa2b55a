import { RecordCensus } from '../../admin/record-census.js';
import type {
  DaemonStatus,
  ListenerStatus,
  ReloadReport,
  ShownImpairment,
  StoreHealth,
} from '../../admin/status.js';
import type { Config } from '../../config/schema.js';
import { settingsDigest } from '../../config/settings-digest.js';
import { storePlace } from '../../config/store-url.js';
import type { GreylistStore, StoreStats } from '../../store/store.js';
import type { Clock } from '../process/clock.js';
import type { DaemonCounts } from './daemon-counts.js';
import type { SharedPopulation } from '../stores/shared-population.js';
import { summariseDecisions } from './decision-summary.js';
import { showImpairments } from './shown-impairments.js';

/** What of a daemon its status tells. */
export interface ObservedDaemon {
  readonly addresses: readonly string[];
  readonly listeners: readonly ListenerStatus[];
  readonly config: Config;
  readonly configuredAt: number;
  readonly connections: number;
}

/** From what a status is made. */
export interface StatusSources {
  readonly version: string;
  readonly clock: Clock;
  readonly store: Pick<GreylistStore, 'get' | 'scan' | 'stats'>;
  /** Where one filter counts for all that share the store. */
  readonly population?: Pick<SharedPopulation, 'countOfMany'> | undefined;
  readonly counts: Pick<
    DaemonCounts,
    'decisions' | 'delays' | 'impairments' | 'learning' | 'damage'
  >;
  readonly daemon: () => ObservedDaemon;
  readonly lastReload: () => ReloadReport | undefined;
  /** What is doubtful about the configuration in force. */
  readonly warnings: () => readonly string[];
}

/** Tells how the daemon is, now and since it was made. */
export function createStatus(sources: StatusSources): () => Promise<DaemonStatus> {
  const { version, clock, store, counts } = sources;
  const startedAt = clock.now();
  const census = new RecordCensus(store, () => clock.now());
  return async () => {
    const records = sources.population?.countOfMany() ?? (await census.ask());
    const { warnings = [], ...stats } = await store.stats();
    const health = await healthOf(store, stats);
    const { addresses, listeners, config, configuredAt, connections } = sources.daemon();
    const lastReload = sources.lastReload();
    const uptimeMs = Math.max(0, clock.now() - startedAt);
    return {
      version,
      pid: process.pid,
      startedAt: new Date(startedAt).toISOString(),
      uptimeSeconds: Math.round(uptimeMs / 1000),
      configuredAt: new Date(configuredAt).toISOString(),
      settings: settingsDigest(config),
      lastReload,
      warnings: [...sources.warnings(), ...warnings],
      mode: config.greylist.mode,
      impairments: showImpairments({ counts, config, lastReload, clock }),
      learning: config.greylist.mode === 'learn' ? counts.learning.read() : undefined,
      listening: addresses,
      listeners,
      connections,
      store: { path: storePlace(config.store.url), health, ...stats, records },
      decisions: summariseDecisions(counts.decisions, uptimeMs),
      delays: counts.delays.summary(),
    };
  };
}

async function healthOf(
  store: Pick<GreylistStore, 'get'>,
  { failedInARow = 0 }: StoreStats,
): Promise<StoreHealth> {
  try {
    await store.get('status');
  } catch {
    return 'cannot-be-read';
  }
  return failedInARow > 0 ? 'cannot-be-written' : 'ok';
}

/** One line for people, such as the service manager shows: what is wrong comes first. */
export function formatStatusLine(
  { connections, addresses }: Pick<ObservedDaemon, 'connections' | 'addresses'>,
  impairments: readonly ShownImpairment[],
): string {
  // A mode is somebody's will.
  const told = impairments.map(({ text }) =>
    text.startsWith('mode ') ? text : text.toUpperCase(),
  );
  return [
    ...told,
    `${connections} connection${connections === 1 ? '' : 's'}, ${addresses.join(' ')}`,
  ].join('; ');
}
