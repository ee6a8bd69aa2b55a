import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { MAX_SOURCES } from '../../../src/greylist/correspondence.js';
import type { Source } from '../../../src/greylist/correspondence.js';
import { isFullOfPassed, placeSource } from '../../../src/greylist/source-list.js';
import { ipAddressFromBytes } from '../../../src/mail/ip-address.js';

const NOW = 100_000;
const WINDOW_MS = 10_000;

/** The n-th source: known, unless more is said. */
function sourceOf(n: number, more: Partial<Source> = {}): Source {
  return {
    address: ipAddressFromBytes(Uint8Array.of(10, 0, n, 1)),
    prefix: 24,
    name: undefined,
    firstSeenAt: 50_000 + n,
    lastSeenAt: NOW,
    attempts: 2,
    passedAt: 60_000,
    expiresAt: NOW + 50_000,
    ...more,
  };
}

const FULL = Array.from({ length: MAX_SOURCES }, (_, n) => sourceOf(n));

const WAITING = { passedAt: undefined };
const NEVER_RETRIED = { passedAt: undefined, attempts: 1 };
const ENDED = { expiresAt: NOW };

/** Older than its neighbours, wherever it stands. */
const OLD = { firstSeenAt: 40_000 };

describe('isFullOfPassed', () => {
  test('only when every place is taken by a source that has passed and lives', () => {
    assert.equal(isFullOfPassed(FULL, NOW), true);
    assert.equal(isFullOfPassed(FULL.slice(1), NOW), false);
    assert.equal(isFullOfPassed(FULL.with(9, sourceOf(9, WAITING)), NOW), false);
    assert.equal(isFullOfPassed(FULL.with(9, sourceOf(9, ENDED)), NOW), false);
  });
});

describe('placeSource', () => {
  test('puts a source in the place of what it replaces', () => {
    const [first, second, third] = FULL.slice(0, 3);
    assert.ok(first !== undefined && second !== undefined && third !== undefined);
    const next = sourceOf(2, { attempts: 3 });
    const placed = placeSource([first, second, third], second, next, WINDOW_MS);
    assert.deepEqual(placed, [first, next, third]);
    assert.equal(placed[1], next);
  });

  test('appends a new source', () => {
    const next = sourceOf(3, NEVER_RETRIED);
    assert.deepEqual(placeSource([sourceOf(1)], undefined, next, WINDOW_MS), [sourceOf(1), next]);
    assert.deepEqual(placeSource([], undefined, next, WINDOW_MS), [next]);
  });

  test('drops what ended a retry window ago, and keeps what ended later', () => {
    const gone = sourceOf(1, { expiresAt: NOW - WINDOW_MS });
    const ended = sourceOf(2, { expiresAt: NOW - WINDOW_MS + 1 });
    const next = sourceOf(3);
    assert.deepEqual(placeSource([gone, ended], undefined, next, WINDOW_MS), [ended, next]);
    assert.deepEqual(placeSource([gone, ended], gone, next, WINDOW_MS), [next, ended]);
  });

  const givesWay: readonly (readonly [
    name: string,
    others: readonly [number, Partial<Source>][],
    n: number,
  ])[] = [
    [
      'one that has ended before one that waits',
      [
        [4, NEVER_RETRIED],
        [8, ENDED],
      ],
      8,
    ],
    [
      'of those that have ended the oldest',
      [
        [4, ENDED],
        [8, { ...ENDED, ...OLD }],
        [9, ENDED],
      ],
      8,
    ],
    [
      'one that never retried before one that did',
      [
        [4, WAITING],
        [8, NEVER_RETRIED],
      ],
      8,
    ],
    [
      'of those that never retried the oldest',
      [
        [6, NEVER_RETRIED],
        [7, { ...NEVER_RETRIED, ...OLD }],
        [8, NEVER_RETRIED],
      ],
      7,
    ],
    [
      'of those that retried the oldest',
      [
        [6, WAITING],
        [7, { ...WAITING, ...OLD }],
        [8, WAITING],
      ],
      7,
    ],
    ['the only one that waits', [[31, WAITING]], 31],
  ];
  for (const [name, others, n] of givesWay) {
    test(`lets give way, when the list is full: ${name}`, () => {
      let sources: readonly Source[] = FULL;
      for (const [index, more] of others) sources = sources.with(index, sourceOf(index, more));
      const next = sourceOf(99, NEVER_RETRIED);
      const placed = placeSource(sources, undefined, next, WINDOW_MS);
      assert.deepEqual(placed, [...sources.toSpliced(n, 1), next]);
    });
  }
});
