import type { StoreUrl } from '../../config/store-url.js';
import type { Logger } from '../../telemetry/logger.js';
import type { PendingTriplets } from './pending-triplets.js';
import { SharedPopulation, type SharedPopulationOptions } from './shared-population.js';
import type { StoreDamage } from './store-damage.js';
import { TableWatch, type CheckPace } from './table-watch.js';

/** What goes on in the background of a store. */
export interface StoreTending {
  /** What all filters of a shared store know of it; undefined where each counts for itself. */
  readonly population: Pick<SharedPopulation, 'read' | 'countOfMany'> | undefined;
  /** Never rejects. */
  stop(): Promise<void>;
}

/** Who does it, and how. */
export interface TendingOptions extends Omit<
  SharedPopulationOptions,
  'pending' | 'logger' | 'pace'
> {
  readonly pending: PendingTriplets;
  readonly logger: Logger;
  readonly damage: StoreDamage;
  readonly countingPace?: SharedPopulationOptions['pace'];
  readonly checkPace?: Partial<CheckPace> | undefined;
}

/**
 * Counts what waits in a store, from now on: this filter, or one for all that share it; and looks for
 * damage in the files of one on this machine.
 */
export function tendStore(url: StoreUrl, options: TendingOptions): StoreTending {
  const { store, pending, logger, damage, countingPace, checkPace } = options;
  if (url.kind === 'redis') {
    const population = new SharedPopulation({ ...options, pace: countingPace });
    population.start();
    return { population, stop: () => population.stop() };
  }
  pending.start(store);
  const watch = new TableWatch({ path: url.path, logger, damage, pace: checkPace });
  watch.start();
  return {
    population: undefined,
    stop: () => {
      pending.stop();
      watch.stop();
      return Promise.resolve();
    },
  };
}
