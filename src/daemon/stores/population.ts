import { outlineRecord } from '../../migrate/json-lines.js';
import { RecordTally } from '../../migrate/record-tally.js';
import type { GreylistStore } from '../../store/store.js';
import type { PopulationReading } from '../../telemetry/metrics-source.js';

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
export interface Pace {
  /** Records of a step: a decision may have to wait for as long as one takes, half a millisecond. */
  readonly records: number;
  /** The rest behind a step is this many times its length, so a small part of the time is ours. */
  readonly rest: number;
  /** Between two rounds. */
  readonly pauseMs: number;
  /** Without a question for so long nobody wants to know any more. */
  readonly interestMs: number;
}

const usualPace: Pace = { records: 100, rest: 200, pauseMs: 300_000, interestMs: 900_000 };

/**
 * Counts what is stored while somebody asks for it, round after round over the whole store, in small
 * steps with long rests. Each step begins where the last one ended, so nothing is kept open between.
 */
export class Population {
  readonly #options: PopulationOptions;
  readonly #pace: Pace;
  #reading: PopulationReading | undefined;
  #askedAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #isAtWork = false;
  #isStopped = false;

  constructor(options: PopulationOptions) {
    this.#options = options;
    this.#pace = { ...usualPace, ...options.pace };
  }

  /** What the last round found; undefined before the first has ended. Asking keeps the rounds going. */
  read(): PopulationReading | undefined {
    this.#askedAt = performance.now();
    if (!this.#isAtWork && !this.#isStopped) {
      this.#isAtWork = true;
      this.#wait(0, () => this.#step(new RecordTally(), undefined));
    }
    return this.#reading;
  }

  /** Ends it; a step under way finds the store closed. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  #wait(ms: number, then: () => Promise<void>): void {
    if (this.#isStopped) return;
    const go = (): void => {
      then().catch((error: unknown) => {
        if (this.#isStopped) return;
        this.#options.onFailed(error);
        this.#endRound();
      });
    };
    this.#timer = setTimeout(go, ms).unref();
  }

  async #step(tally: RecordTally, after: string | undefined): Promise<void> {
    const startedAt = performance.now();
    const now = this.#options.clock.now();
    let seen = 0;
    let position: string | undefined;
    for await (const [key, { value, expiresAt }, place] of this.#options.store.scan(after)) {
      tally.add(outlineRecord({ key, value, expiresAt }), now);
      if (++seen < this.#pace.records) continue;
      position = place;
      break;
    }
    if (position === undefined) {
      this.#reading = readingOf(tally, now);
      this.#endRound();
      return;
    }
    const restMs = (performance.now() - startedAt) * this.#pace.rest;
    this.#wait(restMs, () => this.#step(tally, position));
  }

  #endRound(): void {
    this.#isAtWork = performance.now() - this.#askedAt < this.#pace.interestMs;
    // What nobody has asked for in a long time is no news either.
    if (this.#isAtWork)
      this.#wait(this.#pace.pauseMs, () => this.#step(new RecordTally(), undefined));
    else this.#reading = undefined;
  }
}

/** What has ended waits to be swept, and is nobody's triplet any more. */
function readingOf({ triplets, clients, kinds }: RecordTally, at: number): PopulationReading {
  return {
    triplets: { pending: triplets.pending, passed: triplets.passed },
    autowhite: { pending: clients.pending, autowhite: clients.autowhite },
    records: kinds,
    at,
  };
}
