import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { outlineRecord, readRecord, writeRecord } from '../../../src/migrate/json-lines.js';
import { mergeRecords } from '../../../src/migrate/merge-records.js';

const NOW = Date.UTC(2030, 0, 1);
const day = (n: number): string => new Date(NOW + n * 86_400_000).toISOString();
const one = (client: string, until: number, sender?: string, since = -1): object => ({
  client,
  ...(sender !== undefined && { sender }),
  addedAt: day(since),
  expiresAt: day(until),
});
const record = (...exceptions: readonly object[]) => readRecord({ kind: 'exceptions', exceptions });

describe('exceptions by hand', () => {
  test('are read as they are written, and live as long as the last of them', () => {
    const spf = { spf: true, sender: '@c.example', addedAt: day(-1), expiresAt: day(5) };
    const exceptions = [one('192.0.2.0/24', 3, '@b.example'), one('2001:db8::1/128', 9), spf];
    const stored = record(...exceptions);
    assert.equal(stored.expiresAt, Date.parse(day(9)));
    assert.deepEqual(writeRecord(stored), { kind: 'exceptions', exceptions });
    assert.deepEqual(
      outlineRecord(stored)
        .clients(NOW + 4 * 86_400_000)
        .map(({ network, state }) => `${network?.text ?? 'anywhere'} ${state}`),
      ['192.0.2.0/24 ended', '2001:db8::1/128 autowhite', 'anywhere autowhite'],
    );
  });

  test('that cannot be read are opaque, and no clients', () => {
    const { key, expiresAt } = record(one('192.0.2.1', 1));
    const damaged = { key, value: Buffer.from('[0,[]]'), expiresAt };
    assert.equal(writeRecord(damaged)['kind'], 'opaque');
    assert.deepEqual(outlineRecord(damaged).clients(NOW), []);
    const sound = record(one('192.0.2.1', 1));
    assert.equal(mergeRecords(damaged, sound, NOW), sound);
    assert.equal(mergeRecords(sound, damaged, NOW), sound);
  });

  test('are refused without a client, and by SPF without a sender', () => {
    assert.throws(() => record(one('mx.example', 1)), /no address and no network/);
    const spf = { spf: true, addedAt: day(-1), expiresAt: day(5) };
    for (const sender of [undefined, '', '<>'])
      assert.throws(() => record({ ...spf, sender }), /"spf" is of no sender/);
  });

  test('of two stores are united, whichever is first', () => {
    const mine = record(one('192.0.2.1/32', 1), one('192.0.2.2/32', 5));
    const theirs = record(
      one('192.0.2.1/32', 3),
      one('192.0.2.2/32', 2),
      one('192.0.2.2/32', 5, '@b.example'),
      one('192.0.2.3/32', -1),
    );
    const merged = mergeRecords(mine, theirs, NOW);
    assert.deepEqual(writeRecord(merged)['exceptions'], [
      one('192.0.2.1/32', 3),
      one('192.0.2.2/32', 5),
      one('192.0.2.2/32', 5, '@b.example'),
    ]);
    assert.equal(mergeRecords(merged, theirs, NOW), merged);
    const soon = one('192.0.2.9/32', 5, undefined, -3);
    const early = record(soon);
    const late = record(one('192.0.2.9/32', 5));
    for (const both of [mergeRecords(early, late, NOW), mergeRecords(late, early, NOW)])
      assert.deepEqual(writeRecord(both)['exceptions'], [soon]);
  });
});
