import { StoreError, type GreylistStore } from '../../store/store.js';

/** @throws StoreError STORE_NOT_CLOSED if it takes longer */
export async function closeInTime(store: GreylistStore, withinMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const message =
        `The store has not closed within ${withinMs / 1000} s. Nothing that was answered is lost; ` +
        'look for errors of its disk.';
      reject(new StoreError('STORE_NOT_CLOSED', message));
    }, withinMs);
  });
  try {
    await Promise.race([store.close(), late]);
  } finally {
    clearTimeout(timer);
  }
}
