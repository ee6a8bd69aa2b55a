import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  decodeSlot,
  EMPTY_SLOT,
  findEntry,
  replaceEntry,
  SlotEncoder,
  type KeyedEntry,
  type Slot,
} from '../../../../src/store/level/slot.js';
import { wholeSecond } from '../../../../src/store/whole-second.js';
import { fc } from '../../../support/properties.js';

const entry = (key: string, value: readonly number[], expiresAt: number): KeyedEntry => ({
  key,
  value: Uint8Array.from(value),
  expiresAt,
  commit: undefined,
});

const plain = (slot: Slot): unknown =>
  slot.map(({ key, value, expiresAt }) => ({ key, value: [...value], expiresAt }));

describe('a slot', () => {
  test('is written as its comment says', () => {
    const bytes = new SlotEncoder().encode([entry('k', [1, 2], 100_000)]);
    assert.equal(bytes.toString('hex'), '0000006401026b0102');
  });

  test('has two bytes of length from 128 on', () => {
    const bytes = new SlotEncoder().encode([entry('ä'.repeat(64), [], 0)]);
    assert.equal(bytes.subarray(0, 7).toString('hex'), '00000000800100');
    assert.equal(decodeSlot(bytes)?.[0]?.key, 'ä'.repeat(64));
  });

  test('comes back as it was written, whatever is in it', () => {
    const encoder = new SlotEncoder();
    const entries = fc.record({
      key: fc.string({ unit: 'binary', maxLength: 300 }),
      value: fc.uint8Array({ maxLength: 9000 }),
      expiresAt: fc.integer({ min: 0, max: 2 ** 32 - 1 }).map((second) => second * 1000),
      commit: fc.constant(undefined),
    });
    fc.assert(
      fc.property(fc.array(entries, { maxLength: 4 }), (slot) => {
        assert.deepEqual(plain(decodeSlot(encoder.encode(slot)) ?? []), plain(slot));
      }),
      { numRuns: 200 },
    );
  });

  test('that is garbled is none, and never throws', () => {
    const whole = Buffer.from(new SlotEncoder().encode([entry('key', [1, 2, 3], 100_000)]));
    for (let length = 1; length < whole.length; length++) {
      assert.equal(decodeSlot(whole.subarray(0, length)), undefined, `${String(length)} bytes`);
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        decodeSlot(Buffer.from(bytes));
      }),
      { numRuns: 500 },
    );
  });

  test('holds one entry for each key', () => {
    const a = entry('a', [1], 1000);
    const b = entry('b', [2], 2000);
    const later = entry('a', [3], 3000);
    assert.deepEqual(replaceEntry(EMPTY_SLOT, 'a', a), [a]);
    assert.deepEqual(replaceEntry([a], 'a', later), [later]);
    assert.deepEqual(replaceEntry([a, b], 'a', later), [b, later]);
    assert.deepEqual(replaceEntry([a, b], 'a', undefined), [b]);
    assert.deepEqual(replaceEntry([b], 'a', undefined), [b]);
    assert.equal(findEntry([a, b], 'b'), b);
    assert.equal(findEntry([a, b], 'c'), undefined);
  });

  test('rounds instants up to seconds, within what four bytes hold', () => {
    const cases = [
      [0, 0],
      [1, 1000],
      [1000, 1000],
      [1999, 2000],
      [-5, 0],
      [Number.POSITIVE_INFINITY, 4_294_967_295_000],
    ] as const;
    for (const [instant, expected] of cases) assert.equal(wholeSecond(instant), expected);
  });
});
