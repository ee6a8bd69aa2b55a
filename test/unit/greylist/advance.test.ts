import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { advance, correspondenceExpiresAt } from '../../../src/greylist/advance.js';
import type { AttemptSource } from '../../../src/greylist/advance.js';
import { DAY, HOUR, MINUTE, SETTINGS, T0 } from '../../support/greylist-settings.js';
import { A, B, KNOWN, from, onlySource, play, waits } from './history.js';

describe('a new triplet', () => {
  test('waits for the delay', () => {
    const { outcome, next } = play({ at: 0 });
    assert.deepEqual(outcome, {
      kind: 'wait',
      reason: 'greylist-new',
      identity: undefined,
      waitMs: 3 * MINUTE,
      attempts: 1,
      clockAt: T0,
    });
    assert.deepEqual(next, {
      series: { firstAt: T0, lastReturnAt: T0, returns: 0 },
      sources: [
        {
          address: A.address,
          prefix: 24,
          name: undefined,
          firstSeenAt: T0,
          lastSeenAt: T0,
          attempts: 1,
          passedAt: undefined,
          expiresAt: T0 + 2 * DAY,
        },
      ],
    });
    assert.equal(correspondenceExpiresAt(next), T0 + 2 * DAY + DAY);
  });

  test('passes at once without a delay', () => {
    const { outcome, next } = play({ at: 0, with: { delayMs: 0 } });
    assert.deepEqual(outcome, {
      kind: 'pass',
      reason: 'greylist-passed',
      identity: undefined,
      delayedMs: 0,
      attempts: 1,
      clockAt: T0,
    });
    assert.equal(next.series, undefined);
    assert.equal(onlySource(next).passedAt, T0);
    assert.equal(onlySource(next).expiresAt, T0 + 36 * DAY);
  });

  test('from another network waits by its own clock', () => {
    const { outcome, next } = play({ at: 0 }, { at: MINUTE, by: B });
    assert.equal(outcome.reason, 'greylist-new');
    assert.equal(waits(outcome).waitMs, 3 * MINUTE);
    assert.equal(next.sources.length, 2);
  });

  test('by IPv6 goes by the network of IPv6', () => {
    const { outcome, next } = play(
      { at: 0, by: from('2001:db8::1') },
      { at: 3 * MINUTE, by: from('2001:db8::ffff:0:0:1') },
    );
    assert.equal(outcome.reason, 'greylist-passed');
    assert.equal(onlySource(next).prefix, 64);
  });
});

describe('a triplet that waits', () => {
  test('is told the rest of the delay, and is counted', () => {
    const { outcome, next } = play({ at: 0 }, { at: MINUTE }, { at: 2 * MINUTE });
    assert.deepEqual(outcome, {
      kind: 'wait',
      reason: 'greylist-early',
      identity: 'network',
      waitMs: MINUTE,
      attempts: 3,
      clockAt: T0,
    });
    assert.equal(onlySource(next).firstSeenAt, T0);
    assert.equal(onlySource(next).lastSeenAt, T0 + 2 * MINUTE);
    assert.equal(onlySource(next).expiresAt, T0 + 2 * DAY);
  });

  test('waits until the very end of the delay', () => {
    assert.equal(waits(play({ at: 0 }, { at: 3 * MINUTE - 1 }).outcome).waitMs, 1);
  });

  test('passes when the delay is over, for an autowhite from then on', () => {
    const { outcome, next } = play({ at: 0 }, { at: MINUTE }, { at: 3 * MINUTE });
    assert.deepEqual(outcome, {
      kind: 'pass',
      reason: 'greylist-passed',
      identity: 'network',
      delayedMs: 3 * MINUTE,
      attempts: 3,
      clockAt: T0,
    });
    assert.equal(next.series, undefined);
    assert.equal(onlySource(next).passedAt, T0 + 3 * MINUTE);
    assert.equal(onlySource(next).expiresAt, T0 + 3 * MINUTE + 36 * DAY);
  });

  test('passes at the very end of the window, and is new at its end', () => {
    assert.equal(play({ at: 0 }, { at: 2 * DAY - 1 }).outcome.reason, 'greylist-passed');
    const { outcome, next } = play({ at: 0 }, { at: MINUTE }, { at: 2 * DAY });
    assert.deepEqual(outcome, {
      kind: 'wait',
      reason: 'greylist-expired',
      identity: undefined,
      waitMs: 3 * MINUTE,
      attempts: 1,
      clockAt: T0 + 2 * DAY,
    });
    assert.equal(onlySource(next).firstSeenAt, T0 + 2 * DAY);
  });

  test('goes by the delay in force now', () => {
    const shorter = play({ at: 0 }, { at: MINUTE, with: { delayMs: MINUTE } });
    assert.equal(shorter.outcome.reason, 'greylist-passed');
    const longer = play({ at: 0 }, { at: 5 * MINUTE, with: { delayMs: HOUR } });
    assert.equal(waits(longer.outcome).waitMs, 55 * MINUTE);
  });

  test('has a longer window if the setting is longer now, and never a shorter one', () => {
    const longer = play({ at: 0 }, { at: MINUTE, with: { retryWindowMs: 3 * DAY } });
    assert.equal(onlySource(longer.next).expiresAt, T0 + 3 * DAY);
    const shorter = play({ at: 0 }, { at: MINUTE, with: { retryWindowMs: HOUR } });
    assert.equal(onlySource(shorter.next).expiresAt, T0 + 2 * DAY);
  });

  test('waits on from another address of its network, which is the one shown then', () => {
    const { outcome, next } = play({ at: 0 }, { at: MINUTE, by: from('203.0.113.250') });
    assert.equal(outcome.reason, 'greylist-early');
    assert.equal(onlySource(next).address.text, '203.0.113.250');
  });

  test('waits on for all of its network when the network is narrowed', () => {
    const narrow = { network: { ipv4: 32, ipv6: 128 } };
    const { outcome, next } = play(
      { at: 0 },
      { at: MINUTE, by: from('203.0.113.250'), with: narrow },
      { at: 2 * MINUTE, with: narrow },
    );
    assert.equal(outcome.reason, 'greylist-early');
    assert.equal(onlySource(next).prefix, 24);
  });

  test('keeps a name that could not be confirmed this time, unless the address changed', () => {
    const named = from('203.0.113.7', { name: 'mx.example.net' });
    const nameOf = (by: AttemptSource): string | undefined =>
      onlySource(play({ at: 0, by: named }, { at: MINUTE, by }).next).name;
    assert.equal(nameOf(A), 'mx.example.net');
    assert.equal(nameOf(from('203.0.113.8')), undefined);
    assert.equal(nameOf(from('203.0.113.7', { name: 'b.example.net' })), 'b.example.net');
  });
});

describe('a known triplet', () => {
  test('passes, with nothing to store', () => {
    const { next: before } = play(...KNOWN);
    const { outcome, next } = advance(before, A, SETTINGS, T0 + HOUR);
    assert.deepEqual(outcome, {
      kind: 'pass',
      reason: 'greylist-known',
      identity: 'network',
      delayedMs: 0,
      attempts: 3,
      clockAt: undefined,
    });
    assert.equal(next, before);
  });

  test('is renewed once a day', () => {
    const { next: before } = play(...KNOWN);
    const soon = advance(before, A, SETTINGS, T0 + 5 * MINUTE + DAY - 1);
    assert.equal(soon.next, before);
    const { outcome, next } = advance(before, A, SETTINGS, T0 + 5 * MINUTE + DAY);
    assert.equal(outcome.reason, 'greylist-known');
    assert.deepEqual(onlySource(next), {
      ...onlySource(before),
      lastSeenAt: T0 + 5 * MINUTE + DAY,
      attempts: 3,
      expiresAt: T0 + 5 * MINUTE + 37 * DAY,
    });
  });

  test('is renewed when less than half of its life is left, however soon that is', () => {
    const settings = { ...SETTINGS, autowhiteMs: 2 * HOUR };
    const { next: before } = play({ at: 0, with: { delayMs: 0, autowhiteMs: 2 * HOUR } });
    assert.equal(advance(before, A, settings, T0 + HOUR).next, before);
    const { next } = advance(before, A, settings, T0 + HOUR + 1);
    assert.equal(onlySource(next).expiresAt, T0 + 3 * HOUR + 1);
  });

  test('never loses life by a shorter setting', () => {
    const { next } = play(...KNOWN, { at: 2 * DAY, with: { autowhiteMs: DAY } });
    assert.equal(onlySource(next).expiresAt, T0 + 5 * MINUTE + 36 * DAY);
    assert.equal(onlySource(next).lastSeenAt, T0 + 2 * DAY);
  });

  test('is not renewed by null and probing senders', () => {
    const { next: before } = play(...KNOWN);
    const settings = { ...SETTINGS, renew: false };
    const { outcome, next } = advance(before, A, settings, T0 + 36 * DAY);
    assert.equal(outcome.reason, 'greylist-known');
    assert.equal(next, before);
  });

  test('is new when its autowhite has ended', () => {
    const end = 5 * MINUTE + 36 * DAY;
    assert.equal(play(...KNOWN, { at: end - 1 }).outcome.reason, 'greylist-known');
    const { outcome, next } = play(...KNOWN, { at: end });
    assert.equal(outcome.reason, 'greylist-expired');
    assert.equal(waits(outcome).attempts, 1);
    assert.equal(onlySource(next).passedAt, undefined);
  });

  test('stays so when the network is narrowed', () => {
    const narrow = { network: { ipv4: 32, ipv6: 128 } };
    const other = from('203.0.113.8');
    assert.equal(
      play(...KNOWN, { at: HOUR, by: other, with: narrow }).outcome.reason,
      'greylist-known',
    );
    const renewed = play(
      ...KNOWN,
      { at: 2 * DAY, by: other, with: narrow },
      { at: 3 * DAY, by: A, with: narrow },
    );
    assert.equal(renewed.outcome.reason, 'greylist-known');
  });

  test('is stored with the wider network it was recognised by, without more life', () => {
    const narrow = { network: { ipv4: 32, ipv6: 128 } };
    const other = from('203.0.113.8');
    const known = play({ at: 0, with: narrow }, { at: 5 * MINUTE, with: narrow });
    const { outcome, next } = advance(known.next, other, SETTINGS, T0 + HOUR);
    assert.equal(outcome.reason, 'greylist-known');
    assert.equal(onlySource(next).prefix, 24);
    assert.equal(onlySource(next).expiresAt, onlySource(known.next).expiresAt);
    for (const by of [A, other]) {
      const again = advance(next, by, { ...SETTINGS, ...narrow }, T0 + 2 * HOUR);
      assert.equal(again.outcome.reason, 'greylist-known');
    }
  });
});

describe('correspondenceExpiresAt', () => {
  test('is the last expiry of all sources, whatever their order', () => {
    const { next } = play({ at: HOUR }, { at: 2 * HOUR }, { at: 3 * HOUR, by: B });
    assert.equal(correspondenceExpiresAt(next), T0 + 2 * HOUR + 36 * DAY + DAY);
    const reversed = { ...next, sources: next.sources.toReversed() };
    assert.equal(correspondenceExpiresAt(reversed), T0 + 2 * HOUR + 36 * DAY + DAY);
    assert.equal(correspondenceExpiresAt({ series: undefined, sources: [] }), DAY);
  });
});
