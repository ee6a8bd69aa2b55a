import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createSlotHash } from '../../../../src/store/level/slot-hash.js';

const UPPER = 2 ** 32;

describe('the slot hash', () => {
  test('gives integers that a slot key can hold', () => {
    const hash = createSlotHash([1, 2]);
    for (const key of ['', '\0', 'a', 't', 'tä\0\u{1f4e7}', 'x'.repeat(10_000)]) {
      const slot = hash(key);
      assert.ok(Number.isSafeInteger(slot) && slot >= 0, key.slice(0, 9));
      assert.equal(hash(key), slot, 'the same again');
    }
  });

  test('depends on the secret', () => {
    const secrets = [
      [0, 0],
      [1, 0],
      [0, 1],
      [0xffff_ffff, 0xffff_ffff],
    ] as const;
    const slots = secrets.map((secret) => createSlotHash(secret)('tuser@example.net\0a@b.example'));
    assert.equal(new Set(slots).size, secrets.length);
  });

  test('keeps together what is the same before the first NUL, and nothing else', () => {
    const hash = createSlotHash([3, 4]);
    const upper = (key: string): number => Math.floor(hash(key) / UPPER);
    assert.equal(upper('trcpt\0one'), upper('trcpt\0two\0three'));
    assert.equal(upper('trcpt\0one'), upper('trcpt'));
    const recipients = Array.from({ length: 500 }, (_, index) => upper(`tr${String(index)}\0one`));
    assert.ok(new Set(recipients).size > 490);
  });

  test('spreads keys that differ little over all 32 lower bits', () => {
    const hash = createSlotHash([5, 6]);
    const lower = Array.from({ length: 20_000 }, (_, index) => hash(`t\0${String(index)}`) % UPPER);
    assert.ok(new Set(lower).size > 19_990);
    for (let bit = 0; bit < 32; bit++) {
      const ones = lower.filter((slot) => (slot >>> bit) & 1).length;
      assert.ok(ones > 9_500 && ones < 10_500, `bit ${String(bit)}: ${String(ones)}`);
    }
  });

  test('tells texts from their parts', () => {
    const hash = createSlotHash([7, 8]);
    const keys = ['', '\0', '\0\0', '\0\0\0', 'a', 'a\0', 'aa', 'a\0a', '\0a', '\0aa'];
    assert.equal(new Set(keys.map(hash)).size, keys.length);
  });
});
