import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeOf } from '../../src/mail/file-problem.js';

/** Each of them has waited for some tenths of a second before it fails. */
const MOST_TRIES = 20;

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
  cleanUp.after(() => removeDirectory(path));
  return path;
}

/**
 * Removes a directory with all that is in it. Somebody who is about to end may make a file there just when
 * all others are gone, and Node.js 20 looks for files but once: then it is done again.
 */
export function removeDirectory(path: string): void {
  for (let tries = 1; ; tries++) {
    try {
      rmSync(path, { recursive: true, force: true, maxRetries: 3 });
      return;
    } catch (error) {
      if (codeOf(error) !== 'ENOTEMPTY' || tries === MOST_TRIES) throw error;
    }
  }
}
