import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../guards/readme-text.js';

/**
 * Files that others have written, which are not part of the project: tests that read them are extra,
 * and run where somebody has put such files beside the project.
 *
 * @returns the directory, or undefined if it is not there
 */
export function foundFiles(kind: string): string | undefined {
  const directory = join(projectRoot, '..', 'shared', 'samples', kind);
  return existsSync(directory) ? directory : undefined;
}
