import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Greylister } from '../../../src/daemon/greylisting/greylister.js';
import { expiryTime } from '../../../src/daemon/process/clock.js';
import { SteadyClock } from '../../../src/daemon/process/steady-clock.js';
import { DAY, HOUR, MINUTE, SETTINGS } from '../../support/greylist-settings.js';
import { MemoryStore } from '../../support/memory-store.js';
import { createTestMachine } from '../../support/test-machine.js';
import { RecordingLogger } from '../../support/recording-logger.js';
import { from } from '../../unit/greylist/history.js';
import { fc } from '../../support/properties.js';

const YEAR = 365 * DAY;
const { delayMs, retryWindowMs, autowhiteMs } = SETTINGS;

/** What turning back a clock as adjtime() does may add, and the fractions of a millisecond. */
const TOLERANCE_MS = delayMs / 2000 + 2;

/** Less than what makes a jump believed. */
const UNDONE_WITHIN_MS = 23 * HOUR;

/** A filter on a machine whose clock jumps, and what really happened. */
class Site {
  readonly machine = createTestMachine(DAY);
  readonly clock = new SteadyClock(this.machine.clocks, new RecordingLogger());
  /** How far the wall clock is ahead, and since when. */
  aheadMs = 0;
  #awaySince = 0;
  readonly #greylister: Greylister;
  readonly #settings = { ...SETTINGS, patience: undefined };

  constructor() {
    const store = new MemoryStore({ clock: { now: () => expiryTime(this.clock) } });
    this.#greylister = new Greylister(store, new RecordingLogger(), this.clock);
  }

  set(aheadMs: number): void {
    this.machine.step(aheadMs - this.aheadMs);
    if (this.aheadMs === 0) this.#awaySince = this.machine.realNow();
    this.aheadMs = aheadMs;
    this.clock.now();
  }

  /** Lets time pass, with a sweeper that looks at the clock. */
  run(ms: number): void {
    for (let left = ms; left > 0; left -= 10 * MINUTE) {
      this.machine.run(Math.min(left, 10 * MINUTE));
      this.clock.now();
    }
  }

  /** The same; a clock that is wrong is put right before anybody believes it. */
  runAndUndo(ms: number): void {
    const left = this.#awaySince + UNDONE_WITHIN_MS - this.machine.realNow();
    if (this.aheadMs === 0 || ms < left) {
      this.run(ms);
      return;
    }
    this.run(Math.max(0, left));
    this.set(0);
    this.run(ms - Math.max(0, left));
  }

  async mail(client: number): Promise<string> {
    const judgement = await this.#greylister.judge({
      key: `c\x00${client}`,
      source: from(`192.0.2.${client}`),
      settings: this.#settings,
      failure: { onFailure: 'accept' },
      now: this.clock.now(),
    });
    assert.ok(judgement.kind === 'wait' || judgement.kind === 'pass');
    return judgement.kind === 'wait' ? 'wait' : judgement.reason;
  }
}

const pause = fc.oneof(
  fc.constantFrom(0, 1, delayMs - 1, delayMs, delayMs + 1, HOUR, retryWindowMs - HOUR),
  fc.nat(2 * delayMs),
  fc.nat(3 * DAY),
);
const client = fc.nat(3);
const far = fc.oneof(
  fc.constantFrom(-YEAR, -DAY, DAY, YEAR),
  fc.integer({ min: 2 * HOUR, max: 56 * YEAR }),
  fc.integer({ min: -56 * YEAR, max: -2 * HOUR }),
);
const near = fc.integer({ min: -HOUR, max: HOUR });

function histories<T>(what: fc.Arbitrary<T>): fc.Arbitrary<readonly (T | undefined)[]> {
  return fc.array(fc.option(what, { nil: undefined, freq: 4 }), { maxLength: 60, size: 'max' });
}

describe('mail under a clock that jumps', () => {
  test('notices nothing of jumps that are undone within a day, nor of sleep', async () => {
    const step = fc.record({
      pause,
      client,
      to: fc.option(fc.oneof(fc.constant(0), far)),
      sleep: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(histories(step), async (steps) => {
        const site = new Site();
        const firstAt = new Map<number, number>();
        const passedAt = new Map<number, number>();
        /** Up to here what waits may have been let pass before its time. */
        let aheadUntil = 0;
        for (const next of steps) {
          if (next === undefined) continue;
          if (next.to !== null) site.set(next.to);
          if (next.sleep) site.machine.sleep(2000 + (next.pause % HOUR));
          site.runAndUndo(next.pause);
          const now = site.machine.realNow();
          if (site.aheadMs > 0) aheadUntil = now;
          const reason = await site.mail(next.client);
          const began = firstAt.get(next.client) ?? now;
          const waited = now - began;
          const passed = passedAt.get(next.client);
          if (passed !== undefined && now < passed + autowhiteMs) {
            assert.equal(reason, 'greylist-known');
          } else if (firstAt.has(next.client) && waited < retryWindowMs - HOUR) {
            if (waited >= delayMs + TOLERANCE_MS) assert.equal(reason, 'greylist-passed');
            if (waited < delayMs && aheadUntil < began) assert.equal(reason, 'wait');
          }
          if (reason === 'wait') firstAt.set(next.client, waited < retryWindowMs ? began : now);
          if (reason === 'greylist-passed') {
            passedAt.set(next.client, now);
            firstAt.delete(next.client);
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  test('never waits longer than its delay, whatever jump is believed, and once more at most where a clock was set back', async () => {
    const step = fc.record({ pause, client, to: fc.option(fc.oneof(fc.constant(0), near, far)) });
    await fc.assert(
      fc.asyncProperty(histories(step), async (steps) => {
        const site = new Site();
        const firstAt = new Map<number, number>();
        /** Who was put off though the delay was over: by clocks set back by less than a window. */
        const blockedAt = new Map<number, number>();
        let isSetBack = false;
        for (const next of steps) {
          if (next === undefined) continue;
          const stepMs = (next.to ?? site.aheadMs) - site.aheadMs;
          isSetBack ||= stepMs < 0;
          if (next.to !== null) site.set(next.to);
          site.run(next.pause);
          const now = site.machine.realNow();
          const isBlocked = (await site.mail(next.client)) === 'wait';
          const began = firstAt.get(next.client) ?? now;
          const isDue = now - began >= delayMs + TOLERANCE_MS && now - began < retryWindowMs - HOUR;
          const blocked = blockedAt.get(next.client);
          if (isBlocked && isDue) {
            assert.ok(isSetBack, 'no clock was set back');
            if (blocked === undefined) blockedAt.set(next.client, now);
            else assert.ok(now - blocked < delayMs + TOLERANCE_MS, 'it waits for another delay');
          } else if (!isBlocked || now - began >= retryWindowMs - HOUR) {
            blockedAt.delete(next.client);
          }
          if (!isBlocked) firstAt.delete(next.client);
          else firstAt.set(next.client, now - began < retryWindowMs - HOUR ? began : now);
        }
      }),
      { numRuns: 200 },
    );
  });
});
