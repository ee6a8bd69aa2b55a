import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { advance } from '../../../src/greylist/advance.js';
import type { Correspondence } from '../../../src/greylist/correspondence.js';
import { readAcross } from '../../../src/greylist/time-gap.js';
import { DAY, HOUR, MINUTE, SETTINGS, T0 } from '../../support/greylist-settings.js';
import { A, B, KNOWN, onlySource, play } from './history.js';

const YEAR = 365 * DAY;

/** A clock that was set ahead by a year an hour after the beginning, and is followed. */
const year = { beganAt: T0 + HOUR, endedAt: T0 + HOUR + YEAR };

/** What becomes of an attempt of A when a year has been gained. */
function after(record: Correspondence, at: number): ReturnType<typeof advance> {
  const now = T0 + YEAR + at;
  return advance(readAcross(year, record, now), A, SETTINGS, now);
}

describe('across a gap', () => {
  test('a known source is still known, and lives as long as ever from then on', () => {
    const { next: record } = play(...KNOWN);
    const { outcome, next } = after(record, 2 * HOUR);
    assert.equal(outcome.reason, 'greylist-known');
    assert.equal(onlySource(next).expiresAt, T0 + YEAR + 2 * HOUR + 36 * DAY);
    const later = T0 + YEAR + 3 * HOUR;
    assert.equal(readAcross(year, next, later), next, 'what was seen since is as it is');
  });

  test('a source that waits has waited long enough, how long nobody says', () => {
    const { next: record } = play({ at: HOUR - MINUTE });
    const { outcome } = after(record, HOUR);
    assert.equal(outcome.reason, 'greylist-passed');
    assert.equal(outcome.delayedMs, 0);
  });

  test('what had ended before it has ended', () => {
    const { next } = play({ at: -3 * DAY });
    assert.equal(readAcross(year, next, year.endedAt), next);
  });

  test('what came after it waits as ever', () => {
    const begun = after({ series: undefined, sources: [] }, HOUR);
    assert.equal(begun.outcome.kind, 'wait');
    const early = after(begun.next, HOUR + 2 * MINUTE);
    assert.equal(early.outcome.kind === 'wait' && early.outcome.waitMs, MINUTE);
    assert.equal(after(early.next, HOUR + 3 * MINUTE).outcome.reason, 'greylist-passed');
  });

  test('each source of a pair is read by itself', () => {
    const { next } = play({ at: 0 }, { at: HOUR + 1, by: B });
    const empty = { beganAt: T0 + HOUR, endedAt: T0 + HOUR };
    const { series, sources } = readAcross(empty, next, T0 + HOUR + 2);
    assert.equal(series, next.series);
    assert.ok((sources[0]?.firstSeenAt ?? 0) > T0 + HOUR + 2);
    assert.equal(sources[1], next.sources[1]);
  });

  test('a life that is long enough is not prolonged', () => {
    const { next } = play(...KNOWN);
    const empty = { beganAt: T0 + HOUR, endedAt: T0 + HOUR };
    const read = readAcross(empty, next, T0 + HOUR);
    assert.equal(onlySource(read).expiresAt, onlySource(next).expiresAt);
  });
});
