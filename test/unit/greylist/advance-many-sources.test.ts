import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { advance, correspondenceExpiresAt } from '../../../src/greylist/advance.js';
import type { AttemptSource } from '../../../src/greylist/advance.js';
import { MAX_SOURCES } from '../../../src/greylist/correspondence.js';
import { DAY, HOUR, MINUTE, SETTINGS, T0 } from '../../support/greylist-settings.js';
import { A, KNOWN, from, play } from './history.js';
import type { Step } from './history.js';

describe('patience', () => {
  const pool = [0, 1, 2, 3, 4, 5, 6].map((n) => from(`198.51.${n}.1`));
  const attempt = (n: number, at: number): Step => ({ at, by: pool[n] ?? A });

  test('lets a pair pass that came back often enough over long enough', () => {
    const steps = [attempt(0, 0), attempt(1, HOUR), attempt(2, 2 * HOUR), attempt(3, 3 * HOUR)];
    assert.equal(play(...steps).outcome.kind, 'wait');
    const { outcome, next } = play(...steps, attempt(4, 4 * HOUR));
    assert.deepEqual(outcome, {
      kind: 'pass',
      reason: 'patience',
      identity: undefined,
      delayedMs: 4 * HOUR,
      attempts: 1,
      clockAt: T0 + 4 * HOUR,
    });
    assert.equal(next.series, undefined);
    assert.equal(next.sources.at(-1)?.passedAt, T0 + 4 * HOUR);
    assert.equal(next.sources.at(-1)?.expiresAt, T0 + 4 * HOUR + 36 * DAY);
    const again = advance(next, attempt(4, 0).by ?? A, SETTINGS, T0 + 5 * HOUR);
    assert.equal(again.outcome.reason, 'greylist-known');
  });

  test('does not count what comes back sooner than a delay', () => {
    const steps = [0, 1, 2, 3, 4].map((n) => attempt(n, n * MINUTE));
    const { outcome, next } = play(...steps, attempt(5, 4 * HOUR));
    assert.equal(outcome.kind, 'wait');
    assert.equal(next.series?.returns, 2);
  });

  test('begins anew after a pass', () => {
    const { next } = play(
      attempt(0, 0),
      attempt(1, HOUR),
      attempt(2, 2 * HOUR),
      attempt(3, 3 * HOUR),
      attempt(0, 3 * HOUR),
      attempt(4, 4 * HOUR),
    );
    assert.deepEqual(next.series, {
      firstAt: T0 + 4 * HOUR,
      lastReturnAt: T0 + 4 * HOUR,
      returns: 0,
    });
  });

  test('is not touched by the mail of a known source', () => {
    const { next } = play(
      ...KNOWN,
      attempt(1, HOUR),
      { at: 5 * HOUR, by: A },
      { at: 2 * DAY, by: A },
    );
    assert.deepEqual(next.series, { firstAt: T0 + HOUR, lastReturnAt: T0 + HOUR, returns: 0 });
  });

  test('can be turned off', () => {
    const steps = [0, 1, 2, 3, 4, 5, 6].map((n) => ({
      ...attempt(n, n * HOUR),
      with: { patience: undefined },
    }));
    assert.equal(play(...steps).outcome.kind, 'wait');
  });
});

describe('a pair with many sources', () => {
  const host = (n: number): AttemptSource => from(`10.${n}.0.1`);
  const atOnce = { delayMs: 0 };
  const known = Array.from({ length: MAX_SOURCES }, (_, n) => ({
    at: n,
    by: host(n),
    with: atOnce,
  }));

  test('is a pool when all places are taken by known ones: what is new passes, and nothing is stored', () => {
    const before = play(...known).next;
    const { outcome, next } = advance(before, host(99), SETTINGS, T0 + HOUR);
    assert.deepEqual(outcome, {
      kind: 'pass',
      reason: 'pool',
      identity: undefined,
      delayedMs: 0,
      attempts: 1,
      clockAt: undefined,
    });
    assert.equal(next, before);
  });

  test('lets a waiting one give way to a new one', () => {
    const before = play(...known.slice(1), { at: 50, by: host(50) }).next;
    const { outcome, next } = advance(before, host(51), SETTINGS, T0 + HOUR);
    assert.equal(outcome.reason, 'greylist-new');
    assert.equal(next.sources.length, MAX_SOURCES);
    assert.equal(next.sources.at(-1)?.address.text, '10.51.0.1');
    assert.ok(!next.sources.some((source) => source.address.text === '10.50.0.1'));
  });

  test('is no pool any more when one of them has ended', () => {
    const { next } = play(...known);
    const expiresAt = T0 + 36 * DAY;
    assert.equal(advance(next, host(99), SETTINGS, expiresAt - 1).outcome.reason, 'pool');
    assert.equal(advance(next, host(99), SETTINGS, expiresAt).outcome.reason, 'greylist-new');
    assert.equal(advance(next, host(0), SETTINGS, expiresAt).outcome.reason, 'greylist-expired');
    assert.equal(correspondenceExpiresAt(next), expiresAt + MAX_SOURCES - 1 + 24 * 60 * 60 * 1000);
  });
});
