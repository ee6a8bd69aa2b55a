import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createManualClock } from '../../support/manual-clock.js';

test('a manual clock stands still, moves on, steps back and is set', () => {
  const clock = createManualClock(1000);
  assert.equal(clock.now(), 1000);
  clock.advance(500);
  assert.equal(clock.now(), 1500);
  clock.advance(-600);
  assert.equal(clock.now(), 900);
  clock.set(7);
  assert.equal(clock.now(), 7);
});
