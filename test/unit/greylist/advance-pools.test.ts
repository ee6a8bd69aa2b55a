import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { advance } from '../../../src/greylist/advance.js';
import type { AttemptSource } from '../../../src/greylist/advance.js';
import type { Correspondence, Source } from '../../../src/greylist/correspondence.js';
import { MAX_SOURCES } from '../../../src/greylist/correspondence.js';
import type { Proof } from '../../../src/greylist/identity.js';
import { DAY, HOUR, LEARNING, MINUTE, SETTINGS, T0 } from '../../support/greylist-settings.js';
import { A, B, KNOWN, from, play, waits } from './history.js';

const C = from('192.0.2.4');

/** The attempt's client is proven to be the same as others. */
function proven(
  by: AttemptSource,
  as: Readonly<Record<string, 'spf' | 'host-name'>>,
): AttemptSource {
  const proof: Proof = { sameAs: new Map(Object.entries(as)), spfFails: false };
  return { ...by, proof };
}

function sourceAt(record: Correspondence, address: string): Source {
  const source = record.sources.find((each) => each.address.text === address);
  assert.ok(source !== undefined, `${address} is not listed`);
  return source;
}

const bySpf = proven(B, { '203.0.113.7': 'spf' });

describe('a new source that is the same client as a known one', () => {
  test('passes as a pool, and is a known source of its own from then on', () => {
    const { outcome, next } = play(...KNOWN, { at: HOUR, by: bySpf });
    assert.deepEqual(outcome, {
      kind: 'pass',
      reason: 'pool',
      identity: 'spf',
      delayedMs: 0,
      attempts: 1,
      clockAt: undefined,
    });
    assert.deepEqual(sourceAt(next, '198.51.100.9'), {
      address: B.address,
      prefix: 24,
      name: undefined,
      firstSeenAt: T0 + HOUR,
      lastSeenAt: T0 + HOUR,
      attempts: 1,
      passedAt: T0 + HOUR,
      expiresAt: T0 + HOUR + 36 * DAY,
    });
    const again = advance(next, B, SETTINGS, T0 + 2 * HOUR);
    assert.equal(again.outcome.reason, 'greylist-known');
    assert.equal(again.outcome.identity, 'network');
    assert.equal(again.next, next);
  });

  test('by its name, of which only the new one is kept', () => {
    const by = proven({ ...B, name: 'b.example.org' }, { '203.0.113.7': 'host-name' });
    const { outcome, next } = play(
      { at: 0, by: { ...A, name: 'a.example.org' } },
      { at: HOUR, by: A },
      { at: 2 * HOUR, by },
    );
    assert.equal(outcome.identity, 'host-name');
    assert.equal(sourceAt(next, '198.51.100.9').name, 'b.example.org');
    assert.equal(sourceAt(next, '203.0.113.7').name, 'a.example.org');
  });

  test('leaves the clocks of others and the series alone', () => {
    const before = play(...KNOWN, { at: HOUR, by: C });
    const { next } = advance(before.next, bySpf, SETTINGS, T0 + 2 * HOUR);
    assert.deepEqual(next.series, before.next.series);
    assert.deepEqual(sourceAt(next, '192.0.2.4'), sourceAt(before.next, '192.0.2.4'));
  });

  test('takes the place of what its own network had before', () => {
    const { outcome, next } = play(
      { at: 0, by: B },
      { at: DAY, by: A },
      { at: DAY + HOUR, by: A },
      { at: 2 * DAY, by: bySpf },
    );
    assert.equal(outcome.reason, 'pool');
    assert.equal(next.sources.length, 2);
  });

  test('prefers a known one to one that waits, and of the known one that lives longer', () => {
    const both = proven(C, { '203.0.113.7': 'host-name', '198.51.100.9': 'spf' });
    const waiting = play(...KNOWN, { at: HOUR, by: B }, { at: HOUR, by: both });
    assert.equal(waiting.outcome.identity, 'host-name');
    const longer = play(
      ...KNOWN,
      { at: HOUR, by: B },
      { at: 2 * HOUR, by: B },
      { at: DAY, by: both },
    );
    assert.equal(longer.outcome.identity, 'spf');
  });

  test('of null and probing senders lives no longer than that one', () => {
    const probing = { renew: false, autowhiteMs: DAY };
    const { next } = play(
      { at: 0, with: probing },
      { at: HOUR, with: probing },
      { at: 2 * HOUR, by: bySpf, with: probing },
    );
    assert.equal(sourceAt(next, '198.51.100.9').expiresAt, T0 + HOUR + DAY);
  });

  test('has no shorter life than that one, whatever the setting is now', () => {
    const { next } = play(...KNOWN, { at: HOUR, by: bySpf, with: { autowhiteMs: DAY } });
    assert.equal(sourceAt(next, '198.51.100.9').expiresAt, T0 + 5 * MINUTE + 36 * DAY);
  });

  test('while learning is known as that one is', () => {
    const learning = { learnForMs: LEARNING.learnForMs };
    const learnt = play({ at: 0, with: learning }, { at: HOUR, by: bySpf, with: learning });
    assert.equal(learnt.outcome.reason, 'pool');
    assert.equal(sourceAt(learnt.next, '198.51.100.9').expiresAt, T0 + HOUR + 7 * DAY);
    const passed = play(...KNOWN, { at: HOUR, by: bySpf, with: learning });
    assert.equal(sourceAt(passed.next, '198.51.100.9').expiresAt, T0 + HOUR + 36 * DAY);
  });
});

describe('a new source that is the same client as one that waits', () => {
  test('takes over its clock, and is told the rest of the delay', () => {
    const { outcome, next } = play({ at: 0 }, { at: MINUTE, by: bySpf });
    assert.deepEqual(outcome, {
      kind: 'wait',
      reason: 'greylist-early',
      identity: 'spf',
      waitMs: 2 * MINUTE,
      attempts: 2,
      clockAt: T0,
    });
    assert.deepEqual(sourceAt(next, '198.51.100.9'), {
      address: B.address,
      prefix: 24,
      name: undefined,
      firstSeenAt: T0,
      lastSeenAt: T0 + MINUTE,
      attempts: 2,
      passedAt: undefined,
      expiresAt: T0 + 2 * DAY,
    });
    assert.equal(sourceAt(next, '203.0.113.7').attempts, 1);
  });

  test('passes at the retry, and is known', () => {
    const { outcome, next } = play({ at: 0 }, { at: 5 * MINUTE, by: bySpf });
    assert.deepEqual(outcome, {
      kind: 'pass',
      reason: 'greylist-passed',
      identity: 'spf',
      delayedMs: 5 * MINUTE,
      attempts: 2,
      clockAt: T0,
    });
    assert.equal(sourceAt(next, '198.51.100.9').passedAt, T0 + 5 * MINUTE);
    assert.equal(next.series, undefined);
  });

  test('of several takes over the earliest clock', () => {
    const by = proven(C, { '203.0.113.7': 'spf', '198.51.100.9': 'spf' });
    const { outcome } = play({ at: 0 }, { at: MINUTE, by: B }, { at: 2 * MINUTE, by });
    assert.equal(waits(outcome).clockAt, T0);
  });

  test('keeps to its own network, however wide that of the other was', () => {
    const { next } = play(
      { at: 0, with: { network: { ipv4: 16, ipv6: 48 } } },
      { at: MINUTE, by: bySpf },
    );
    assert.equal(sourceAt(next, '198.51.100.9').prefix, 24);
  });

  test('is a network of its own also by IPv6', () => {
    const by = proven(from('2001:db8::1'), { '203.0.113.7': 'spf' });
    const { outcome, next } = play({ at: 0 }, { at: 5 * MINUTE, by });
    assert.equal(outcome.reason, 'greylist-passed');
    assert.equal(sourceAt(next, '2001:db8::1').prefix, 64);
  });
});

describe('what is not proven', () => {
  test('has a clock of its own, and restarts none', () => {
    const nothing = { ...B, proof: { sameAs: new Map(), spfFails: false } };
    const { outcome, next } = play({ at: 0 }, { at: MINUTE, by: nothing });
    assert.equal(outcome.reason, 'greylist-new');
    assert.equal(outcome.identity, undefined);
    assert.equal(outcome.clockAt, T0 + MINUTE);
    assert.equal(sourceAt(next, '203.0.113.7').firstSeenAt, T0);
    assert.equal(advance(next, A, SETTINGS, T0 + 3 * MINUTE).outcome.reason, 'greylist-passed');
  });

  test('to be one that has ended, or that has vanished meanwhile, is new', () => {
    const ended = play({ at: 0 }, { at: 2 * DAY, by: bySpf });
    assert.equal(ended.outcome.reason, 'greylist-new');
    const vanished = play({ at: 0, by: C }, { at: MINUTE, by: bySpf });
    assert.equal(vanished.outcome.reason, 'greylist-new');
  });

  test('is of no account where the network says that it waits', () => {
    const { outcome } = play(...KNOWN, { at: HOUR, by: B }, { at: HOUR + MINUTE, by: bySpf });
    assert.equal(outcome.reason, 'greylist-early');
    assert.equal(outcome.identity, 'network');
  });
});

describe('patience is not for', () => {
  const hours = [0, 1, 2, 3];
  const before = hours.map((n) => ({ at: n * HOUR, by: from(`198.51.${n}.1`) }));
  const last = from('198.51.4.1');
  const proof = (spfFails: boolean): Proof => ({ sameAs: new Map(), spfFails });
  const rows: readonly (readonly [who: string, more: Partial<AttemptSource>, passes: boolean])[] = [
    ['a client without a name', {}, true],
    ['a client with a name', { name: 'mx.example.org' }, true],
    ['a client of which SPF says nothing bad', { proof: proof(false) }, true],
    ['a client for which SPF fails', { proof: proof(true) }, false],
    ['a client that is listed', { isListed: true }, false],
    ['a client whose name looks dynamic', { name: 'dsl-4-1.pool.example.net' }, false],
  ];
  for (const [who, more, passes] of rows) {
    test(`${who}: ${passes ? 'it is' : 'it waits on'}`, () => {
      const { outcome, next } = play(...before, { at: 4 * HOUR, by: { ...last, ...more } });
      assert.equal(outcome.reason, passes ? 'patience' : 'greylist-new');
      assert.equal(next.series?.returns, passes ? undefined : 4);
    });
  }

  test('anybody else once a trusted client comes: it passes at once', () => {
    const listed = { ...last, isListed: true };
    const { outcome } = play(...before, { at: 4 * HOUR, by: listed }, { at: 5 * HOUR, by: C });
    assert.equal(outcome.reason, 'patience');
  });
});

describe('a flood of sources of a pair', () => {
  const flood = Array.from({ length: 3 * MAX_SOURCES }, (_, n) => ({
    at: HOUR + n,
    by: from(`10.${n}.0.1`),
  }));

  test('never pushes a passed source out', () => {
    const { next } = play(...KNOWN, ...flood);
    assert.equal(next.sources.length, MAX_SOURCES);
    assert.equal(advance(next, A, SETTINGS, T0 + 2 * HOUR).outcome.reason, 'greylist-known');
  });

  test('never pushes out one that has retried', () => {
    const { next } = play({ at: 0 }, { at: MINUTE }, ...flood);
    const { outcome } = advance(next, A, SETTINGS, T0 + 2 * HOUR);
    assert.equal(outcome.reason, 'greylist-passed');
    assert.equal(outcome.attempts, 3);
  });

  test('never pushes out one that has taken over a clock', () => {
    const { next } = play({ at: 0 }, { at: MINUTE, by: bySpf }, ...flood);
    assert.equal(advance(next, B, SETTINGS, T0 + 2 * HOUR).outcome.reason, 'greylist-passed');
  });

  test('does not keep a member of the pool from being admitted', () => {
    const { outcome, next } = play(...KNOWN, ...flood, { at: 2 * HOUR, by: bySpf });
    assert.equal(outcome.reason, 'pool');
    assert.equal(sourceAt(next, '198.51.100.9').passedAt, T0 + 2 * HOUR);
    assert.equal(sourceAt(next, '203.0.113.7').attempts, 2);
  });
});
