import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  finish,
  finishInTurns,
  sortInSteps,
  STEP_SIZE,
  type Steps,
} from '../../../src/rules/steps.js';

function* count(to: number): Steps<string> {
  for (let step = 0; step < to; step++) yield;
  return `${to} steps`;
}

/** Somebody who wants his turn after so many steps. */
function impatient(patience: number) {
  let asked = 0;
  let turns = 0;
  return {
    get isOver(): boolean {
      return ++asked % patience === 0;
    },
    next: () => {
      turns += 1;
      return Promise.resolve();
    },
    turns: () => turns,
  };
}

describe('work in steps', () => {
  test('comes to the same at once and with turns for others', async () => {
    assert.equal(finish(count(5)), '5 steps');
    const other = impatient(2);
    assert.equal(await finishInTurns(count(5), other), '5 steps');
    assert.equal(other.turns(), 2);
  });

  test('ends with what it throws', async () => {
    function* broken(): Steps<never> {
      yield;
      throw new Error('broken');
    }
    assert.throws(() => finish(broken()), /broken/);
    await assert.rejects(finishInTurns(broken(), impatient(1)), /broken/);
  });
});

describe('an order that is found in steps', () => {
  for (const size of [0, 1, STEP_SIZE, STEP_SIZE + 1, 10 * STEP_SIZE + 7]) {
    test(`is that of sort(), also of equals: ${size} items`, () => {
      const items = Array.from({ length: size }, (_, index) => ({
        key: (index * 7919) % 101,
        index,
      }));
      const compare = (a: { key: number }, b: { key: number }): number => a.key - b.key;
      assert.deepEqual(finish(sortInSteps(items, compare)), items.toSorted(compare));
    });
  }

  test('is found bit by bit', () => {
    const items = Array.from({ length: 100 * STEP_SIZE }, (_, key) => ({ key: -key }));
    const sorting = sortInSteps(items, (a, b) => a.key - b.key);
    let steps = 0;
    while (sorting.next().done !== true) steps += 1;
    assert.ok(steps > 300, `${steps} steps`);
  });
});
