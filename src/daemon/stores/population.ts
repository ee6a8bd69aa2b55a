import type { FoundPopulation } from '../../greylist/population-record.js';
import { outlineRecord } from '../../migrate/json-lines.js';
import { RecordTally } from '../../migrate/record-tally.js';
import type { GreylistStore } from '../../store/store.js';
import type { PopulationReading } from '../../telemetry/metrics-source.js';
import { GentleScan, type ScanPace } from './gentle-scan.js';

/** What is stored, as far as somebody has counted it. */
export interface CountedPopulation {
  /** What was found last; undefined before that. */
  read(): PopulationReading | undefined;
}

/** What counting needs, and how hard it may work. */
export interface PopulationOptions {
  readonly store: Pick<GreylistStore, 'scan'>;
  readonly clock: { now(): number };
  /** Hears of a round that failed. */
  readonly onFailed: (error: unknown) => void;
  /** Shorter in tests. */
  readonly pace?: Partial<Pace>;
}

/** How much is done at a time, and how long nothing is done. */
export interface Pace extends ScanPace {
  /** Between two rounds. */
  readonly pauseMs: number;
  /** Without a question for so long nobody wants to know any more. */
  readonly interestMs: number;
}

const usualPace: Pace = { records: 100, rest: 200, pauseMs: 300_000, interestMs: 900_000 };

/** Counts what is stored while somebody asks for it, round after round over the whole store. */
export class Population implements CountedPopulation {
  readonly #options: PopulationOptions;
  readonly #pace: Pace;
  readonly #scan: GentleScan;
  #reading: PopulationReading | undefined;
  #askedAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #isAtWork = false;
  #isStopped = false;

  constructor(options: PopulationOptions) {
    this.#options = options;
    this.#pace = { ...usualPace, ...options.pace };
    this.#scan = new GentleScan(options.store, this.#pace);
  }

  /** What the last round found; undefined before the first has ended. Asking keeps the rounds going. */
  read(): PopulationReading | undefined {
    this.#askedAt = performance.now();
    if (!this.#isAtWork && !this.#isStopped) {
      this.#isAtWork = true;
      this.#wait(0);
    }
    return this.#reading;
  }

  /** Ends it; a step under way finds the store closed. */
  stop(): void {
    this.#isStopped = true;
    this.#scan.stop();
    clearTimeout(this.#timer);
  }

  #wait(ms: number): void {
    if (this.#isStopped) return;
    const go = (): void => {
      this.#round().catch((error: unknown) => {
        if (this.#isStopped) return;
        this.#options.onFailed(error);
        this.#endRound();
      });
    };
    this.#timer = setTimeout(go, ms).unref();
  }

  async #round(): Promise<void> {
    const tally = new RecordTally();
    const { clock } = this.#options;
    await this.#scan.run((key, { value, expiresAt }) => {
      tally.add(outlineRecord({ key, value, expiresAt }), clock.now());
    });
    this.#reading = readingOf(tally, clock.now());
    this.#endRound();
  }

  #endRound(): void {
    this.#isAtWork = performance.now() - this.#askedAt < this.#pace.interestMs;
    // What nobody has asked for in a long time is no news either.
    if (this.#isAtWork) this.#wait(this.#pace.pauseMs);
    else this.#reading = undefined;
  }
}

/** What has ended waits to be swept, and is nobody's triplet any more. */
export function readingOf(
  { triplets, clients, kinds }: Pick<FoundPopulation, 'triplets' | 'clients' | 'kinds'>,
  at: number,
): PopulationReading {
  return {
    triplets: { pending: triplets.pending, passed: triplets.passed },
    autowhite: { pending: clients.pending, autowhite: clients.autowhite },
    records: kinds,
    at,
  };
}
