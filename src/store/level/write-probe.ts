import { open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PROBE_FILE } from './store-directory.js';

/** Beyond the log, opening a database writes a manifest and new, small files. */
const MARGIN_BYTES = 256 * 1024;

/**
 * Finds out by writing whether LevelDB would have the room to open its database again, which turns
 * its log into a table: only a write knows about quotas, limits and bad blocks. Rejects with the
 * system's error if not.
 */
export async function proveWritable(path: string): Promise<void> {
  const logs = (await readdir(path)).filter((name) => name.endsWith('.log'));
  const sizes = await Promise.all(logs.map(async (name) => (await stat(join(path, name))).size));
  const bytes = sizes.reduce((sum, size) => sum + size, MARGIN_BYTES);
  const probe = join(path, PROBE_FILE);
  try {
    const file = await open(probe, 'w', 0o600);
    try {
      await file.writeFile(Buffer.alloc(bytes, PROBE_FILE));
      await file.datasync();
    } finally {
      await file.close();
    }
  } finally {
    await rm(probe, { force: true });
  }
}
