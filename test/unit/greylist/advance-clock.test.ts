import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { DAY, HOUR, MINUTE, T0 } from '../../support/greylist-settings.js';
import { A, KNOWN, from, onlySource, play, waits } from './history.js';

describe('the recipients of one transaction', () => {
  const early = { clockAt: T0 };

  test('share the earliest clock', () => {
    const { outcome, next } = play({ at: MINUTE, by: { ...A, ...early } });
    assert.deepEqual(outcome, {
      kind: 'wait',
      reason: 'greylist-new',
      identity: undefined,
      waitMs: 2 * MINUTE,
      attempts: 1,
      clockAt: T0,
    });
    assert.equal(onlySource(next).firstSeenAt, T0);
    assert.equal(onlySource(next).expiresAt, T0 + 2 * DAY);
  });

  test('pass together', () => {
    const { outcome, next } = play({ at: 3 * MINUTE, by: { ...A, ...early } });
    assert.deepEqual(outcome, {
      kind: 'pass',
      reason: 'greylist-passed',
      identity: undefined,
      delayedMs: 3 * MINUTE,
      attempts: 1,
      clockAt: T0,
    });
    assert.equal(onlySource(next).passedAt, T0 + 3 * MINUTE);
  });

  test('take over an earlier clock, but keep their own window', () => {
    const { outcome, next } = play({ at: MINUTE }, { at: 2 * MINUTE, by: { ...A, ...early } });
    assert.equal(waits(outcome).waitMs, MINUTE);
    assert.equal(onlySource(next).firstSeenAt, T0);
    assert.equal(onlySource(next).expiresAt, T0 + MINUTE + 2 * DAY);
  });

  test('do not take over a later clock', () => {
    const { outcome } = play({ at: 0 }, { at: MINUTE, by: { ...A, clockAt: T0 + MINUTE } });
    assert.equal(waits(outcome).clockAt, T0);
  });

  test('do not take over a clock whose window is over', () => {
    const inside = play({ at: 2 * DAY - 1, by: { ...A, ...early } });
    assert.equal(inside.outcome.reason, 'greylist-passed');
    const { outcome } = play({ at: 2 * DAY, by: { ...A, ...early } });
    assert.equal(waits(outcome).clockAt, T0 + 2 * DAY);
  });

  test('do not take over a clock of the future', () => {
    const { outcome } = play({ at: 0, by: { ...A, clockAt: T0 + HOUR } });
    assert.equal(waits(outcome).waitMs, 3 * MINUTE);
    assert.equal(waits(outcome).clockAt, T0);
  });
});

describe('a clock that steps back', () => {
  test('by as much as clocks differ makes a source begin anew, and wait no longer than the delay', () => {
    const back = T0 - MINUTE;
    const { outcome, next } = play({ at: 0 }, { at: -MINUTE });
    assert.equal(waits(outcome).waitMs, 3 * MINUTE);
    assert.equal(waits(outcome).clockAt, back);
    assert.equal(onlySource(next).firstSeenAt, back);
    assert.equal(onlySource(next).lastSeenAt, back);
    assert.equal(onlySource(next).expiresAt, back + 2 * DAY);
    assert.deepEqual(next.series, { firstAt: back, lastReturnAt: back, returns: 0 });
  });

  test('by more lets a waiting source pass, for nobody can say how long it has waited', () => {
    for (const by of [MINUTE + 1, DAY, 400 * DAY]) {
      const { outcome, next } = play({ at: 0 }, { at: -by });
      assert.equal(outcome.kind, 'pass');
      assert.equal(outcome.reason, 'greylist-passed');
      assert.equal(outcome.delayedMs, 0);
      assert.equal(outcome.clockAt, T0 - by);
      assert.equal(onlySource(next).passedAt, T0 - by);
      assert.equal(onlySource(next).expiresAt, T0 - by + 36 * DAY);
    }
  });

  test('leaves a known triplet known', () => {
    const { outcome, next } = play(...KNOWN, { at: -400 * DAY });
    assert.equal(outcome.reason, 'greylist-known');
    assert.equal(onlySource(next).passedAt, T0 + 5 * MINUTE);
  });

  test('leaves no instant of a known triplet in the future when it is stored again', () => {
    const wide = { network: { ipv4: 16, ipv6: 64 } };
    const { next } = play(...KNOWN, { at: -DAY, by: from('203.0.9.9'), with: wide });
    const { firstSeenAt, lastSeenAt, passedAt } = onlySource(next);
    assert.deepEqual([firstSeenAt, lastSeenAt, passedAt], [T0 - DAY, T0 - DAY, T0 - DAY]);
  });
});
