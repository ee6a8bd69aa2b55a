import { uptime } from 'node:os';
import type { TimeGap } from '../../greylist/time-gap.js';
import { MAX_ABSENCE_MS } from '../../store/level/sweep-guard.js';
import type { Logger } from '../../telemetry/logger.js';
import type { Clock, ClockDoubt } from './clock.js';

/** The clocks of a machine, in milliseconds. */
export interface MachineClocks {
  /** Since 1970, as it is set. */
  readonly wallNow: () => number;
  /** From any origin; never set, stands still while the machine sleeps. */
  readonly monotonicNow: () => number;
  /** Since the machine was started, sleep included; undefined where that cannot be told. */
  readonly uptimeNow: () => number | undefined;
}

/** Those of this machine. */
export const machineClocks: MachineClocks = {
  wallNow: () => Date.now(),
  monotonicNow: () => performance.now(),
  // Elsewhere it is reckoned from the wall clock.
  uptimeNow: () => (process.platform === 'linux' ? uptime() * 1000 : undefined),
};

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** More than daylight saving set by hand, or any correction that a healthy clock needs. */
const MAX_STEP_MS = HOUR_MS;

/** By then a wrong clock has been noticed: mail carries its dates, logs and certificates fail. */
const PROBATION_MS = DAY_MS;

/** A machine that has just been started asks the network what time it is, and knows better then. */
const STARTING_MS = HOUR_MS / 2;
const STARTING_PROBATION_MS = 60_000;

/** For so long nothing ends by a jump that is followed: most who write at all have written by then. */
const GRACE_MS = 7 * DAY_MS;

/** As fast as adjtime() turns a clock back: a delay of an hour takes 1.8 seconds more. */
const SLEW = 1 / 2000;

/** Less is no sleep: uptime is known to hundredths of a second. */
const MIN_SLEEP_MS = 1000;

/** The wall clock is elsewhere: by how much, since when by the monotonic one, and for how long yet. */
interface Trial {
  readonly driftMs: number;
  readonly since: number;
  readonly lastsMs: number;
}

/** The time that has passed since the wall clock was looked at once. Sleep does not count. */
export function createRunningClock({ wallNow, monotonicNow }: MachineClocks): Clock {
  const offset = wallNow() - monotonicNow();
  return { now: () => Math.floor(offset + monotonicNow()) };
}

/** How much of it counts as passed, and until when it matters by the monotonic clock. */
interface Gap extends TimeGap {
  readonly followedMs: number;
  readonly until: number;
}

/**
 * The time that has passed, as far as a machine can tell: the wall clock's while that keeps pace with
 * the monotonic one. It runs back only to follow a jump that is believed.
 *
 * - A step ahead of an hour or less is followed at once; one back at the pace of adjtime(), so that
 *   nobody waits longer for it. While the machine sleeps time passes.
 * - A larger step is followed when it has lasted for 24 hours; for a minute, if it comes in the first
 *   half hour of the machine. If it is undone before, nothing has happened.
 * - When the store was last in use is earlier than now: where the wall clock does not say so, time
 *   goes on from then until that is believed.
 * - A jump ahead is a gap until it is undone, or for a week after it was followed; for this week the
 *   store forgets by the time without the jump. So it is where the store was last in use more than 30
 *   days ago.
 */
export class SteadyClock implements Clock {
  readonly #clocks: MachineClocks;
  readonly #logger: Pick<Logger, 'warn' | 'info'>;
  /** What makes our time of the monotonic one. */
  #offset: number;
  #lastMonotonic: number;
  /** How long the machine has slept, as far as it is accounted for. */
  #sleptMs: number;
  #trial: Trial | undefined;
  #gap: Gap | undefined;

  constructor(clocks: MachineClocks, logger: Pick<Logger, 'warn' | 'info'>) {
    this.#clocks = clocks;
    this.#logger = logger;
    this.#lastMonotonic = clocks.monotonicNow();
    this.#offset = clocks.wallNow() - this.#lastMonotonic;
    this.#sleptMs = this.#sleepUntil(this.#lastMonotonic);
  }

  now(): number {
    const monotonic = this.#clocks.monotonicNow();
    const driftMs = this.#clocks.wallNow() - monotonic - this.#offset;
    if (Math.abs(driftMs) > MAX_STEP_MS) this.#jumped(driftMs, monotonic);
    else this.#keptPace(driftMs, monotonic);
    this.#lastMonotonic = monotonic;
    if (this.#gap !== undefined && this.#gap.until <= monotonic) this.#gap = undefined;
    return Math.floor(this.#offset + monotonic);
  }

  wallNow(): number {
    return this.#clocks.wallNow();
  }

  expiryNow(): number {
    const now = this.now();
    return now - (this.#gap?.followedMs ?? 0);
  }

  get gap(): TimeGap | undefined {
    return this.#gap;
  }

  get doubt(): ClockDoubt | undefined {
    this.now();
    const trial = this.#trial;
    return trial && { driftMs: trial.driftMs, since: Math.floor(this.#offset + trial.since) };
  }

  /** Hears when the store was last in use. To be told before anything is decided. */
  resume(lastUsedAt: number): void {
    const monotonic = this.#clocks.monotonicNow();
    const now = this.#offset + monotonic;
    const aheadMs = now - lastUsedAt;
    if (aheadMs > MAX_ABSENCE_MS) {
      this.#gap = gapBefore(now, aheadMs, monotonic + GRACE_MS);
    } else if (aheadMs < -MAX_STEP_MS) {
      this.#offset = lastUsedAt - monotonic;
      this.#gap = gapBefore(lastUsedAt, 0);
      this.#try(aheadMs, monotonic, PROBATION_MS);
    }
  }

  #keptPace(driftMs: number, monotonic: number): void {
    if (this.#trial !== undefined) {
      this.#trial = undefined;
      this.#forgetDoubt();
      this.#logger.info('the clock is where it should be again');
    }
    const mostBackMs = (monotonic - this.#lastMonotonic) * SLEW;
    this.#offset += Math.max(driftMs, -mostBackMs);
    // It may have been sleep, which must not count twice.
    if (driftMs > MIN_SLEEP_MS) this.#sleptMs = this.#sleepUntil(monotonic);
  }

  #jumped(driftMs: number, monotonic: number): void {
    const trial = this.#trial;
    if (trial !== undefined && Math.abs(driftMs - trial.driftMs) <= MAX_STEP_MS) {
      this.#keptTrial(trial, driftMs, monotonic);
      return;
    }
    const sleptMs = this.#sleepUntil(monotonic) - this.#sleptMs;
    if (sleptMs > MIN_SLEEP_MS) {
      this.#sleptMs += sleptMs;
      this.#offset += sleptMs;
      const restMs = driftMs - sleptMs;
      if (Math.abs(restMs) > MAX_STEP_MS) this.#jumped(restMs, monotonic);
      else this.#keptPace(restMs, monotonic);
      return;
    }
    this.#forgetDoubt();
    if (driftMs > 0) this.#gap ??= gapBefore(this.#offset + monotonic, 0);
    const isStarting = (this.#clocks.uptimeNow() ?? Infinity) < STARTING_MS;
    this.#try(driftMs, monotonic, isStarting ? STARTING_PROBATION_MS : PROBATION_MS);
  }

  /** A small step of the clock on trial: ahead it is followed, for it may have been sleep. */
  #keptTrial(trial: Trial, driftMs: number, monotonic: number): void {
    const stepMs = driftMs - trial.driftMs;
    if (stepMs > MIN_SLEEP_MS) {
      this.#offset += stepMs;
      this.#sleptMs = this.#sleepUntil(monotonic);
    } else if (stepMs < -MIN_SLEEP_MS) {
      this.#trial = { ...trial, driftMs };
    }
    if (monotonic - trial.since >= trial.lastsMs) this.#follow(monotonic);
  }

  #try(driftMs: number, since: number, lastsMs: number): void {
    this.#trial = { driftMs, since, lastsMs };
    this.#logger.warn('the clock has jumped: greylisting goes on by the time that has passed', {
      clock: new Date(this.#clocks.wallNow()).toISOString(),
      seconds: Math.round(driftMs / 1000),
      followedAfter: lastsMs / 1000,
    });
  }

  #follow(monotonic: number): void {
    const driftMs = this.#clocks.wallNow() - monotonic - this.#offset;
    this.#trial = undefined;
    this.#offset += driftMs;
    const followedMs = (this.#gap?.followedMs ?? 0) + driftMs;
    this.#gap =
      followedMs > MAX_STEP_MS
        ? gapBefore(this.#offset + monotonic, followedMs, monotonic + GRACE_MS)
        : undefined;
    this.#logger.info('the clock is believed: greylisting goes by it', {
      clock: new Date(this.#clocks.wallNow()).toISOString(),
    });
  }

  /** What is followed stays. */
  #forgetDoubt(): void {
    if (this.#gap?.followedMs === 0) this.#gap = undefined;
  }

  #sleepUntil(monotonic: number): number {
    return (this.#clocks.uptimeNow() ?? monotonic) - monotonic;
  }
}

function gapBefore(endedAt: number, followedMs: number, until = Infinity): Gap {
  return { beganAt: endedAt - followedMs, endedAt, followedMs, until };
}
