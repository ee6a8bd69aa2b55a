import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { progressPacket, replies } from '../../../../src/protocols/milter/replies.js';
import { fromHex } from '../../../support/packet-builder.js';

describe('the answers without a payload', () => {
  const cases = [
    { kind: 'continue', hex: '00000001 63' },
    { kind: 'accept', hex: '00000001 61' },
    { kind: 'reject', hex: '00000001 72' },
    { kind: 'tempfail', hex: '00000001 74' },
    { kind: 'discard', hex: '00000001 64' },
    { kind: 'skip', hex: '00000001 73' },
  ] as const;
  for (const { kind, hex } of cases) {
    test(`${kind} is ${hex}`, () => {
      assert.deepEqual(replies[kind], { kind, bytes: fromHex(hex) });
    });
  }

  test('progress is 00000001 70', () => {
    assert.deepEqual(progressPacket, fromHex('00000001 70'));
  });
});
