import { realpath } from 'node:fs/promises';
import type { Logger } from '../../telemetry/logger.js';
import { forgetExchange } from './exchange-journal.js';
import { findRemains } from './store-files.js';

/**
 * Forgets the note of an exchange that never began, or is done, and tells of what a repair or restore
 * has left that was killed before. The store is open: nobody can be in the middle of one.
 */
export async function tellRemains(path: string, logger: Pick<Logger, 'warn'>): Promise<void> {
  try {
    const original = await realpath(path);
    await forgetExchange(original);
    const remains = await findRemains(original);
    if (remains.length === 0) return;
    const text =
      'a repair or restore was interrupted, and nothing came of it: do it again, or delete what it has left';
    logger.warn(text, { store: path, left: remains.join(' ') });
  } catch {
    // The directory around may be nobody's business; the store is as good without.
  }
}
