import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { advance } from '../../../src/greylist/advance.js';
import type { Advance, GreylistSettings } from '../../../src/greylist/advance.js';
import { advanceAsMilterGreylist } from '../../../src/greylist/advance-milter-greylist.js';
import { MAX_SOURCES } from '../../../src/greylist/correspondence.js';
import type { Correspondence } from '../../../src/greylist/correspondence.js';
import { openInquiry } from '../../../src/greylist/inquiry.js';
import { greymilterStrategy, milterGreylistStrategy } from '../../../src/greylist/strategy.js';
import { DAY, HOUR, MINUTE, SECOND, SETTINGS, T0 } from '../../support/greylist-settings.js';
import { A, B, from, onlySource, waits } from './history.js';
import type { Step } from './history.js';

/** milter-greylist's defaults. */
const DEFAULTS: GreylistSettings = {
  ...SETTINGS,
  delayMs: 30 * MINUTE,
  retryWindowMs: 5 * DAY,
  autowhiteMs: DAY,
  network: { ipv4: 32, ipv6: 128 },
};

/** Plays a history on top of a record; what came of its last attempt. */
function playOn(record: Correspondence | undefined, ...steps: readonly Step[]): Advance {
  let last: Advance | undefined;
  for (const { at, by = A, with: changed } of steps) {
    const settings = { ...DEFAULTS, ...changed };
    last = advanceAsMilterGreylist(last?.next ?? record, by, settings, T0 + at);
  }
  assert.ok(last !== undefined);
  return last;
}

function play(...steps: readonly Step[]): Advance {
  return playOn(undefined, ...steps);
}

const KNOWN = [{ at: 0 }, { at: 30 * MINUTE }] as const;

describe('a triplet that waits, as in milter-greylist', () => {
  test('keeps the time that it was given', () => {
    const { outcome, next } = play({ at: 0 }, { at: MINUTE, with: { delayMs: 5 * HOUR } });
    assert.deepEqual(outcome, {
      kind: 'wait',
      reason: 'greylist-early',
      identity: 'network',
      waitMs: 29 * MINUTE,
      attempts: 2,
      clockAt: T0,
    });
    assert.equal(onlySource(next).acceptAt, T0 + 30 * MINUTE);
    const shorter = play({ at: 0 }, { at: 29 * MINUTE, with: { delayMs: SECOND } });
    assert.equal(waits(shorter.outcome).waitMs, MINUTE);
  });

  test('passes at that very time', () => {
    const early = play({ at: 0 }, { at: 30 * MINUTE - 1 });
    assert.equal(early.outcome.kind, 'wait');
    const { outcome, next } = play(...KNOWN);
    assert.deepEqual(outcome, {
      kind: 'pass',
      reason: 'greylist-passed',
      identity: 'network',
      delayedMs: 30 * MINUTE,
      attempts: 2,
      clockAt: T0,
      knownForMs: DAY,
    });
    const { passedAt, acceptAt, spelling, expiresAt } = onlySource(next);
    assert.deepEqual([passedAt, acceptAt, spelling], [T0 + 30 * MINUTE, undefined, undefined]);
    assert.equal(expiresAt, T0 + 30 * MINUTE + DAY + 1);
  });

  test('is forgotten when the window is over since that time', () => {
    const window = { delayMs: SECOND, retryWindowMs: 2 * SECOND };
    assert.equal(
      play({ at: 0, with: window }, { at: 3000, with: window }).outcome.reason,
      'greylist-passed',
    );
    const { outcome, next } = play({ at: 0, with: window }, { at: 3001, with: window });
    assert.equal(outcome.reason, 'greylist-expired');
    assert.equal(waits(outcome).waitMs, SECOND);
    assert.equal(next.sources.length, 1);
  });

  test('has its window prolonged by a longer setting, and not cut by a shorter one', () => {
    const longer = play({ at: 0 }, { at: MINUTE, with: { retryWindowMs: 9 * DAY } });
    assert.equal(onlySource(longer.next).expiresAt, T0 + 30 * MINUTE + 9 * DAY + 1);
    const shorter = play({ at: 0 }, { at: MINUTE, with: { retryWindowMs: DAY } });
    assert.equal(onlySource(shorter.next).expiresAt, T0 + 30 * MINUTE + 5 * DAY + 1);
  });

  test('waits no longer because a clock has stepped back', () => {
    const { outcome, next } = play({ at: MINUTE }, { at: 0 });
    assert.equal(waits(outcome).waitMs, 30 * MINUTE);
    assert.equal(onlySource(next).firstSeenAt, T0);
    assert.equal(onlySource(next).acceptAt, T0 + 30 * MINUTE);
  });

  test('passes when a clock has stepped back so far that nobody can say how long it has waited', () => {
    const { outcome, next } = play({ at: HOUR }, { at: 0 });
    assert.equal(outcome.reason, 'greylist-passed');
    assert.equal(outcome.delayedMs, 0);
    assert.equal(onlySource(next).passedAt, T0);
  });

  test('is another one in another spelling', () => {
    const shouted = { ...A, spelling: 'a@s BOB@r' };
    const { outcome, next } = play({ at: 0 }, { at: MINUTE, by: shouted });
    assert.equal(waits(outcome).waitMs, 30 * MINUTE);
    assert.deepEqual(
      next.sources.map(({ spelling }) => spelling),
      [undefined, 'a@s BOB@r'],
    );
    const later = playOn(next, { at: 2 * MINUTE, by: shouted });
    assert.equal(waits(later.outcome).waitMs, 29 * MINUTE);
  });

  test('is known in every spelling once it has passed', () => {
    const shouted = { ...A, spelling: 'Alice@S Bob@R' };
    assert.equal(play(...KNOWN, { at: HOUR, by: shouted }).outcome.reason, 'greylist-known');
    const first = play({ at: 0, by: shouted }, { at: 30 * MINUTE, by: shouted }, { at: HOUR });
    assert.equal(first.outcome.reason, 'greylist-known');
  });

  test('goes before one that is known if it began before it', () => {
    const shouted = { ...A, spelling: 'a@s BOB@r' };
    const long = { delayMs: 2 * HOUR };
    const waiting = play({ at: 0, by: shouted, with: long }, { at: 1 }, { at: 31 * MINUTE });
    assert.equal(waiting.outcome.reason, 'greylist-passed');
    const retried = playOn(waiting.next, { at: HOUR, by: shouted });
    assert.equal(retried.outcome.reason, 'greylist-early');
    const younger = play({ at: 0 }, { at: 1, by: shouted }, { at: 31 * MINUTE });
    assert.equal(
      playOn(younger.next, { at: 32 * MINUTE, by: shouted }).outcome.reason,
      'greylist-known',
    );
  });

  test('shares no clock with others of its transaction', () => {
    const { outcome } = play({ at: HOUR, by: { ...A, clockAt: T0 } });
    assert.equal(waits(outcome).waitMs, 30 * MINUTE);
  });
});

describe('the client, as in milter-greylist', () => {
  const wide = { network: { ipv4: 24, ipv6: 64 } };
  const neighbour = from('203.0.113.200');

  test('is its address', () => {
    assert.equal(play({ at: 0 }, { at: HOUR, by: neighbour }).outcome.reason, 'greylist-new');
    assert.equal(play(...KNOWN, { at: HOUR, by: B }).outcome.reason, 'greylist-new');
  });

  test('is its network under a mask, and the first address stays', () => {
    const { outcome, next } = play({ at: 0, with: wide }, { at: HOUR, by: neighbour, with: wide });
    assert.equal(outcome.reason, 'greylist-passed');
    assert.equal(onlySource(next).address.text, A.address.text);
    const known = playOn(next, { at: 2 * HOUR, by: neighbour, with: wide });
    assert.equal(onlySource(known.next).address.text, A.address.text);
  });

  test('is everybody under a mask of 0', () => {
    const all = { network: { ipv4: 0, ipv6: 0 } };
    assert.equal(
      play({ at: 0, with: all }, { at: HOUR, by: B, with: all }).outcome.reason,
      'greylist-passed',
    );
    const six = from('2001:db8::1');
    assert.equal(
      play({ at: 0, with: all }, { at: HOUR, by: six, with: all }).outcome.reason,
      'greylist-new',
    );
  });

  test('is not shut out by a narrower mask', () => {
    const { outcome } = play({ at: 0, with: wide }, { at: HOUR, by: neighbour });
    assert.equal(outcome.reason, 'greylist-passed');
  });
});

describe('a known triplet, as in milter-greylist', () => {
  test('is renewed by each mail, for as long as that mail’s rule says', () => {
    const { outcome, next } = play(...KNOWN, { at: HOUR, with: { autowhiteMs: 2 * HOUR } });
    assert.deepEqual(outcome, {
      kind: 'pass',
      reason: 'greylist-known',
      identity: 'network',
      delayedMs: 0,
      attempts: 3,
      clockAt: undefined,
      knownForMs: 2 * HOUR,
    });
    assert.equal(onlySource(next).expiresAt, T0 + 3 * HOUR + 1);
    assert.equal(playOn(next, { at: 3 * HOUR }).outcome.reason, 'greylist-known');
    assert.equal(playOn(next, { at: 3 * HOUR + 1 }).outcome.reason, 'greylist-expired');
  });

  test('is stored no more than once a second', () => {
    const { next } = play(...KNOWN);
    assert.equal(playOn(next, { at: 30 * MINUTE + 999 }).next, next);
    assert.notEqual(playOn(next, { at: 30 * MINUTE + 1000 }).next, next);
  });

  test('is known since no later than now', () => {
    const { next } = play(...KNOWN, { at: -HOUR });
    const { firstSeenAt, passedAt, lastSeenAt } = onlySource(next);
    assert.deepEqual([firstSeenAt, passedAt, lastSeenAt], Array(3).fill(T0 - HOUR));
  });
});

describe('without an autowhite', () => {
  const none = { autowhiteMs: 0 };

  test('what passes is forgotten at once', () => {
    const { outcome, next } = play({ at: 0, with: none }, { at: HOUR, with: none });
    assert.equal(outcome.reason, 'greylist-passed');
    assert.equal('knownForMs' in outcome ? outcome.knownForMs : undefined, 0);
    assert.equal(waits(playOn(next, { at: HOUR, with: none }).outcome).waitMs, 30 * MINUTE);
  });

  test('what is known counts for nothing, and is there again with one', () => {
    const { outcome, next } = play(...KNOWN, { at: HOUR, with: none });
    assert.equal(outcome.reason, 'greylist-new');
    assert.equal(next.sources.length, 2);
    assert.equal(playOn(next, { at: HOUR }).outcome.reason, 'greylist-known');
  });
});

describe('without a delay', () => {
  const none = { delayMs: 0 };

  test('a new triplet passes, and is known from its next mail on', () => {
    const { outcome, next } = play({ at: 0, with: none });
    assert.deepEqual(outcome, {
      kind: 'pass',
      reason: 'greylist-passed',
      identity: undefined,
      delayedMs: 0,
      attempts: 1,
      clockAt: T0,
    });
    assert.equal(onlySource(next).passedAt, undefined);
    const second = playOn(next, { at: HOUR, with: none });
    assert.equal(second.outcome.reason, 'greylist-passed');
    assert.ok('delayedMs' in second.outcome && second.outcome.delayedMs === 0);
    assert.equal(onlySource(second.next).passedAt, T0 + HOUR);
  });
});

describe('learning, as in milter-greylist', () => {
  const learning = { learnForMs: 7 * DAY, autowhiteMs: 30 * DAY };

  test('makes known at once what would wait, for a shorter time', () => {
    const { outcome, next } = play({ at: 0, with: learning });
    assert.equal(outcome.kind, 'wait');
    assert.equal(onlySource(next).expiresAt, T0 + 7 * DAY);
    const renewed = playOn(next, { at: DAY, with: learning });
    assert.equal(renewed.outcome.reason, 'greylist-known');
    assert.equal(onlySource(renewed.next).expiresAt, T0 + 8 * DAY);
  });

  test('also what waits already', () => {
    const { outcome, next } = play({ at: 0 }, { at: MINUTE, with: learning });
    assert.equal(outcome.reason, 'greylist-early');
    assert.deepEqual(
      [onlySource(next).passedAt, onlySource(next).acceptAt],
      [T0 + MINUTE, undefined],
    );
  });
});

describe('many clients, as in milter-greylist', () => {
  function clients(count: number): readonly Step[] {
    return Array.from({ length: count }, (_, n) => from(`10.0.${n}.1`)).flatMap((by, n) => [
      { at: n, by },
      { at: 30 * MINUTE + n, by },
    ]);
  }

  test('beyond the places that there are pass', () => {
    const { next } = play(...[...clients(MAX_SOURCES)].sort((a, b) => a.at - b.at));
    const { outcome, next: after } = playOn(next, { at: HOUR, by: B });
    assert.equal(outcome.reason, 'pool');
    assert.equal(after, next);
  });
});

describe('one style after the other', () => {
  test('what waits in our own passes a delay after it began, in whatever spelling', () => {
    const { next } = advance(undefined, A, SETTINGS, T0);
    const shouted = { ...A, spelling: 'A@s b@r' };
    const early = playOn(next, { at: MINUTE, by: shouted });
    assert.equal(waits(early.outcome).waitMs, 29 * MINUTE);
    assert.equal(playOn(next, { at: 30 * MINUTE }).outcome.reason, 'greylist-passed');
  });

  test('what is known in one is known in the other', () => {
    const mine = advance(advance(undefined, A, SETTINGS, T0).next, A, SETTINGS, T0 + HOUR).next;
    assert.equal(playOn(mine, { at: 2 * HOUR }).outcome.reason, 'greylist-known');
    const theirs = play(...KNOWN).next;
    assert.equal(advance(theirs, A, SETTINGS, T0 + HOUR).outcome.reason, 'greylist-known');
    const waiting = play({ at: 0 }).next;
    assert.equal(advance(waiting, A, SETTINGS, T0 + MINUTE).outcome.reason, 'greylist-early');
  });

  test('only our own asks who else a client may be, and shares clocks', () => {
    const { next } = advance(undefined, A, SETTINGS, T0);
    const other = advance(next, B, SETTINGS, T0);
    const terms = { settings: SETTINGS, now: T0 };
    assert.notEqual(openInquiry(next, other.outcome, terms), undefined);
    assert.equal(milterGreylistStrategy.openInquiry(next, other.outcome, terms), undefined);
    assert.equal(greymilterStrategy.runningClock(next, A, SETTINGS, T0), T0);
    assert.equal(milterGreylistStrategy.runningClock(next, A, SETTINGS, T0), undefined);
  });
});
