import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { advance, runningClock } from '../../../src/greylist/advance.js';
import type { GreylistSettings } from '../../../src/greylist/advance.js';
import { DAY, HOUR, LEARNING, MINUTE, SETTINGS, T0 } from '../../support/greylist-settings.js';
import { A, B, KNOWN, from, onlySource, play, waits } from './history.js';

const week = 7 * DAY;
const learning: Partial<GreylistSettings> = { learnForMs: week };

describe('while learning', () => {
  test('what is new would wait, and is known from then on for a week', () => {
    const { outcome, next } = play({ at: 0, with: learning });
    assert.deepEqual(outcome, {
      kind: 'wait',
      reason: 'greylist-new',
      identity: undefined,
      waitMs: 3 * MINUTE,
      attempts: 1,
      clockAt: T0,
    });
    const { passedAt, expiresAt } = onlySource(next);
    assert.deepEqual([passedAt, expiresAt], [T0, T0 + week]);
    assert.equal(next.series, undefined, 'nothing was put off');
  });

  const rows: readonly (readonly [string, number, Partial<GreylistSettings>, string])[] = [
    ['is known at once', 1, learning, 'greylist-known'],
    ['is known when it is enforced', 1, {}, 'greylist-known'],
    ['is known to the last instant', week - 1, {}, 'greylist-known'],
    ['is forgotten after that', week, {}, 'greylist-expired'],
    ['may be learnt again', week, learning, 'greylist-expired'],
  ];
  for (const [what, at, settings, reason] of rows) {
    test(`what was learnt ${what}`, () => {
      const { outcome } = play({ at: 0, with: learning }, { at, with: settings });
      assert.equal(outcome.reason, reason);
    });
  }

  test('further mail makes it known for a week again', () => {
    const { next } = play({ at: 0, with: learning }, { at: 2 * DAY, with: learning });
    assert.equal(onlySource(next).expiresAt, T0 + 2 * DAY + week);
  });

  test('mail in enforce mode renews it like any other', () => {
    const { next } = play({ at: 0, with: learning }, { at: MINUTE, with: {} });
    assert.equal(onlySource(next).expiresAt, T0 + MINUTE + SETTINGS.autowhiteMs);
  });

  test('who was waiting is learnt', () => {
    const { outcome, next } = play({ at: 0 }, { at: MINUTE, with: learning });
    assert.equal(waits(outcome).reason, 'greylist-early');
    const { passedAt, expiresAt, attempts } = onlySource(next);
    assert.deepEqual([passedAt, expiresAt, attempts], [T0 + MINUTE, T0 + MINUTE + week, 2]);
  });

  test('who has waited for long enough has passed, and is known for long', () => {
    const { outcome, next } = play({ at: 0 }, { at: 5 * MINUTE, with: learning });
    assert.equal(outcome.reason, 'greylist-passed');
    assert.equal(onlySource(next).expiresAt, T0 + 5 * MINUTE + SETTINGS.autowhiteMs);
  });

  test('who passed before is renewed for as long as ever', () => {
    const { next } = play(...KNOWN, { at: 30 * DAY, with: learning });
    assert.equal(onlySource(next).expiresAt, T0 + 30 * DAY + SETTINGS.autowhiteMs);
  });

  test('nothing is known for longer than what has passed', () => {
    const probe = { ...learning, autowhiteMs: DAY, renew: false };
    const { next } = play({ at: 0, with: probe }, { at: HOUR, with: probe });
    assert.equal(onlySource(next).expiresAt, T0 + DAY, 'nor renewed, if its like is not');
  });

  test('another source of the pair is learnt beside it', () => {
    const { next } = play({ at: 0, with: learning }, { at: 1, by: B, with: learning });
    assert.deepEqual(
      next.sources.map(({ expiresAt }) => expiresAt - T0),
      [week, week + 1],
    );
  });
});

describe('the clock that runs for a source', () => {
  test('is that of a source that waits', () => {
    const { next } = play({ at: 0 }, { at: MINUTE });
    assert.equal(runningClock(next, A, SETTINGS, T0 + 2 * MINUTE), T0);
    assert.equal(runningClock(next, from('203.0.113.99'), SETTINGS, T0 + 2 * MINUTE), T0);
  });

  test('is never in the future', () => {
    assert.equal(runningClock(play({ at: 0 }).next, A, SETTINGS, T0 - 1), T0 - 1);
  });

  test('is none for what is new, known, learnt, or came too late', () => {
    const { next } = play({ at: 0 });
    assert.equal(runningClock(next, B, SETTINGS, T0), undefined);
    assert.equal(runningClock(next, A, SETTINGS, T0 + SETTINGS.retryWindowMs), undefined);
    assert.equal(runningClock(play(...KNOWN).next, A, SETTINGS, T0 + HOUR), undefined);
    const learnt = advance(undefined, A, LEARNING, T0).next;
    assert.equal(runningClock(learnt, A, SETTINGS, T0 + 1), undefined);
  });
});
