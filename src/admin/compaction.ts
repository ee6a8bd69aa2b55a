import type { CompactionStep, GreylistStore } from '../store/store.js';
import { AdminError } from './admin-error.js';

/** What a compaction has done: the size of the store's files. */
export interface CompactionSummary {
  readonly bytesBefore: number;
  readonly bytesAfter: number;
}

/** What is told of a compaction: how far it is, in the end what it has done. */
export type CompactionNews =
  { readonly progress: CompactionStep } | { readonly summary: CompactionSummary };

/**
 * Makes the files of a store smaller.
 *
 * @throws AdminError ADMIN_NOT_FOUND for a store that has none, StoreError
 */
export async function* compactStore(
  store: Pick<GreylistStore, 'stats' | 'compact'>,
): AsyncGenerator<CompactionNews, void, undefined> {
  const steps = store.compact?.();
  if (steps === undefined) {
    throw new AdminError('ADMIN_NOT_FOUND', 'this store looks after its files by itself');
  }
  const { bytes: bytesBefore = 0 } = await store.stats();
  for await (const progress of steps) yield { progress };
  const { bytes: bytesAfter = 0 } = await store.stats();
  yield { summary: { bytesBefore, bytesAfter } };
}
