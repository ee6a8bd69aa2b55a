import { finishExchange, type FinishedExchange } from './level/exchange-journal.js';
import { isThere } from './level/file-presence.js';
import type { Logger } from '../telemetry/logger.js';

/**
 * Whether there is something where a store should be; a repair or restore that was interrupted at its
 * last step is finished before.
 *
 * @throws StoreError if it cannot be finished; the message says what to do
 */
export async function isStoreThere(path: string): Promise<boolean> {
  await finishExchange(path);
  return await isThere(path);
}

/** The same for whoever is about to open it, and has a log. */
export async function finishInterrupted(path: string, logger: Pick<Logger, 'warn'>): Promise<void> {
  const finished = await finishExchange(path);
  if (finished !== undefined) logger.warn(describeFinished(finished), { store: path, ...finished });
}

function describeFinished({ isNew }: FinishedExchange): string {
  return isNew
    ? 'a repair or restore was interrupted at its last step: the new store is in its place now, the old one kept aside'
    : 'a repair or restore was interrupted at its last step: the store is in its place again, nothing was changed';
}
