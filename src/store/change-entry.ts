import { ENDED, type GreylistStore, type NewEntry, type StoreEntry } from './store.js';

/** What is to become of an entry. */
export type EntryChange = NewEntry | 'keep' | 'delete';

const nothing = new Uint8Array();

/** Which entry, and how often somebody else may be faster. */
export interface ChangedEntry {
  readonly key: string;
  /** More conflicts than this in a row mean that the store is broken, not that it is busy. */
  readonly maxConflicts: number;
}

/**
 * Makes of an entry what becomes of it, and begins again if somebody else has changed it meanwhile.
 * Where the store reads at once it is written in the turn of the call, with whatever else is.
 *
 * @param change undefined stands for an entry that is not there; called once more for each conflict
 * @returns whether anything was stored or deleted; once that is committed
 * @throws StoreError, what `change` throws, and an Error after too many conflicts
 */
export async function changeEntry(
  store: Pick<GreylistStore, 'get' | 'compareAndSet' | 'delete'>,
  { key, maxConflicts }: ChangedEntry,
  change: (entry: StoreEntry | undefined) => EntryChange,
): Promise<boolean> {
  for (let conflicts = 0; conflicts < maxConflicts; conflicts++) {
    const found = store.get(key);
    const entry = found instanceof Promise ? await found : found;
    const next = change(entry);
    if (next === 'keep') return false;
    if (next === 'delete' && entry === undefined) {
      await store.delete(key);
      return true;
    }
    const wanted = next === 'delete' ? { value: nothing, expiresAt: ENDED } : next;
    if (await store.compareAndSet(key, entry, wanted)) return true;
  }
  throw new Error(`${maxConflicts} conflicts in a row at one key`);
}
