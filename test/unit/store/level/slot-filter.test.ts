import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createSlotHash } from '../../../../src/store/level/slot-hash.js';
import { SlotFilter } from '../../../../src/store/level/slot-filter.js';

const SLOTS = 50_000;

const hash = createSlotHash([9, 10]);

/** Keys as the store has them: their slots differ in all bits, or for one recipient in the lower ones alone. */
const kinds: Readonly<Record<string, (index: number) => number>> = {
  'of many recipients': (index) => hash(`tuser${index}@example.net\0a@b.example`),
  'of one recipient': (index) => hash(`tuser@example.net\0${index}@b.example`),
};

function partThatSeems(filter: SlotFilter, slot: (index: number) => number): number {
  let seeming = 0;
  for (let index = SLOTS; index < 2 * SLOTS; index++) if (filter.mayHave(slot(index))) seeming++;
  return seeming / SLOTS;
}

for (const [kind, slot] of Object.entries(kinds)) {
  describe(`a filter of slots ${kind}`, () => {
    const filterOf = (room: number): SlotFilter => {
      const filter = new SlotFilter(room);
      for (let index = 0; index < SLOTS; index++) filter.add(slot(index));
      return filter;
    };

    for (const room of [0, 1, SLOTS / 50, SLOTS, 3 * SLOTS]) {
      test(`forgets none of them, with room for ${room}`, () => {
        const filter = filterOf(room);
        for (let index = 0; index < SLOTS; index++) assert.ok(filter.mayHave(slot(index)));
      });
    }

    test('takes few others to be in it, as long as there is room', () => {
      assert.ok(partThatSeems(filterOf(2 * SLOTS), slot) < 0.002);
      assert.ok(partThatSeems(filterOf(SLOTS), slot) < 0.02);
      // Beyond that it says less, and no wrong.
      assert.ok(partThatSeems(filterOf(SLOTS / 20), slot) > 0.5);
    });

    test('tells what is new from what it seems to have', () => {
      const filter = new SlotFilter(SLOTS);
      let news = 0;
      for (let index = 0; index < SLOTS; index++) if (filter.add(slot(index))) news++;
      assert.ok(news > 0.99 * SLOTS && news <= SLOTS, String(news));
      for (let index = 0; index < SLOTS; index++) assert.ok(!filter.add(slot(index)));
    });
  });
}

test('a filter has slots of any size that there is', () => {
  const filter = new SlotFilter(10);
  const slots = [0, 1, 7, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 52 + 1, 2 ** 53 - 1];
  for (const slot of slots) {
    assert.ok(!filter.mayHave(slot), String(slot));
    filter.add(slot);
  }
  for (const slot of slots) assert.ok(filter.mayHave(slot), String(slot));
});
