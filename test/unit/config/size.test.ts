import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { formatSize, parseSize } from '../../../src/config/size.js';

describe('sizes that are read', () => {
  const cases: readonly (readonly [string, number])[] = [
    ['0', 0],
    ['1000', 1000],
    ['64KiB', 65_536],
    ['1MiB', 1_048_576],
    ['2GiB', 2_147_483_648],
  ];
  for (const [text, expected] of cases) {
    test(text, () => assert.deepEqual(parseSize(text), { ok: expected }));
  }
});

describe('sizes that are refused', () => {
  const general = 'write whole bytes, or a number and KiB, MiB or GiB: 64KiB, 1MiB';
  const cases: readonly (readonly [text: string, hint: string])[] = [
    ['', general],
    ['-1', general],
    ['1.5MiB', general],
    ['99999999999999999999', general],
    ['1TiB', general],
    ['64K', 'write 64KiB'],
    ['64kb', 'write 64KiB'],
    ['1 MB', 'write 1MiB'],
    ['1mib', 'write 1MiB'],
  ];
  for (const [text, hint] of cases) {
    test(JSON.stringify(text), () =>
      assert.deepEqual(parseSize(text), { problem: 'is not a size', hint }),
    );
  }
});

describe('sizes that are written', () => {
  const cases: readonly (readonly [number, string])[] = [
    [0, '0'],
    [1000, '1000'],
    [1025, '1025'],
    [65_536, '64KiB'],
    [1_048_576, '1MiB'],
    [1_049_600, '1025KiB'],
  ];
  for (const [bytes, expected] of cases) {
    test(expected, () => assert.equal(formatSize(bytes), expected));
  }
});
