import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { ScoreTally } from '../../../../src/rules/conditions/score-tally.js';

function tally(weights: readonly number[], threshold: number): ScoreTally {
  return new ScoreTally(
    weights.map((weight) => ({ weight })),
    threshold,
  );
}

describe('a tally of scores', () => {
  test('is certain as soon as the others cannot change it', () => {
    const some = tally([1, 1, 1], 2);
    assert.equal(some.count(1, 'yes'), undefined);
    assert.equal(some.count(1, 'no'), undefined);
    assert.equal(some.count(1, 'yes'), 'yes');
    const none = tally([1, 1, 1], 2);
    assert.equal(none.count(1, 'no'), undefined);
    assert.equal(none.count(1, 'no'), 'no');
  });

  test('waits for weights that lower the score', () => {
    const one = tally([3, -2], 3);
    assert.equal(one.count(3, 'yes'), undefined);
    assert.equal(one.count(-2, 'no'), 'yes');
    const other = tally([3, -2], 3);
    assert.equal(other.count(-2, 'yes'), 'no');
  });

  test('keeps open who has no answer', () => {
    const one = tally([1], 1);
    assert.equal(one.count(1, 'unknown'), undefined);
    assert.equal(one.conclude(), 'unknown');
    const other = tally([1, 1], 1);
    assert.equal(other.count(1, 'unknown'), undefined);
    assert.equal(other.count(1, 'yes'), 'yes');
    assert.equal(other.conclude(), 'yes');
  });

  test('of nobody is certain from the start', () => {
    assert.equal(tally([], 1).conclude(), 'no');
    assert.equal(tally([], 0).conclude(), 'yes');
  });
});
