import { mkdtempSync } from 'node:fs';
import { removeDirectory, type CleanUp } from './temp-directory.js';

/** As `createTempDirectory`, in a file system in memory: every Linux has one there. */
export function createMemoryDirectory(cleanUp: CleanUp): string {
  const path = mkdtempSync('/dev/shm/greymilter-');
  cleanUp.after(() => removeDirectory(path));
  return path;
}
