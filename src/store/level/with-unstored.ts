import { SLOT_KEY_BYTES, writeSlotKey, type KeyRange } from './layout.js';
import type { Pair } from './level-database.js';
import { decodeSlot, type Slot } from './slot.js';

/** A slot's key in LevelDB, and what it holds; undefined if that is garbled. */
type FoundSlot = readonly [slotKey: Uint8Array, content: Slot | undefined];

/**
 * The slots of a range in their order, page by page, with those among them that the database could not take:
 * while writes fail a scan goes over what has been accepted all the same.
 *
 * @param unstored what counts in place of what the database has
 */
export async function* withUnstored(
  pages: AsyncIterable<readonly Pair[]>,
  unstored: ReadonlyMap<number, Slot>,
  range: KeyRange,
): AsyncGenerator<readonly FoundSlot[], void, undefined> {
  const waiting = inOrder(unstored, range);
  for await (const page of pages) {
    const found: FoundSlot[] = [];
    for (const [key, bytes] of page) {
      found.push(...takeBefore(waiting, key));
      const isReplaced = waiting[0] !== undefined && Buffer.compare(waiting[0][0], key) === 0;
      if (!isReplaced) found.push([key, decodeSlot(bytes)]);
    }
    yield found;
  }
  yield waiting;
}

function inOrder(unstored: ReadonlyMap<number, Slot>, { gte, lt }: KeyRange): FoundSlot[] {
  return Array.from(unstored, ([slot, content]): FoundSlot => [
    writeSlotKey(slot, Buffer.alloc(SLOT_KEY_BYTES)),
    content,
  ])
    .filter(([key]) => Buffer.compare(key, gte) >= 0 && Buffer.compare(key, lt) < 0)
    .sort(([one], [other]) => Buffer.compare(one, other));
}

/** Takes those that lie before a key off the front. */
function takeBefore(waiting: FoundSlot[], key: Uint8Array): readonly FoundSlot[] {
  const end = waiting.findIndex(([other]) => Buffer.compare(other, key) >= 0);
  return waiting.splice(0, end === -1 ? waiting.length : end);
}
