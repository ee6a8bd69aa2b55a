import type { LearningStatus } from '../../admin/status.js';
import type { Decision } from '../../greylist/decision.js';
import type { Logger } from '../../telemetry/logger.js';
import type { Clock } from '../process/clock.js';

const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;

/** What is learnt is kept so long: to learn for longer teaches nothing more. */
const WHOLE_HOURS = 7 * DAY_HOURS;

/** Fewer attempts than this in a day prove nothing. */
const MIN_ATTEMPTS = 100;

/** If the share of those who are known rises by less than this in a day, most are known who will be. */
const SMALL_RISE = 0.02;

/** Attempts of one hour, numbered since 1970. */
interface LearntHour {
  readonly hour: number;
  attempts: number;
  known: number;
}

/**
 * Finds out when learning has seen enough to enforce. Bots are new each time, so the share of
 * attempts that are known never gets near to all; what tells is that it no longer rises. It is
 * counted by the hour, for two days, since the start of the filter.
 */
export class LearningWatch {
  readonly #clock: Clock;
  readonly #logger: Pick<Logger, 'info'>;
  #hours: LearntHour[] = [];
  #beganHour: number | undefined;
  #hasTold = false;

  constructor(clock: Clock, logger: Pick<Logger, 'info'>) {
    this.#clock = clock;
    this.#logger = logger;
  }

  /** Counts a decision, if greylisting has looked at it and the mode is learn. */
  add({ mode, reason, would, at }: Decision): void {
    if (mode !== 'learn' || !(reason.startsWith('greylist-') || reason === 'pool')) return;
    const hour = Math.floor(at / HOUR_MS);
    let last = this.#hours.at(-1);
    if (last === undefined || last.hour < hour) {
      last = { hour, attempts: 0, known: 0 };
      this.#begin(last);
    }
    last.attempts += 1;
    if (would === 'accept') last.known += 1;
  }

  /** Undefined if nothing was learnt since the start, or the last was two days ago. */
  read(): LearningStatus | undefined {
    const hour = Math.floor(this.#clock.now() / HOUR_MS);
    if (
      this.#beganHour === undefined ||
      !this.#hours.some((each) => each.hour > hour - 2 * DAY_HOURS)
    )
      return undefined;
    const hours = hour - this.#beganHour;
    const today = this.#sum(hour - DAY_HOURS, hour);
    const before = this.#sum(hour - 2 * DAY_HOURS, hour - DAY_HOURS);
    const isSteady =
      hours >= 2 * DAY_HOURS &&
      Math.min(today.attempts, before.attempts) >= MIN_ATTEMPTS &&
      shareOf(today) - shareOf(before) < SMALL_RISE;
    return {
      since: new Date(this.#beganHour * HOUR_MS).toISOString(),
      attempts: today.attempts,
      knownShare: rounded(shareOf(today)),
      knownShareBefore: before.attempts === 0 ? undefined : rounded(shareOf(before)),
      isEnough: isSteady || hours >= WHOLE_HOURS,
    };
  }

  #begin(next: LearntHour): void {
    const kept = next.hour - 2 * DAY_HOURS;
    this.#hours = [...this.#hours.filter(({ hour }) => hour > kept), next];
    this.#beganHour = this.#hours.length === 1 ? next.hour : (this.#beganHour ?? next.hour);
    const { isEnough = false, attempts, knownShare } = this.read() ?? {};
    if (isEnough && !this.#hasTold) {
      this.#logger.info('learning has seen enough: greylist.mode can be enforce', {
        attempts,
        known: knownShare,
      });
    }
    this.#hasTold = isEnough;
  }

  /** Behind one hour, up to and with another. */
  #sum(after: number, upTo: number): Pick<LearntHour, 'attempts' | 'known'> {
    const sum = { attempts: 0, known: 0 };
    for (const { hour, attempts, known } of this.#hours) {
      if (hour <= after || hour > upTo) continue;
      sum.attempts += attempts;
      sum.known += known;
    }
    return sum;
  }
}

function shareOf({ attempts, known }: Pick<LearntHour, 'attempts' | 'known'>): number {
  return attempts === 0 ? 0 : known / attempts;
}

function rounded(share: number): number {
  return Number(share.toFixed(3));
}
