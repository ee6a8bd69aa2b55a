import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import type { Correspondence, Source } from '../../../src/greylist/correspondence.js';
import { parseIpAddress } from '../../../src/mail/ip-address.js';
import {
  isSameCorrespondence,
  mergeCorrespondences,
} from '../../../src/migrate/merge-correspondences.js';
import { DAY, HOUR, MINUTE, T0 } from '../../support/greylist-settings.js';

function source(text: string, more: Partial<Source> = {}): Source {
  const address = parseIpAddress(text);
  assert.ok(address);
  const times = { firstSeenAt: T0, lastSeenAt: T0, expiresAt: T0 + 2 * DAY };
  return {
    address,
    prefix: 24,
    name: undefined,
    attempts: 1,
    passedAt: undefined,
    ...times,
    ...more,
  };
}

const record = (...sources: readonly Source[]): Correspondence => ({ series: undefined, sources });

/** Merged both ways round, which must be the same. */
function merge(a: Correspondence, b: Correspondence, now = T0 + HOUR): Correspondence {
  const merged = mergeCorrespondences(a, b, now);
  assert.deepEqual(mergeCorrespondences(b, a, now), merged);
  return merged;
}

const passed = { lastSeenAt: T0 + 5 * MINUTE, passedAt: T0 + 5 * MINUTE, expiresAt: T0 + 36 * DAY };

describe('one source', () => {
  test('that waits in both: the earlier clock, the later end, where it came from last', () => {
    const early = source('192.0.2.1', { name: 'mx1.example', attempts: 3 });
    const late = source('192.0.2.9', {
      firstSeenAt: T0 + MINUTE,
      lastSeenAt: T0 + MINUTE,
      expiresAt: T0 + 2 * DAY + MINUTE,
      prefix: 16,
    });
    const { firstSeenAt } = early;
    const expected = { ...late, firstSeenAt, attempts: 3 };
    assert.deepEqual(merge(record(early), record(late)).sources, [expected]);
  });

  test('that has passed in one: passed is never lost to what waits', () => {
    const known = source('192.0.2.1', passed);
    const waiting = source('192.0.2.9', { lastSeenAt: T0 + 30 * MINUTE, prefix: 16 });
    const expected = { ...known, prefix: 16 };
    assert.deepEqual(merge(record(known), record(waiting)).sources, [expected]);
  });

  test('that has passed in both: the first time, and the longer life', () => {
    const first = source('192.0.2.1', passed);
    const second = source('192.0.2.2', {
      ...passed,
      passedAt: T0 + 9 * MINUTE,
      lastSeenAt: T0 + DAY,
      expiresAt: T0 + 37 * DAY,
    });
    const { passedAt } = first;
    assert.deepEqual(merge(record(first), record(second)).sources, [{ ...second, passedAt }]);
  });

  test('that has ended in one lends its clock to nobody', () => {
    const ended = source('192.0.2.1', {
      firstSeenAt: T0 - 9 * DAY,
      expiresAt: T0 - 7 * DAY,
      prefix: 8,
    });
    const waiting = source('192.0.2.2');
    assert.deepEqual(merge(record(ended), record(waiting)).sources, [waiting]);
    const known = source('192.0.2.2', { ...passed, expiresAt: T0 });
    assert.deepEqual(merge(record(known), record(waiting), T0 + HOUR).sources, [waiting]);
  });

  test('that has ended in both has', () => {
    const over = source('192.0.2.1', { expiresAt: T0 });
    const other = source('192.0.2.1', { expiresAt: T0, passedAt: T0 });
    assert.deepEqual(merge(record(over), record(other)).sources, [other]);
  });
});

describe('several sources', () => {
  test('of different networks stand side by side', () => {
    const [a, b, c] = [
      source('192.0.2.1'),
      source('192.0.3.1'),
      source('2001:db8::1', { prefix: 64 }),
    ];
    assert.deepEqual(merge(record(a, c), record(b)).sources, [a, b, c]);
  });

  test('that a wider one brings together are one', () => {
    const wide = source('192.0.9.9', { prefix: 16 });
    const merged = merge(record(source('192.0.2.1'), source('192.0.3.1')), record(wide));
    assert.equal(merged.sources.length, 1);
    assert.equal(merged.sources[0]?.prefix, 16);
  });

  test('are at most 32: those stay that are worth most', () => {
    const many = (kind: Partial<Source>, from: number, count: number): readonly Source[] =>
      Array.from({ length: count }, (_, n) => source(`10.${from}.${n}.1`, kind));
    const known = many(passed, 1, 12);
    const returned = many({ attempts: 2 }, 2, 12);
    const once = many({ lastSeenAt: T0 + 1, firstSeenAt: T0 + 1 }, 3, 12);
    const ended = many({ expiresAt: T0 }, 4, 12);
    const { sources } = merge(record(...known, ...ended), record(...once, ...returned));
    const kept = (group: readonly Source[]): number =>
      group.filter((each) => sources.some(({ address }) => address.text === each.address.text))
        .length;
    assert.deepEqual([known, returned, once, ended].map(kept), [12, 12, 8, 0]);
  });

  test('of the same worth: the ones seen last', () => {
    const all = Array.from({ length: 40 }, (_, n) =>
      source(`10.1.${n}.1`, { ...passed, lastSeenAt: T0 + n }),
    );
    const { sources } = merge(record(...all.slice(0, 20)), record(...all.slice(20)));
    assert.deepEqual(
      sources.map(({ lastSeenAt }) => lastSeenAt - T0).sort((a, b) => a - b),
      Array.from({ length: 32 }, (_, n) => n + 8),
    );
  });
});

describe("the pair's own clock", () => {
  const series = { firstAt: T0, lastReturnAt: T0 + HOUR, returns: 1 };
  test('in both: the earlier beginning, the later return', () => {
    const other = { firstAt: T0 + 1, lastReturnAt: T0 + 2 * HOUR, returns: 0 };
    assert.deepEqual(merge({ series, sources: [] }, { series: other, sources: [] }).series, {
      firstAt: T0,
      lastReturnAt: T0 + 2 * HOUR,
      returns: 1,
    });
  });

  test('in one: it goes on unless the pair has passed since', () => {
    const waiting = { series, sources: [source('192.0.2.1')] };
    assert.deepEqual(merge(waiting, record(source('192.0.3.1'))).series, series);
    const before = source('192.0.3.1', { ...passed, passedAt: T0 });
    assert.deepEqual(merge(waiting, record(before)).series, series);
    assert.equal(merge(waiting, record(source('192.0.3.1', passed))).series, undefined);
    assert.equal(merge(record(), record()).series, undefined);
  });
});

test('two records are the same if they say the same, in whatever order', () => {
  const [a, b] = [source('192.0.2.1'), source('192.0.3.1')];
  assert.ok(isSameCorrespondence(record(a, b), record(b, a)));
  assert.ok(!isSameCorrespondence(record(a), record(b)));
  assert.ok(!isSameCorrespondence(record(a), record(a, b)));
  const series = { firstAt: T0, lastReturnAt: T0, returns: 0 };
  assert.ok(!isSameCorrespondence(record(a), { ...record(a), series }));
});
