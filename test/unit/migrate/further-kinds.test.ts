import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { encodeClientAutowhite } from '../../../src/greylist/client-autowhite-codec.js';
import { clientAutowhiteKey } from '../../../src/greylist/client-autowhite-key.js';
import type { ClientAutowhite } from '../../../src/greylist/client-autowhite.js';
import { encodeReply, replyKey } from '../../../src/greylist/reply-record.js';
import { parseIpAddress } from '../../../src/mail/ip-address.js';
import { recordOfClient } from '../../../src/migrate/client-record.js';
import type { JsonFields } from '../../../src/migrate/json-fields.js';
import { outlineRecord, readRecord, writeRecord } from '../../../src/migrate/json-lines.js';
import { mergeRecords } from '../../../src/migrate/merge-records.js';
import type { StoredRecord } from '../../../src/migrate/stored-record.js';
import { DAY, HOUR, T0 } from '../../support/greylist-settings.js';

const client = parseIpAddress('192.0.2.7');
assert.ok(client);
const network = { ipv4: 24, ipv6: 64 };
const keyOf = (count: 'address' | 'network' | 'sender-domain'): string =>
  clientAutowhiteKey({ count, client, network, senderDomain: 'a.example' });

const five: ClientAutowhite = {
  points: 5,
  lastPointAt: T0,
  witnesses: ['a.example', 'b.example'],
  host: undefined,
  isExempt: true,
  lastSeenAt: T0 + HOUR,
  expiresAt: T0 + 36 * DAY,
};
const two: ClientAutowhite = {
  ...five,
  points: 2,
  lastPointAt: T0 + HOUR,
  witnesses: ['c.example'],
  isExempt: false,
  expiresAt: T0 + 37 * DAY,
};
const reply: StoredRecord = {
  key: replyKey({ sender: 'them@a.example', recipient: 'us@b.example' }),
  value: encodeReply({ writtenAt: T0 }),
  expiresAt: T0 + 7 * DAY,
};

function comesBack(record: StoredRecord): JsonFields {
  const fields = writeRecord(record);
  const { key, value, expiresAt } = readRecord(fields);
  assert.deepEqual(
    [key, Buffer.from(value), expiresAt],
    [record.key, Buffer.from(record.value), record.expiresAt],
  );
  return fields;
}

describe('a client', () => {
  test('is written and read, whatever is counted', () => {
    const host = { address: client, name: 'mx.a.example' };
    for (const [count, record, shown] of [
      ['address', five, { client: '192.0.2.7', isExempt: true }],
      ['network', { ...two, host }, { client: '192.0.2.0/24', isExempt: false }],
      ['network', { ...two, host: { ...host, name: undefined } }, { client: '192.0.2.0/24' }],
      ['sender-domain', two, { client: '192.0.2.0/24', domain: 'a.example' }],
    ] as const) {
      const fields = comesBack(recordOfClient(keyOf(count), record));
      assert.deepEqual({ ...fields, ...shown, kind: 'client', count }, fields);
    }
  });

  test('is opaque where it cannot be said', () => {
    const record = recordOfClient(keyOf('address'), five);
    for (const strange of [
      { ...record, value: Uint8Array.of(9) },
      { ...record, expiresAt: record.expiresAt + 5000 },
      recordOfClient(record.key, { ...five, expiresAt: 9e15 }),
    ])
      assert.equal(writeRecord(strange)['kind'], 'opaque');
  });

  test('is in one state, for filters', () => {
    const stateAt = (record: ClientAutowhite, now: number) => {
      const outline = outlineRecord(recordOfClient(keyOf('address'), record));
      assert.deepEqual([outline.kind, outline.sender], ['client', undefined]);
      return outline.clients(now).map((each) => `${each.network?.text} ${each.state}`);
    };
    assert.deepEqual(stateAt(five, T0), ['192.0.2.7/32 autowhite']);
    assert.deepEqual(stateAt(two, T0), ['192.0.2.7/32 pending']);
    assert.deepEqual(stateAt(five, five.expiresAt), ['192.0.2.7/32 ended']);
    const damaged = { ...recordOfClient(keyOf('network'), five), value: Uint8Array.of(0) };
    assert.deepEqual(outlineRecord(damaged).clients(T0), []);
  });

  test('is merged: nothing that it has earned is lost, and once more changes nothing', () => {
    const hosts = ['192.0.2.7', '192.0.2.8'].map((text) => parseIpAddress(text) ?? client);
    const [a, b] = [five, two].map((record, index) => {
      const address = hosts[index] ?? client;
      return recordOfClient(keyOf('network'), { ...record, host: { address, name: undefined } });
    });
    assert.ok(a && b);
    const merged = mergeRecords(a, b, T0);
    assert.deepEqual(mergeRecords(b, a, T0), merged);
    assert.equal(mergeRecords(merged, a, T0), merged);
    assert.equal(mergeRecords(merged, b, T0), merged);
    const { kind, points, isExempt, witnesses, host } = writeRecord(merged);
    assert.deepEqual(
      [kind, points, isExempt, witnesses, host],
      ['client', 5, true, ['a.example', 'b.example', 'c.example'], { address: '192.0.2.7' }],
    );
    assert.equal(merged.expiresAt, two.expiresAt);
  });

  test('that has ended gives way to what lives, and one that is damaged to one that is not', () => {
    const key = keyOf('address');
    const now = five.expiresAt;
    const [ended, living] = [recordOfClient(key, five), recordOfClient(key, two)];
    assert.deepEqual(mergeRecords(ended, living, now), living);
    assert.equal(mergeRecords(living, ended, now), living);
    const damaged = { ...living, value: Uint8Array.of(0) };
    assert.equal(mergeRecords(damaged, living, T0), living);
    assert.equal(mergeRecords(living, damaged, T0), living);
    assert.equal(mergeRecords(damaged, { ...damaged, value: Uint8Array.of(0, 0) }, T0), damaged);
  });

  const good = writeRecord(recordOfClient(keyOf('address'), five));
  for (const [what, more, reason] of [
    ['no client', { client: 'mx' }, /"client" is no address/],
    ['nothing that is counted', { count: 'all' }, /"count" is none of/],
    ['no answer whether it is exempt', { isExempt: 1 }, /"isExempt"/],
    ['a witness that is none', { witnesses: [5] }, /a witness is no text/],
    ['half a character', { witnesses: ['\ud800'] }, /a witness is no text/],
    ['a host that is none', { host: 7 }, /"host" is no object/],
    [
      'a point after its last mail',
      { lastPointAt: '2099-01-01T00:00:00.000Z' },
      /"lastPointAt" is later/,
    ],
  ] as const)
    test(`with ${what} is refused`, () =>
      assert.throws(() => readRecord({ ...good, ...more }), reason));
});

describe('an expected reply', () => {
  test('is written and read', () => {
    assert.deepEqual(comesBack(reply), {
      kind: 'reply',
      sender: 'them@a.example',
      recipient: 'us@b.example',
      writtenAt: '2025-06-01T12:00:00.000Z',
      expiresAt: '2025-06-08T12:00:00.000Z',
    });
    const outline = outlineRecord(reply);
    const { kind, sender, recipient } = outline;
    assert.deepEqual([kind, sender, recipient], ['reply', 'them@a.example', 'us@b.example']);
    assert.deepEqual(outline.clients(T0), []);
    assert.throws(() => readRecord({ ...writeRecord(reply), sender: '' }), /"sender" is empty/);
  });

  test('is opaque if it is damaged, and of two the one that lives longer stays', () => {
    assert.equal(writeRecord({ ...reply, value: Uint8Array.of(7) })['kind'], 'opaque');
    const longer = { ...reply, value: encodeReply({ writtenAt: T0 + 1 }), expiresAt: T0 + 8 * DAY };
    assert.equal(mergeRecords(reply, longer, T0), longer);
    assert.equal(mergeRecords(longer, reply, T0), longer);
  });
});

test('what only begins like a record of ours is opaque', () => {
  const value = encodeClientAutowhite(five);
  for (const key of ['a', 'amx', 'r', 'rx'])
    assert.equal(writeRecord({ key, value, expiresAt: T0 })['kind'], 'opaque', key);
});
