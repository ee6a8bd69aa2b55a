import type { StoreUrl } from '../../config/store-url.js';
import type { PendingTriplets } from './pending-triplets.js';
import { SharedPopulation, type SharedPopulationOptions } from './shared-population.js';

/** What goes on in the background of a store. */
export interface Counting {
  /** What all filters of a shared store know of it; undefined where each counts for itself. */
  readonly population: Pick<SharedPopulation, 'read' | 'countOfMany'> | undefined;
  /** Never rejects. */
  stop(): Promise<void>;
}

/** Counts what waits in a store, from now on: this filter, or one for all that share it. */
export function startCounting(
  kind: StoreUrl['kind'],
  options: Omit<SharedPopulationOptions, 'pending'> & { readonly pending: PendingTriplets },
): Counting {
  const { store, pending } = options;
  if (kind === 'redis') {
    const population = new SharedPopulation(options);
    population.start();
    return { population, stop: () => population.stop() };
  }
  pending.start(store);
  return {
    population: undefined,
    stop: () => {
      pending.stop();
      return Promise.resolve();
    },
  };
}
