import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CorrespondenceFormatError } from '../../../../src/greylist/byte-reader.js';
import { applyEdit } from '../../../../src/store/level/version-edit.js';

function tablesAfter(...edits: readonly string[]): readonly (readonly [number, number])[] {
  const tables = new Map<number, number>();
  for (const hex of edits) applyEdit(Buffer.from(hex.replaceAll(' ', ''), 'hex'), tables);
  return [...tables];
}

// Field 7: level, number, size, and two keys with their lengths.
const five = '07 00 05 8001 01 61 02 6162';
const six = '07 01 06 07 00 00';

describe('a record of a manifest', () => {
  test('tells of new tables', () => {
    assert.deepEqual(tablesAfter(`${five} ${six}`), [
      [5, 128],
      [6, 7],
    ]);
  });

  test('tells of tables that are of no use any more', () => {
    assert.deepEqual(tablesAfter(five, `06 00 05 ${six}`), [[6, 7]]);
  });

  test('tells of one that moves to another level by deleting it, before or after', () => {
    assert.deepEqual(tablesAfter(five, `06 00 05 ${five}`), [[5, 128]]);
    assert.deepEqual(tablesAfter(five, `${five} 06 00 05`), [[5, 128]]);
  });

  test('tells more, which is skipped', () => {
    const others = '01 02 6162 02 03 09 00 03 8101 04 05 05 01 01 61';
    assert.deepEqual(tablesAfter(`${others} ${six}`), [[6, 7]]);
  });

  for (const [name, edit] of [
    ['an unknown field', '08 01'],
    ['a field that is cut short', '07 00 05 01 01'],
    ['a number that is cut short', '02 80'],
  ] as const) {
    test(`with ${name} is refused`, () => {
      assert.throws(() => tablesAfter(edit), CorrespondenceFormatError);
    });
  }
});
