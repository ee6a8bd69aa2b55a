import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SweepGuard } from '../../../../src/store/level/sweep-guard.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const START = Date.UTC(2030, 0, 1);

/** Two clocks that run together, and a step that only the one makes that can be set. */
class TwoClocks {
  #now = START;
  #monotonic = 5;
  readonly now = (): number => this.#now;
  readonly monotonicNow = (): number => this.#monotonic;

  run(ms: number): void {
    this.#now += ms;
    this.#monotonic += ms;
  }

  step(ms: number): void {
    this.#now += ms;
  }
}

function guarded(lastNoted?: number): { clocks: TwoClocks; guard: SweepGuard } {
  const clocks = new TwoClocks();
  return { clocks, guard: new SweepGuard(clocks, lastNoted) };
}

describe('the sweep guard', () => {
  test('believes a clock that keeps pace, however long', () => {
    const { clocks, guard } = guarded();
    for (let day = 0; day < 400; day++) {
      clocks.run(DAY_MS);
      assert.ok(guard.believes());
    }
  });

  test('follows small corrections, so that they do not add up', () => {
    const { clocks, guard } = guarded();
    for (let day = 0; day < 100; day++) {
      clocks.run(DAY_MS);
      clocks.step(HOUR_MS / 2);
      assert.ok(guard.believes());
    }
  });

  test('believes a step of an hour, and not one beyond it', () => {
    const { clocks, guard } = guarded();
    clocks.step(HOUR_MS);
    assert.ok(guard.believes());
    clocks.step(HOUR_MS + 1);
    assert.ok(!guard.believes());
  });

  test('believes a clock that was set back, for it deletes nothing early', () => {
    const { clocks, guard } = guarded();
    clocks.step(-300 * DAY_MS);
    assert.ok(guard.believes());
    clocks.step(300 * DAY_MS);
    assert.ok(guard.believes(), 'and back to where it should be');
    clocks.step(2 * HOUR_MS);
    assert.ok(!guard.believes());
  });

  test('believes again at once when a jump is taken back', () => {
    const { clocks, guard } = guarded();
    clocks.step(40 * DAY_MS);
    assert.ok(!guard.believes());
    clocks.run(HOUR_MS);
    clocks.step(-40 * DAY_MS);
    assert.ok(guard.believes());
  });

  test('takes a new time for confirmed after 24 hours without another step', () => {
    const { clocks, guard } = guarded();
    clocks.step(40 * DAY_MS);
    assert.ok(!guard.believes());
    clocks.run(DAY_MS - 1);
    assert.ok(!guard.believes());
    clocks.run(1);
    assert.ok(guard.believes());
    clocks.run(DAY_MS);
    assert.ok(guard.believes());
  });

  test('starts the 24 hours over at every further step', () => {
    const { clocks, guard } = guarded();
    clocks.step(40 * DAY_MS);
    assert.ok(!guard.believes());
    clocks.run(DAY_MS - 1);
    clocks.step(2 * HOUR_MS);
    assert.ok(!guard.believes());
    clocks.run(DAY_MS - 1);
    assert.ok(!guard.believes());
    clocks.run(1);
    assert.ok(guard.believes());
  });

  for (const away of [30 * DAY_MS, -30 * DAY_MS]) {
    const days = String(away / DAY_MS);
    test(`believes a start ${days} days after the last note, and none further away`, () => {
      assert.ok(guarded(START - away).guard.believes());
      const { clocks, guard } = guarded(START - away - Math.sign(away));
      assert.ok(!guard.believes());
      clocks.run(DAY_MS);
      assert.ok(guard.believes(), 'after 24 hours it is confirmed');
    });
  }
});
