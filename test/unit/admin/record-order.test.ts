import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { FirstOf, orderKeyOf, parseRecordOrder } from '../../../src/admin/record-order.js';
import { networkOf } from '../../../src/mail/network.js';
import { parseIpAddress } from '../../../src/mail/ip-address.js';
import type { RecordOutline } from '../../../src/migrate/record-outline.js';

const address = parseIpAddress('192.0.2.1') ?? assert.fail();
const client = (firstSeenAt: number, lastSeenAt: number) => ({
  ...{ network: networkOf(address, 24), state: 'passed' as const },
  ...{ firstSeenAt, lastSeenAt },
});
const record = { key: '', value: new Uint8Array(), expiresAt: 9 };
const outline: RecordOutline = {
  ...{ kind: 'pair', sender: 'A@X.example', recipient: '' },
  clients: () => [client(5, 6), client(3, 12)],
};

describe('the order of records', () => {
  test('is read, and what is none is refused', () => {
    assert.equal(parseRecordOrder(undefined, undefined), undefined);
    assert.deepEqual(parseRecordOrder('last', 'true'), { by: 'last', isReverse: true });
    assert.throws(() => parseRecordOrder(undefined, 'true'), { code: 'ADMIN_BAD_REQUEST' });
    assert.throws(() => parseRecordOrder('age', undefined), /sort: "age" is none of first, last/);
  });

  test('goes by times as numbers, and by domains', () => {
    const keyOf = (by: Parameters<typeof orderKeyOf>[2]['by'], of = outline): string =>
      orderKeyOf(record, of, { by, isReverse: false }, 0);
    assert.deepEqual([keyOf('first'), keyOf('last'), keyOf('until')].map(Number), [3, 12, 9]);
    assert.ok(keyOf('until') < keyOf('last'));
    assert.equal(keyOf('sender'), 'x.example\0a');
    assert.equal(keyOf('recipient'), '\0');
    assert.equal(keyOf('client'), '4c0000200');
    const nobody: RecordOutline = { kind: 'reply', clients: () => [] };
    assert.deepEqual([Number(keyOf('first', nobody)), keyOf('client', nobody)], [0, '']);
    const anywhere = { ...client(5, 6), network: undefined };
    assert.equal(keyOf('client', { kind: 'exceptions', clients: () => [anywhere] }), '');
  });

  test('keeps the first of many', () => {
    const numbers = Array.from({ length: 1000 }, (_, index) => (index * 379) % 1000);
    for (const isReverse of [false, true]) {
      const first = new FirstOf<number>(7, { isReverse });
      for (const number of numbers) first.add(String(number).padStart(4, '0'), number);
      const expected = isReverse ? [999, 998, 997, 996, 995, 994, 993] : [0, 1, 2, 3, 4, 5, 6];
      assert.deepEqual(
        first.take().map(({ item }) => item),
        expected,
      );
    }
  });
});
