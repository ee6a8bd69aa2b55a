import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { RateWindow } from '../../../src/rules/rate-window.js';

const WINDOW = 160_000;
const STEP = 10_000;

describe('a window of rates', () => {
  test('counts each key for itself, this time included', () => {
    const rates = new RateWindow();
    assert.equal(rates.hit('a', WINDOW, 0), 1);
    assert.equal(rates.hit('a', WINDOW, 0), 2);
    assert.equal(rates.hit('b', WINDOW, 0), 1);
    assert.equal(rates.hit('a', WINDOW, 0, 3), 5);
  });

  test('forgets what is a window ago, not before the last step of it', () => {
    const rates = new RateWindow();
    rates.hit('a', WINDOW, 0, 2);
    rates.hit('a', WINDOW, STEP);
    assert.equal(rates.hit('a', WINDOW, WINDOW - 1, 0), 3);
    assert.equal(rates.hit('a', WINDOW, WINDOW, 0), 1);
    assert.equal(rates.hit('a', WINDOW, WINDOW + STEP, 0), 0);
    assert.equal(rates.hit('a', WINDOW, 1e9 * WINDOW), 1);
  });

  test('asks without counting, also for a key that it does not know', () => {
    const rates = new RateWindow();
    assert.equal(rates.hit('a', WINDOW, 0, 0), 0);
    assert.equal(rates.size, 0);
    rates.hit('a', WINDOW, 0);
    assert.equal(rates.hit('a', WINDOW, 0, 0), 1);
    assert.equal(rates.hit('a', WINDOW, 0), 2);
  });

  test('loses nothing when the clock is set back', () => {
    const rates = new RateWindow();
    rates.hit('a', WINDOW, WINDOW);
    assert.equal(rates.hit('a', WINDOW, 0), 2);
    assert.equal(rates.hit('a', WINDOW, WINDOW), 3);
  });

  test('begins anew when the clock is set back by more than a window', () => {
    const rates = new RateWindow();
    rates.hit('a', WINDOW, 100 * WINDOW, 5);
    assert.equal(rates.hit('a', WINDOW, 98 * WINDOW, 0), 0);
    assert.equal(rates.hit('a', WINDOW, 98 * WINDOW), 1);
    assert.equal(rates.hit('a', WINDOW, 100 * WINDOW), 1, 'what was counted in between is over');
  });

  test('begins anew with another window', () => {
    const rates = new RateWindow();
    rates.hit('a', WINDOW, 0);
    assert.equal(rates.hit('a', 2 * WINDOW, 0, 0), 0);
    assert.equal(rates.hit('a', 2 * WINDOW, 0), 1);
  });

  test('forgets the keys that were not seen for longest when there are too many', () => {
    const rates = new RateWindow(4);
    for (const key of ['a', 'b', 'a', 'c', 'a', 'd', 'e']) rates.hit(key, WINDOW, 0);
    assert.equal(rates.size <= 4, true);
    assert.equal(rates.hit('a', WINDOW, 0, 0), 3);
    assert.equal(rates.hit('b', WINDOW, 0, 0), 0);
  });
});
