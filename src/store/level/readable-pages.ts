import { StoreError } from '../store.js';
import { RECORD_RANGE, SLOT_COUNT, slotIn, SLOT_KEY_BYTES, writeSlotKey } from './layout.js';
import type { LevelDatabase, Pair } from './level-database.js';

/** Slots from one up to another, that one not included. */
interface SlotRange {
  readonly from: number;
  readonly to: number;
}

/**
 * All pages of records that can be read, each record once. LevelDB gives up a whole range for one key in
 * it that it cannot read, so what is left of such a range is read in halves, down to that very slot.
 * Rejects with what is no damage.
 */
export async function* readablePages(
  source: Pick<LevelDatabase, 'pages'>,
): AsyncGenerator<readonly Pair[], void, undefined> {
  const ranges: SlotRange[] = [{ from: 0, to: SLOT_COUNT }];
  for (let range = ranges.pop(); range !== undefined; range = ranges.pop()) {
    const { to } = range;
    let { from } = range;
    try {
      for await (const page of source.pages(keysOf(range))) {
        const last = page.at(-1);
        if (last !== undefined) from = slotIn(last[0]) + 1;
        yield page;
      }
    } catch (error) {
      if (!(error instanceof StoreError) || error.code !== 'STORE_DAMAGED') throw error;
      if (to - from <= 1) continue;
      const middle = from + Math.floor((to - from) / 2);
      ranges.push({ from: middle, to }, { from, to: middle });
    }
  }
}

function keysOf({ from, to }: SlotRange): { gte: Uint8Array; lt: Uint8Array } {
  return { gte: keyOf(from), lt: to === SLOT_COUNT ? RECORD_RANGE.lt : keyOf(to) };
}

function keyOf(slot: number): Uint8Array {
  return slot === 0 ? RECORD_RANGE.gte : writeSlotKey(slot, Buffer.alloc(SLOT_KEY_BYTES));
}
