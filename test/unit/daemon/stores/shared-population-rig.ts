import assert from 'node:assert/strict';
import { type TestContext } from 'node:test';
import { CountedStore } from '../../../../src/daemon/stores/counted-store.js';
import { PendingTriplets } from '../../../../src/daemon/stores/pending-triplets.js';
import {
  SharedPopulation,
  type SharedPace,
} from '../../../../src/daemon/stores/shared-population.js';
import { advance, correspondenceExpiresAt } from '../../../../src/greylist/advance.js';
import { encodeCorrespondence } from '../../../../src/greylist/correspondence-codec.js';
import type { Correspondence } from '../../../../src/greylist/correspondence.js';
import {
  decodePopulationState,
  encodePopulationState,
  isPopulationKey,
  POPULATION_KEY,
  type PopulationState,
} from '../../../../src/greylist/population-record.js';
import { parseIpAddress } from '../../../../src/mail/ip-address.js';
import type { GreylistStore } from '../../../../src/store/store.js';
import { FaultyStore } from '../../../support/faulty-store.js';
import { SETTINGS } from '../../../support/greylist-settings.js';
import { createManualClock, type ManualClock } from '../../../support/manual-clock.js';
import { MemoryStore } from '../../../support/memory-store.js';
import { createRecordingLogger, type RecordingLogger } from '../../../support/recording-logger.js';
import { waitUntil } from '../../../support/wait-until.js';
import { from } from '../../greylist/history.js';

export const second = 1000;
export const minute = 60 * second;
export const hour = 60 * minute;
/** Longer than a delay. */
export const lease = 10 * minute;

/** It looks all the time; who counts when is a matter of the clock, which stands still. */
const pace: SharedPace = {
  ...{ records: 10, rest: 0, restMs: 0 },
  ...{ pauseMs: hour, lookMs: 0, leaseMs: lease },
};

/** One filter of those that share a store. */
export interface Filter {
  readonly pending: PendingTriplets;
  readonly population: SharedPopulation;
  /** What it reads and writes, to be broken. */
  readonly faulty: FaultyStore;
  readonly store: GreylistStore;
  /** How often it has begun to go over the store, and holds it there while it is told to. */
  readonly scans: { count: number; isHeld: boolean };
  /** How often it has looked who counts. */
  readonly looks: { count: number };
  /** One attempt of a client at this filter. */
  readonly attempt: (name: string, address?: string) => Promise<void>;
}

export class Site {
  readonly clock: ManualClock = createManualClock();
  readonly logger: RecordingLogger;
  readonly inner: MemoryStore;
  readonly #records = new Map<string, Correspondence>();
  readonly #t: TestContext;

  constructor(t: TestContext) {
    this.#t = t;
    this.logger = createRecordingLogger(t);
    this.inner = new MemoryStore({ clock: this.clock });
  }

  filter(): Filter {
    const { clock, logger, inner } = this;
    const caps = { all: 1e6, perNetwork: 1 };
    const pending = new PendingTriplets({ clock, logger, caps });
    const scans = { count: 0, isHeld: false };
    const looks = { count: 0 };
    const faulty = new FaultyStore(inner);
    const store = new CountedStore(faulty, pending);
    const scan = async function* (after?: string) {
      if (after === undefined) scans.count += 1;
      yield* store.scan(after);
      await waitUntil(() => !scans.isHeld, 'it may go on');
    };
    const counted = {
      get: (key: string) => {
        looks.count += key === POPULATION_KEY ? 1 : 0;
        return store.get(key);
      },
      compareAndSet: store.compareAndSet.bind(store),
      delete: (key: string) => store.delete(key),
      scan,
    };
    const population = new SharedPopulation({ store: counted, clock, logger, pending, pace });
    this.#t.after(() => {
      scans.isHeld = false;
      return population.stop();
    });
    const attempt = async (name: string, address = '192.0.2.1'): Promise<void> => {
      const key = `c${name}@example.org\0s@client.example`;
      const { next } = advance(this.#records.get(key), from(address), SETTINGS, clock.now());
      this.#records.set(key, next);
      const value = encodeCorrespondence(next);
      const expiresAt = correspondenceExpiresAt(next);
      assert.ok(await store.compareAndSet(key, await store.get(key), { value, expiresAt }));
    };
    return { pending, population, faulty, store, scans, looks, attempt };
  }

  /** What stands in the store of who counts. */
  get state(): PopulationState | undefined {
    const entry = this.inner.get(POPULATION_KEY);
    return entry && decodePopulationState(entry.value);
  }

  get keys(): readonly string[] {
    return [...this.inner.committed.keys()].filter(isPopulationKey).sort();
  }

  async write(state: PopulationState | Uint8Array): Promise<void> {
    const value = state instanceof Uint8Array ? state : encodePopulationState(state);
    const expiresAt = this.clock.now() + 24 * hour;
    const expected = this.inner.get(POPULATION_KEY);
    assert.ok(await this.inner.compareAndSet(POPULATION_KEY, expected, { value, expiresAt }));
  }
}

/** What a filter takes to wait of the network of an address. */
export function of({ pending }: Filter, text = '192.0.2.9'): number {
  const address = parseIpAddress(text);
  assert.ok(address !== undefined);
  return pending.excessFor(address)?.pending ?? 0;
}

export async function untilKnown(filters: readonly Filter[], total: number): Promise<void> {
  const isKnown = (): boolean =>
    filters.every(({ pending, population }) => pending.total === total && population.read());
  await waitUntil(isKnown, `all know of ${total}`);
}

/** Until each has looked from beginning to end: what came before is not added to what is found later. */
export async function untilLooked(filters: readonly Filter[]): Promise<void> {
  const before = filters.map(({ looks }) => looks.count);
  const hasLooked = ({ looks }: Filter, at: number): boolean =>
    looks.count >= (before[at] ?? 0) + 2;
  await waitUntil(() => filters.every(hasLooked), 'all have looked');
}
