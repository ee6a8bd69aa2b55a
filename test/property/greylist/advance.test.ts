import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { advance, correspondenceExpiresAt } from '../../../src/greylist/advance.js';
import type { Advance, AttemptSource, GreylistSettings } from '../../../src/greylist/advance.js';
import { MAX_SOURCES } from '../../../src/greylist/correspondence.js';
import type { Correspondence } from '../../../src/greylist/correspondence.js';
import {
  decodeCorrespondence,
  encodeCorrespondence,
} from '../../../src/greylist/correspondence-codec.js';
import type { IpAddress } from '../../../src/mail/ip-address.js';
import {
  DAY,
  HOUR,
  LEARNING,
  MINUTE,
  SETTINGS as DEFAULTS,
  T0,
} from '../../support/greylist-settings.js';
import { anySettings, clientAddress, closeAddress, pauseMs } from './arbitraries.js';
import { fc } from '../../support/properties.js';

/** Patience has properties of its own. */
const SETTINGS: GreylistSettings = { ...DEFAULTS, patience: undefined };

function attemptBy(address: IpAddress, clockAt?: number): AttemptSource {
  return { address, name: undefined, clockAt, isListed: false, proof: undefined };
}

/** Advances through the stored form, as the daemon does, and checks what must always hold. */
function attemptAndStore(
  record: Correspondence | undefined,
  attempt: AttemptSource,
  settings: GreylistSettings,
  now: number,
): Advance {
  const result = advance(record, attempt, settings, now);
  const { outcome, next } = result;
  assert.ok(next.sources.length <= MAX_SOURCES);
  const stored = decodeCorrespondence(encodeCorrespondence(next));
  assert.deepEqual(stored, next);
  assert.ok(outcome.clockAt === undefined || outcome.clockAt <= now);
  if (outcome.kind === 'wait') {
    assert.ok(outcome.waitMs >= 1 && outcome.waitMs <= settings.delayMs);
    assert.equal(outcome.clockAt + settings.delayMs, now + outcome.waitMs);
    assert.notEqual(next, record);
    assert.ok(correspondenceExpiresAt(next) > now);
  } else {
    assert.ok(outcome.delayedMs >= 0);
  }
  return { outcome, next: next === record ? next : stored };
}

/** What a client may count on, kept by it and not by the record. */
interface Client {
  /** When its clock began; undefined before its first attempt, and when it has been let pass. */
  readonly clockAt: number | undefined;
  readonly windowEndsAt: number;
  readonly knownUntil: number;
}

const STRANGER: Client = { clockAt: undefined, windowEndsAt: 0, knownUntil: 0 };

describe('histories of up to 32 sources', () => {
  /** Half the pauses are short, so that delays and windows are met. */
  const steps = fc.array(
    fc.record({
      client: fc.nat(MAX_SOURCES - 1),
      pause: pauseMs,
      delayMs: fc.constantFrom(1, MINUTE, 3 * MINUTE, HOUR),
      sharedAgo: fc.option(fc.nat(3 * DAY), { nil: undefined, freq: 6 }),
    }),
    { minLength: 1, maxLength: 60, size: 'max' },
  );

  test('pass after the delay of now and inside the window, and never else', () => {
    fc.assert(
      fc.property(steps, fc.nat(3), (history, fewer) => {
        const clients = new Map<number, Client>();
        let record: Correspondence | undefined;
        let now = T0;
        for (const step of history) {
          now += step.pause;
          const n = step.client >> fewer;
          const settings = { ...SETTINGS, delayMs: step.delayMs };
          const sharedAt = step.sharedAgo === undefined ? undefined : now - step.sharedAgo;
          const attempt = attemptBy(clientAddress(n), sharedAt);
          const { outcome, next } = attemptAndStore(record, attempt, settings, now);
          record = next;
          clients.set(
            n,
            expectOf(clients.get(n) ?? STRANGER, { outcome, sharedAt, settings, now }),
          );
        }
      }),
      { numRuns: 400 },
    );
  });

  /** Checks an outcome by the client's own book-keeping, and carries that on. */
  function expectOf(
    client: Client,
    seen: {
      readonly outcome: Advance['outcome'];
      readonly sharedAt: number | undefined;
      readonly settings: GreylistSettings;
      readonly now: number;
    },
  ): Client {
    const { outcome, sharedAt, settings, now } = seen;
    const { delayMs, retryWindowMs, autowhiteMs } = settings;
    if (now < client.knownUntil) {
      assert.equal(outcome.reason, 'greylist-known');
      return { ...client, knownUntil: Math.max(client.knownUntil, now + autowhiteMs / 2) };
    }
    // What it was told of its life is a lower bound: a renewal may have made it longer.
    if (outcome.reason === 'greylist-known') return client;
    const isWaiting = client.clockAt !== undefined && now < client.windowEndsAt;
    let clockAt = isWaiting ? client.clockAt : now;
    if (sharedAt !== undefined && now - sharedAt < retryWindowMs)
      clockAt = Math.min(clockAt, sharedAt);
    assert.equal(outcome.clockAt, clockAt);
    if (now - clockAt >= delayMs) {
      assert.equal(outcome.reason, 'greylist-passed');
      return { ...STRANGER, knownUntil: now + autowhiteMs };
    }
    assert.equal(outcome.kind, 'wait');
    assert.equal(outcome.reason === 'greylist-early', isWaiting);
    const windowEndsAt = isWaiting ? client.windowEndsAt : clockAt + retryWindowMs;
    return { clockAt, windowEndsAt, knownUntil: 0 };
  }

  test('let each source pass that comes back once between delay and window', () => {
    const retries = fc.array(
      fc.record({
        firstAfter: fc.nat(HOUR),
        backAfter: fc.integer({ min: SETTINGS.delayMs, max: SETTINGS.retryWindowMs - 1 }),
      }),
      { minLength: 1, maxLength: MAX_SOURCES, size: 'max' },
    );
    fc.assert(
      fc.property(retries, (plans) => {
        const events = plans.flatMap(({ firstAfter, backAfter }, n) => [
          { n, at: T0 + firstAfter, isBack: false },
          { n, at: T0 + firstAfter + backAfter, isBack: true },
        ]);
        events.sort((a, b) => a.at - b.at);
        let record: Correspondence | undefined;
        for (const { n, at, isBack } of events) {
          const { outcome, next } = attemptAndStore(
            record,
            attemptBy(clientAddress(n)),
            SETTINGS,
            at,
          );
          record = next;
          assert.equal(outcome.reason, isBack ? 'greylist-passed' : 'greylist-new');
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('a known triplet', () => {
  /** Many networks, so that places run out; close addresses, so that widths of networks matter. */
  const client = fc.oneof(closeAddress, fc.nat(45).map(clientAddress));
  const steps = fc.array(
    fc.record({
      client,
      pause: fc.integer({ min: -DAY, max: 9 * DAY }),
      settings: anySettings,
    }),
    { minLength: 1, maxLength: 80, size: 'max' },
  );

  test('is never delayed while it lives, whatever settings change', () => {
    fc.assert(
      fc.property(steps, fc.constantFrom(1, 100, 10_000), (history, hurry) => {
        const knownUntil = new Map<string, number>();
        let record: Correspondence | undefined;
        let now = T0;
        for (const { client: address, pause, settings } of history) {
          now += Math.trunc(pause / hurry);
          // What has ended once stays ended, also if the clock steps back behind its end.
          for (const [text, endsAt] of knownUntil) if (endsAt <= now) knownUntil.delete(text);
          const promised = knownUntil.get(address.text) ?? 0;
          const { outcome, next } = attemptAndStore(record, attemptBy(address), settings, now);
          record = next;
          if (now < promised) assert.equal(outcome.reason, 'greylist-known');
          if (outcome.kind === 'wait' || outcome.reason === 'pool') continue;
          const endsAt = lifeOf(next, address);
          if (outcome.reason !== 'greylist-known') {
            assert.equal(endsAt, now + settings.autowhiteMs);
          }
          assert.ok(endsAt > now && endsAt >= promised);
          knownUntil.set(address.text, endsAt);
        }
      }),
      { numRuns: 400 },
    );
  });

  /** How long the stored networks alone, without any setting, make an address known. */
  function lifeOf(record: Correspondence, address: IpAddress): number {
    let endsAt = 0;
    for (const { address: stored, prefix, passedAt, expiresAt } of record.sources) {
      const isCovered =
        stored.family === address.family &&
        bitsOf(stored).slice(0, prefix) === bitsOf(address).slice(0, prefix);
      if (isCovered && passedAt !== undefined) endsAt = Math.max(endsAt, expiresAt);
    }
    return endsAt;
  }

  function bitsOf({ bytes }: IpAddress): string {
    return Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  }
});

describe('clocks that step back and jump', () => {
  const instant = fc.oneof(
    fc.integer({ min: -HOUR, max: HOUR }).map((offset) => T0 + offset),
    fc.integer({ min: -400 * DAY, max: 400 * DAY }).map((offset) => T0 + offset),
    fc.constantFrom(0, 1, 8.64e15),
  );
  const steps = fc.array(
    fc.record({
      client: closeAddress,
      now: instant,
      settings: anySettings,
      clockAt: fc.option(instant, { nil: undefined }),
    }),
    { minLength: 1, maxLength: 40, size: 'max' },
  );

  test('do no harm, and never show a wait longer than the delay', () => {
    fc.assert(
      fc.property(steps, (history) => {
        let record: Correspondence | undefined;
        for (const { client, now, settings, clockAt } of history) {
          record = attemptAndStore(record, attemptBy(client, clockAt), settings, now).next;
        }
      }),
      { numRuns: 400 },
    );
  });

  test('never make a client wait longer than the delay from its last attempt', () => {
    fc.assert(
      fc.property(steps, closeAddress, instant, (history, client, now) => {
        let record: Correspondence | undefined;
        for (const step of history) {
          record = advance(record, attemptBy(step.client), step.settings, step.now).next;
        }
        const first = advance(record, attemptBy(client), SETTINGS, now);
        const back = now + (first.outcome.kind === 'wait' ? first.outcome.waitMs : 0);
        const { outcome } = advance(first.next, attemptBy(client), SETTINGS, back);
        assert.equal(outcome.kind, 'pass');
      }),
      { numRuns: 400 },
    );
  });
});

describe('patience', () => {
  const patience = { tries: 4, overMs: 4 * HOUR };
  const pauses = fc.array(fc.oneof(fc.nat(10 * MINUTE), fc.nat(3 * HOUR), fc.nat(3 * DAY)), {
    minLength: 1,
    maxLength: 60,
    size: 'max',
  });

  test('lets a pair pass just when it has come back often enough over long enough', () => {
    fc.assert(
      fc.property(pauses, (all) => {
        const settings = { ...SETTINGS, patience };
        let record: Correspondence | undefined;
        /** The attempts that count: the first, and each at least a delay after the last one. */
        let counted: number[] = [];
        let now = T0;
        for (const [n, pause] of all.entries()) {
          now += pause;
          const last = counted.at(-1) ?? 0;
          if (now - last >= settings.retryWindowMs) counted = [];
          if (counted.length === 0 || now - last >= settings.delayMs) counted.push(now);
          const isDue =
            counted.length > patience.tries && now - (counted[0] ?? now) >= patience.overMs;
          const attempt = attemptBy(clientAddress(n));
          const { outcome, next } = attemptAndStore(record, attempt, settings, now);
          record = next;
          assert.equal(outcome.reason, isDue ? 'patience' : 'greylist-new');
          if (isDue) counted = [];
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('what was learnt', () => {
  const history = fc.array(
    fc.record({ client: fc.nat(MAX_SOURCES - 1), pause: fc.nat(DAY), learns: fc.boolean() }),
    { minLength: 1, maxLength: 40, size: 'max' },
  );

  test('passes for 7 days after its last mail, whatever the mode is by then', () => {
    fc.assert(
      fc.property(history, fc.nat(3), (steps, fewer) => {
        const learntUntil = new Map<number, number>();
        let record: Correspondence | undefined;
        let now = T0;
        for (const { client, pause, learns } of steps) {
          now += pause;
          const n = client >> fewer;
          const settings = learns ? { ...LEARNING, patience: undefined } : SETTINGS;
          const { outcome, next } = attemptAndStore(
            record,
            attemptBy(clientAddress(n)),
            settings,
            now,
          );
          record = next;
          if (now < (learntUntil.get(n) ?? 0)) assert.equal(outcome.reason, 'greylist-known');
          // A known one is stored again a day after it was last.
          if (learns) learntUntil.set(n, now + (outcome.kind === 'wait' ? 7 : 6) * DAY);
        }
        for (const [n, until] of learntUntil) {
          if (until <= now) continue;
          const last = advance(record, attemptBy(clientAddress(n)), SETTINGS, until - 1);
          assert.equal(last.outcome.reason, 'greylist-known');
        }
      }),
      { numRuns: 200 },
    );
  });

  test('never waits again while mail comes within the week', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(6 * DAY), { maxLength: 30 }), (pauses) => {
        let now = T0;
        let record = attemptAndStore(undefined, attemptBy(clientAddress(0)), LEARNING, now).next;
        for (const pause of pauses) {
          now += pause;
          const step = attemptAndStore(record, attemptBy(clientAddress(0)), LEARNING, now);
          assert.equal(step.outcome.reason, 'greylist-known');
          record = step.next;
        }
      }),
      { numRuns: 100 },
    );
  });
});
