import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  SLOT_COUNT,
  SLOT_KEY_BYTES,
  slotIn,
  writeSlotKey,
} from '../../../../src/store/level/layout.js';
import type { KeyRange } from '../../../../src/store/level/layout.js';
import type { Pair } from '../../../../src/store/level/level-database.js';
import { readablePages } from '../../../../src/store/level/readable-pages.js';
import { StoreError, type StoreErrorCode } from '../../../../src/store/store.js';

const all = [0, 1, 5, 6, 7, 2 ** 32, 2 ** 40 + 3, 2 ** 52, SLOT_COUNT - 2, SLOT_COUNT - 1];

function keyOf(slot: number): Buffer {
  return writeSlotKey(slot, Buffer.alloc(SLOT_KEY_BYTES));
}

/** A database with pages of two that fails, as LevelDB does, wherever a page would have a bad key. */
function damaged(bad: readonly number[], code: StoreErrorCode = 'STORE_DAMAGED') {
  return {
    async *pages({ gte, lt }: Partial<KeyRange>): AsyncGenerator<readonly Pair[], void> {
      assert.ok(gte !== undefined && lt !== undefined);
      const keys = all
        .map(keyOf)
        .filter((key) => Buffer.compare(key, gte) >= 0 && Buffer.compare(key, lt) < 0);
      for (let at = 0; at < keys.length; at += 2) {
        const page = keys.slice(at, at + 2);
        if (page.some((key) => bad.includes(slotIn(key)))) throw new StoreError(code, 'damaged');
        yield await Promise.resolve(page.map((key): Pair => [key, key]));
      }
    },
  };
}

async function slotsOf(source: ReturnType<typeof damaged>): Promise<readonly number[]> {
  const slots: number[] = [];
  for await (const page of readablePages(source)) slots.push(...page.map(([key]) => slotIn(key)));
  return slots;
}

describe('readable pages', () => {
  for (const bad of [[], [0], [6], [SLOT_COUNT - 1], [1, 7, 2 ** 52], all]) {
    test(`has each record once but those of ${bad.length === all.length ? 'all' : String(bad)}`, async () => {
      const slots = await slotsOf(damaged(bad));
      assert.deepEqual(
        slots,
        all.filter((slot) => !bad.includes(slot)),
      );
    });
  }

  test('does not go on where the database is not what is damaged', async () => {
    await assert.rejects(slotsOf(damaged([6], 'STORE_UNAVAILABLE')), { code: 'STORE_UNAVAILABLE' });
  });

  test('a key that is cut short is before all that it may have been', () => {
    assert.equal(slotIn(keyOf(2 ** 40 + 3).subarray(0, 3)), 2 ** 40);
  });
});
