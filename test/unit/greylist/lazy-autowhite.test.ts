import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import type { ClientAutowhite } from '../../../src/greylist/client-autowhite.js';
import { knowsLazily, renewLazily } from '../../../src/greylist/lazy-autowhite.js';
import { DAY, HOUR, T0 } from '../../support/greylist-settings.js';

function remembered(since: number, now = since): ClientAutowhite {
  const record = renewLazily(undefined, { since, forMs: DAY, now });
  assert.ok(record !== undefined);
  return record;
}

describe('a client that is known by any of its triplets', () => {
  const record = remembered(T0, T0 + HOUR);
  const asked = { since: T0 + HOUR, forMs: DAY, now: T0 + HOUR };

  test('passes for as long as that one is known', () => {
    assert.equal(knowsLazily(record, asked), true);
    assert.equal(knowsLazily(record, { ...asked, now: T0 + HOUR + DAY }), true);
    assert.equal(knowsLazily(record, { ...asked, now: T0 + HOUR + DAY + 1 }), false);
  });

  test('waits with a triplet that began before the known one', () => {
    assert.equal(knowsLazily(record, { ...asked, since: T0 - 1 }), false);
    assert.equal(knowsLazily(record, { ...asked, since: T0 }), true);
  });

  test('waits where nothing is to be known', () => {
    assert.equal(knowsLazily(record, { ...asked, forMs: 0 }), false);
  });

  test('waits if its record is one of points that are not enough', () => {
    assert.equal(knowsLazily({ ...record, isExempt: false }, asked), false);
  });
});

describe('what is remembered of such a client', () => {
  test('is when its first known triplet began', () => {
    const later = renewLazily(remembered(T0 + 5, T0 + HOUR), {
      since: T0,
      forMs: DAY,
      now: T0 + HOUR,
    });
    assert.equal(later?.lastPointAt, T0);
    assert.equal(remembered(T0 + HOUR, T0).lastPointAt, T0);
  });

  test('is renewed by its mail, no more than once a second', () => {
    const record = remembered(T0);
    const next = { since: T0 + 5, forMs: DAY };
    assert.equal(renewLazily(record, { ...next, now: T0 + 999 }), undefined);
    const renewed = renewLazily(record, { ...next, now: T0 + 1000 });
    assert.deepEqual([renewed?.expiresAt, renewed?.lastPointAt], [T0 + 1000 + DAY + 1, T0]);
    const shorter = renewLazily(record, { ...next, forMs: HOUR, now: T0 + 10 });
    assert.equal(shorter?.expiresAt, T0 + 10 + HOUR + 1);
  });

  test('begins anew once it has ended, or was something else', () => {
    const ended = renewLazily(remembered(T0), {
      since: T0 + 2 * DAY,
      forMs: DAY,
      now: T0 + 2 * DAY,
    });
    assert.equal(ended?.lastPointAt, T0 + 2 * DAY);
    const points = { ...remembered(T0), isExempt: false };
    const other = renewLazily(points, { since: T0 + 5, forMs: DAY, now: T0 + 5 });
    assert.deepEqual([other?.lastPointAt, other?.isExempt], [T0 + 5, true]);
  });
});
