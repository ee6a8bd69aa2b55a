import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { advance } from '../../../src/greylist/advance.js';
import { releaseSources } from '../../../src/greylist/release.js';
import { DAY, MINUTE, SETTINGS, T0 } from '../../support/greylist-settings.js';
import { A, B, onlySource, play } from './history.js';

const all = { isMeant: () => true, autowhiteMs: 36 * DAY };

describe('what waits', () => {
  test('is known from now on, and its next attempt passes as any known one', () => {
    const { next } = play({ at: 0 });
    const release = releaseSources(next, all, T0 + MINUTE);
    assert.ok(release !== undefined);
    const source = onlySource(release.next);
    assert.deepEqual(release.released, [source]);
    assert.equal(source.passedAt, T0 + MINUTE);
    assert.equal(source.expiresAt, T0 + MINUTE + 36 * DAY);
    assert.equal(source.lastSeenAt, T0);
    assert.equal(release.next.series, undefined);
    const { outcome } = advance(release.next, A, SETTINGS, T0 + 2 * MINUTE);
    assert.deepEqual([outcome.kind, outcome.reason], ['pass', 'greylist-known']);
  });

  test('of somebody who is not meant goes on waiting', () => {
    const { next } = play({ at: 0 }, { at: MINUTE, by: B });
    const isMeant = ({ address }: { address: { text: string } }): boolean =>
      address.text === B.address.text;
    const release = releaseSources(next, { ...all, isMeant }, T0 + MINUTE);
    assert.ok(release !== undefined);
    assert.deepEqual(
      release.next.sources.map(({ passedAt }) => passedAt),
      [undefined, T0 + MINUTE],
    );
    assert.equal(release.released.length, 1);
    assert.equal(releaseSources(next, { ...all, isMeant: () => false }, T0), undefined);
  });
});

test('what is known, or has ended, stays as it is', () => {
  const known = play({ at: 0 }, { at: 10 * MINUTE }).next;
  assert.equal(releaseSources(known, all, T0 + 11 * MINUTE), undefined);
  const { next } = play({ at: 0 });
  const { expiresAt } = onlySource(next);
  assert.equal(releaseSources(next, all, expiresAt), undefined);
  assert.ok(releaseSources(next, all, expiresAt - 1) !== undefined);
});
