import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DueSlots } from '../../../../src/store/level/due-slots.js';
import { fc } from '../../../support/properties.js';

function takeAll(due: DueSlots, batch: number): readonly (readonly number[])[] {
  return [...due.steps(batch)];
}

describe('slots that are due', () => {
  test('come in the order in which they lie, each once, so many at a time', () => {
    const due = new DueSlots();
    due.add([7, 3, 2 ** 53 - 1]);
    due.add([3, 0]);
    assert.equal(due.size, 5);
    assert.deepEqual(takeAll(due, 3), [[0, 3, 7], [2 ** 53 - 1]]);
  });

  test('are no steps if there are none', () => {
    assert.deepEqual(takeAll(new DueSlots(), 3), []);
  });

  test('are all there, in order, however many there are', () => {
    // More than are sorted at a time, several times over, and some that end with a run.
    const counts = fc.constantFrom(1, 4095, 4096, 4097, 8192, 20_000);
    fc.assert(
      fc.property(counts, fc.integer({ min: 1, max: 2 ** 31 - 1 }), (count, odd) => {
        const slots = Array.from({ length: count }, (_, at) => (at * (2 * odd + 1)) % 2 ** 20);
        const due = new DueSlots();
        for (let from = 0; from < count; from += 64) due.add(slots.slice(from, from + 64));
        assert.equal(due.size, count);
        const steps = takeAll(due, 64);
        const sorted = [...new Set(slots)].sort((one, other) => one - other);
        assert.deepEqual(steps.flat(), sorted);
        assert.ok(steps.slice(0, -1).every(({ length }) => length === 64));
      }),
      { numRuns: 30 },
    );
  });
});
