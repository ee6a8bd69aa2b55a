import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  countPass,
  isExempt,
  MAX_WITNESSES,
  renewExempt,
  type ClientAutowhite,
  type ClientAutowhiteSettings,
  type SameSite,
  type Visit,
} from '../../../src/greylist/client-autowhite.js';
import { parseIpAddress } from '../../../src/mail/ip-address.js';
import { DAY, HOUR, MINUTE, T0 } from '../../support/greylist-settings.js';

const SETTINGS: ClientAutowhiteSettings = {
  after: 3,
  count: 'address',
  domains: 2,
  spacingMs: HOUR,
  forMs: 36 * DAY,
};

/** Names of one shape, for tests: those that end alike. */
const sameEnding: SameSite = (one, other) =>
  one.name !== undefined && one.name.slice(1) === other.name?.slice(1);

function visit(sender = 'joe@a.example', address = '192.0.2.1', name?: string): Visit {
  const parsed = parseIpAddress(address);
  assert.ok(parsed !== undefined);
  return { host: { address: parsed, name }, domain: sender.replace(/^.*@/, ''), sender };
}

interface Pass {
  readonly at: number;
  readonly by?: Visit;
}

/** The record after these first passes. */
function pass(
  passes: readonly Pass[],
  changed: Partial<ClientAutowhiteSettings> = {},
): ClientAutowhite {
  const settings = { ...SETTINGS, ...changed };
  let record: ClientAutowhite | undefined;
  for (const { at, by = visit() } of passes) {
    const judging = { isSameSite: sameEnding, now: T0 + at };
    record = countPass(record, by, settings, judging) ?? record;
  }
  assert.ok(record !== undefined);
  return record;
}

const other = visit('ann@b.example');
const ENOUGH = [{ at: 0 }, { at: HOUR, by: other }, { at: 2 * HOUR }];

function isExemptAt(record: ClientAutowhite, at: number, by = visit()): boolean {
  return isExempt(record, by, sameEnding, T0 + at);
}

describe('first passes of an address', () => {
  test('count, and make it exempt in the end', () => {
    assert.deepEqual(pass([{ at: 0 }]), {
      points: 1,
      lastPointAt: T0,
      witnesses: ['a.example'],
      host: undefined,
      isExempt: false,
      lastSeenAt: T0,
      expiresAt: T0 + 36 * DAY,
    });
    assert.equal(isExemptAt(pass(ENOUGH.slice(0, 2)), 2 * HOUR), false);
    const record = pass(ENOUGH);
    assert.deepEqual(
      [record.points, record.witnesses, record.isExempt],
      [3, ['a.example', 'b.example'], true],
    );
    assert.equal(isExemptAt(record, 2 * HOUR), true);
  });

  test('count only once in an hour, from the last that counted', () => {
    const passes = [0, MINUTE, HOUR - 1, HOUR, HOUR + MINUTE, 2 * HOUR].map((at) => ({ at }));
    assert.equal(pass(passes).points, 3);
    assert.equal(pass(passes, { spacingMs: 0 }).points, 6);
  });

  test('must come from two sender domains', () => {
    const hours = Array.from({ length: 20 }, (_, n) => ({ at: n * HOUR }));
    const record = pass(hours);
    assert.deepEqual([record.points, record.isExempt], [20, false]);
    assert.equal(pass([...hours, { at: 21 * HOUR, by: other }]).isExempt, true);
    // As Postgrey has it.
    assert.equal(pass(hours.slice(0, 3), { domains: 1 }).isExempt, true);
  });

  test('need no more domains to be remembered than are asked for', () => {
    const passes = ['a', 'b', 'c', 'd'].map((name, n) => ({
      at: n * HOUR,
      by: visit(`joe@${name}.example`),
    }));
    assert.deepEqual(pass(passes, { after: 9 }).witnesses, ['a.example', 'b.example']);
  });

  test('are forgotten after a while, and begin anew', () => {
    const passes = [{ at: 0 }, { at: HOUR, by: other }];
    assert.equal(pass([...passes, { at: HOUR + 36 * DAY - 1 }]).points, 3);
    assert.equal(pass([...passes, { at: HOUR + 36 * DAY }]).points, 1);
  });

  test('count where the clock has stepped back', () => {
    const record = pass([{ at: DAY }, { at: 0, by: other }]);
    assert.deepEqual([record.points, record.lastPointAt], [2, T0]);
  });

  test('count no more once it is exempt', () => {
    const judging = { isSameSite: sameEnding, now: T0 + DAY };
    assert.equal(countPass(pass(ENOUGH), visit(), SETTINGS, judging), undefined);
  });
});

describe('a client that is exempt', () => {
  test('stays so whatever the settings are now, and until its end', () => {
    const record = pass(ENOUGH);
    const end = 2 * HOUR + 36 * DAY;
    assert.equal(isExemptAt(record, end - 1), true);
    assert.equal(isExemptAt(record, end), false);
  });

  test('is renewed by its mail, once a day', () => {
    const record = pass(ENOUGH);
    const at = T0 + 2 * HOUR + DAY;
    assert.equal(renewExempt(record, SETTINGS, at - 1), undefined);
    assert.deepEqual(renewExempt(record, SETTINGS, at), {
      ...record,
      lastSeenAt: at,
      expiresAt: at + 36 * DAY,
    });
  });

  test('is renewed sooner if less than half of its life is left', () => {
    const settings = { ...SETTINGS, forMs: 2 * HOUR };
    const record = pass(ENOUGH, { forMs: 2 * HOUR });
    assert.equal(renewExempt(record, settings, T0 + 3 * HOUR), undefined);
    const renewed = renewExempt(record, settings, T0 + 3 * HOUR + 1);
    assert.equal(renewed?.expiresAt, T0 + 5 * HOUR + 1);
  });

  test('loses no life by a shorter setting, nor by a clock that has stepped back', () => {
    const record = pass(ENOUGH);
    const shorter = renewExempt(record, { ...SETTINGS, forMs: DAY }, T0 + 4 * DAY);
    assert.equal(shorter?.expiresAt, record.expiresAt);
    const stale = { ...record, expiresAt: T0 + 3 * HOUR };
    const back = renewExempt(stale, SETTINGS, T0);
    assert.deepEqual([back?.lastSeenAt, back?.expiresAt], [record.lastPointAt, T0 + 36 * DAY]);
  });
});

describe('where networks are counted', () => {
  const network = { count: 'network' } as const;
  const one = visit('joe@a.example', '192.0.2.1', '1.out.example');
  const two = visit('ann@b.example', '192.0.2.2', '2.out.example');
  const stranger = visit('ann@b.example', '192.0.2.3', '3.else.example');
  const nameless = visit('ann@b.example', '192.0.2.4');

  test('hosts of one site count together, and are exempt together', () => {
    const record = pass(
      [
        { at: 0, by: one },
        { at: HOUR, by: two },
        { at: 2 * HOUR, by: one },
      ],
      network,
    );
    assert.deepEqual([record.points, record.host, record.isExempt], [3, one.host, true]);
    for (const by of [one, two]) assert.equal(isExemptAt(record, 2 * HOUR, by), true);
    for (const by of [stranger, nameless]) assert.equal(isExemptAt(record, 2 * HOUR, by), false);
  });

  test('hosts that have nothing to do with them do not count', () => {
    const record = pass(
      [
        { at: 0, by: one },
        { at: HOUR, by: stranger },
        { at: 2 * HOUR, by: nameless },
      ],
      network,
    );
    assert.equal(record.points, 1);
  });

  test('a host without a name counts for itself', () => {
    const record = pass(
      [
        { at: 0, by: nameless },
        { at: HOUR, by: { ...nameless, domain: 'c.example' } },
        { at: 2 * HOUR, by: nameless },
        { at: 3 * HOUR, by: one },
      ],
      network,
    );
    assert.deepEqual([record.points, record.isExempt], [3, true]);
    assert.equal(isExemptAt(record, 3 * HOUR, one), false);
  });
});

describe('where the senders of a domain are counted', () => {
  const settings = { count: 'sender-domain', after: 2, domains: 2 } as const;

  test('so many different ones make it exempt, at whatever time', () => {
    const joe = visit('joe@a.example');
    const ann = visit('ann@a.example', '192.0.2.77');
    assert.equal(
      pass(
        [
          { at: 0, by: joe },
          { at: DAY, by: joe },
        ],
        settings,
      ).points,
      1,
    );
    const record = pass(
      [
        { at: 0, by: joe },
        { at: 1, by: ann },
      ],
      settings,
    );
    assert.deepEqual(
      [record.witnesses, record.isExempt],
      [['joe@a.example', 'ann@a.example'], true],
    );
    assert.equal(isExemptAt(record, 1, visit('sue@a.example', '192.0.2.99')), true);
  });

  test('there is an end to what is remembered, and the record can be read back', () => {
    const senders = Array.from({ length: MAX_WITNESSES + 1 }, (_, n) => ({
      at: n,
      by: visit(`joe${n}@a.example`),
    }));
    const record = pass(senders, { ...settings, after: MAX_WITNESSES });
    assert.deepEqual([record.witnesses.length, record.isExempt], [MAX_WITNESSES, true]);
  });

  test('a sender that no store could keep is one sender all the same', () => {
    const odd = visit('\ud800@a.example');
    assert.equal(
      pass(
        [
          { at: 0, by: odd },
          { at: HOUR, by: odd },
        ],
        settings,
      ).points,
      1,
    );
  });
});
