import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What registers a clean-up: the `t` of a test, or `{ after }` of node:test for a whole suite. */
export interface CleanUp {
  after(remove: () => void): void;
}

/**
 * A fresh, empty directory that only the user may enter, removed with all that is in it when the
 * test ends. The path is short (a Unix socket's may have 107 bytes) and free of symbolic links.
 */
export function createTempDirectory(cleanUp: CleanUp): string {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'greymilter-')));
  cleanUp.after(() => {
    rmSync(path, { recursive: true, force: true, maxRetries: 3 });
  });
  return path;
}
