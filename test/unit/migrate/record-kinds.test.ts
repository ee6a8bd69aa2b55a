import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { clientAutowhiteKey } from '../../../src/greylist/client-autowhite-key.js';
import { correspondenceKey } from '../../../src/greylist/correspondence-key.js';
import { HAND_EXCEPTIONS_KEY } from '../../../src/greylist/hand-exceptions.js';
import { foundPopulationKey, POPULATION_KEY } from '../../../src/greylist/population-record.js';
import { encodeReply, replyKey } from '../../../src/greylist/reply-record.js';
import { statisticsKey } from '../../../src/greylist/statistics-record.js';
import { encodeTarpit, tarpitKey } from '../../../src/greylist/tarpit-record.js';
import { ipAddressFromBytes } from '../../../src/mail/ip-address.js';
import { mergeRecords } from '../../../src/migrate/merge-records.js';
import { isNewerRecord } from '../../../src/migrate/record-kinds.js';
import { DAY, T0 } from '../../support/greylist-settings.js';

const parties = {
  sender: 'them@a.example',
  recipient: 'us@b.example',
  client: ipAddressFromBytes(Uint8Array.of(192, 0, 2, 7)),
  network: { ipv4: 24, ipv6: 64 },
};
const text = (json: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(json));
const binary = Uint8Array.of(99, 1, 2, 3);

/** A record of each kind as a later version may write it. */
const later: readonly (readonly [kind: string, key: string, value: Uint8Array])[] = [
  ['a pair', correspondenceKey(parties), binary],
  ['a null sender', correspondenceKey({ ...parties, sender: '' }), binary],
  ['a client', clientAutowhiteKey({ ...parties, count: 'address', senderDomain: '' }), binary],
  ['an expected reply', replyKey(parties), binary],
  ['a tarpit', tarpitKey(parties), binary],
  ['statistics', statisticsKey(7), text({ version: 99, any: 'thing' })],
  ['who counts a shared store', POPULATION_KEY, binary],
  ['what was found in one', foundPopulationKey('ab'), binary],
  ['exceptions', HAND_EXCEPTIONS_KEY, text([99, 'any', 'thing'])],
];

describe('a record of a later version', () => {
  for (const [kind, key, value] of later)
    test(`of ${kind} stays, whatever comes and however long that lives`, () => {
      const newer = { key, value, expiresAt: T0 + DAY };
      const damaged = { key, value: Uint8Array.of(), expiresAt: T0 + 9 * DAY };
      assert.ok(isNewerRecord(newer));
      assert.ok(!isNewerRecord(damaged));
      assert.equal(mergeRecords(newer, damaged, T0), newer);
    });

  for (const [kind, key, value] of [
    ['an expected reply', replyKey(parties), encodeReply({ writtenAt: T0 })],
    ['a tarpit', tarpitKey(parties), encodeTarpit('left')],
  ] as const)
    test(`of ${kind} is not replaced by one of ours that lives longer`, () => {
      const newer = { key, value: binary, expiresAt: T0 + DAY };
      const ours = { key, value, expiresAt: T0 + 9 * DAY };
      assert.equal(mergeRecords(newer, ours, T0), newer);
      assert.ok(!isNewerRecord(ours));
    });

  test('is none under a key that nobody knows', () => {
    assert.ok(!isNewerRecord({ key: '?', value: binary }));
  });
});

describe('what two stores remember of a client in the tarpit', () => {
  const key = tarpitKey(parties);
  const [left, stayed] = (['left', 'stayed'] as const).map((outcome) => ({
    key,
    value: encodeTarpit(outcome),
    expiresAt: T0 + DAY,
  }));
  assert.ok(left !== undefined && stayed !== undefined);
  const until = (record: typeof left, days: number) => ({ ...record, expiresAt: T0 + days * DAY });
  const damaged = { key, value: Uint8Array.of(1), expiresAt: T0 + 9 * DAY };

  for (const [what, one, other] of [
    ['it stayed, whatever lives longer', stayed, until(left, 9)],
    ['what lives goes before what has ended', left, until(stayed, -1)],
    ['the longer one counts of two that are alike', until(left, 2), left],
    ['the longer one counts of two that stayed', until(stayed, 2), stayed],
    ['what can be read goes before what cannot', left, damaged],
  ] as const)
    test(`${what}, in whatever order`, () => {
      assert.equal(mergeRecords(one, other, T0), one);
      assert.equal(mergeRecords(other, one, T0), one);
    });
});
