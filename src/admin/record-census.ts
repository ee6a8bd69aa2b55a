import { setTimeout as pause } from 'node:timers/promises';
import { isPopulationKey, type FoundPopulation } from '../greylist/population-record.js';
import { outlineRecord } from '../migrate/json-lines.js';
import type { RecordState } from '../migrate/record-outline.js';
import { RecordTally } from '../migrate/record-tally.js';
import type { GreylistStore } from '../store/store.js';

/** How many of what a store holds. */
export interface RecordCounts {
  /** When they were counted, RFC 3339. */
  readonly countedAt: string;
  /** Without those of statistics, which lists hide. */
  readonly records: number;
  /** Records of statistics, one for each hour. */
  readonly statistics: number;
  /** Triplets: clients of a sender and recipient. */
  readonly triplets: Readonly<Record<Exclude<RecordState, 'autowhite'>, number>>;
  /** Clients that are exempt (autowhite), or on their way to it (pending). */
  readonly clients: Readonly<Record<Exclude<RecordState, 'passed'>, number>>;
  /** Answers that are expected. */
  readonly replies: number;
  /** By hand. */
  readonly exceptions: number;
}

/** What {@link RecordTally} has. */
type Tally = Pick<FoundPopulation, 'triplets' | 'clients' | 'exceptions' | 'kinds'>;

/** So long it counts before others get their turn. */
const SLICE_MS = 5;

/** It takes this share of the time at most, so that a large store costs decisions little. */
const SHARE = 0.2;

/**
 * Counts what a store holds.
 *
 * @param share of the time that it may take, so that nobody else is held up
 * @throws StoreError
 */
export async function countRecords(
  store: Pick<GreylistStore, 'scan'>,
  now: number,
  share: number,
): Promise<RecordCounts> {
  const tally = new RecordTally();
  let begunAt = performance.now();
  for await (const [key, { value, expiresAt }] of store.scan()) {
    if (isPopulationKey(key)) continue;
    tally.add(outlineRecord({ key, value, expiresAt }), now);
    if (performance.now() - begunAt < SLICE_MS) continue;
    if (share < 1) await pause(SLICE_MS / share - SLICE_MS);
    begunAt = performance.now();
  }
  return countsOf(tally, now);
}

/** What was counted, as far as it is told. @param at when, epoch milliseconds */
export function countsOf(
  { triplets, clients, exceptions, kinds }: Tally,
  at: number,
): RecordCounts {
  const { pending, passed, ended } = triplets;
  const statistics = kinds.get('statistics') ?? 0;
  const all = [...kinds.values()].reduce((sum, count) => sum + count, 0);
  return {
    countedAt: new Date(at).toISOString(),
    records: all - statistics,
    statistics,
    triplets: { pending, passed, ended },
    clients: { pending: clients.pending, autowhite: clients.autowhite, ended: clients.ended },
    replies: kinds.get('reply') ?? 0,
    exceptions,
  };
}

/** Counts older than this are made anew when somebody asks. */
const FRESH_MS = 60_000;

/** Somebody who asks waits so long for a count that is being made; that of a large store comes later. */
const PATIENCE_MS = 300;

/** The counts of a store, made in the background when somebody asks, and kept for a minute. */
export class RecordCensus {
  readonly #store: Pick<GreylistStore, 'scan'>;
  readonly #now: () => number;
  #counts: RecordCounts | undefined;
  #countedAt = -Infinity;
  #running: Promise<void> | undefined;

  constructor(store: Pick<GreylistStore, 'scan'>, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /** The last counts that are there; undefined if there are none yet. Never rejects. */
  async ask(): Promise<RecordCounts | undefined> {
    if (performance.now() - this.#countedAt > FRESH_MS) this.#running ??= this.#count();
    if (this.#running === undefined) return this.#counts;
    const patience = new AbortController();
    const { signal } = patience;
    const late = pause(PATIENCE_MS, undefined, { signal }).catch(() => undefined);
    await Promise.race([this.#running, late]);
    patience.abort();
    return this.#counts;
  }

  async #count(): Promise<void> {
    try {
      this.#counts = await countRecords(this.#store, this.#now(), SHARE);
      this.#countedAt = performance.now();
    } catch {
      // A store that cannot be read is told of by its health; the next one who asks tries again.
    } finally {
      this.#running = undefined;
    }
  }
}
