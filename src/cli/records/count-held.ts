import { countRecords } from '../../admin/record-census.js';
import { isStoreThere } from '../../store/find-level-store.js';
import { StoreError } from '../../store/store.js';

/** How many records are there now; undefined if nobody can say. */
export async function countHeld(
  path: string,
): Promise<{ records: number; statistics: number } | undefined> {
  if (!(await isStoreThere(path))) return { records: 0, statistics: 0 };
  const now = Date.now();
  const { openLevelSnapshot } = await import('../../store/open-level-snapshot.js');
  try {
    const store = await openLevelSnapshot(path, { now: () => now });
    try {
      return await countRecords(store, now, 1);
    } finally {
      await store.close();
    }
  } catch (error) {
    // A damaged store is what a backup is for; what cannot be replaced is told when it is tried.
    if (error instanceof StoreError) return undefined;
    throw error;
  }
}
