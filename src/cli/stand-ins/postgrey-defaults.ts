import { existsSync, readFileSync } from 'node:fs';
import { fileProblem } from '../../mail/file-problem.js';
import { parseShellVariables } from './shell-variables.js';
import { UsageError } from '../arguments/usage-error.js';

/** Where distributions keep what Postgrey is started with. */
const FILES = ['/etc/default/postgrey', '/etc/sysconfig/postgrey'] as const;

/**
 * The options that stand in a file of a distribution: POSTGREY_OPTS, and POSTGREY_TEXT for a text with
 * blanks.
 *
 * @throws UsageError
 */
export function readPostgreyDefaults(file: string): readonly string[] {
  const variables = parseShellVariables(readText(file), file);
  const words = (variables.get('POSTGREY_OPTS') ?? '').split(/\s+/).filter((word) => word !== '');
  const text = variables.get('POSTGREY_TEXT') ?? '';
  return text === '' ? words : [...words, `--greylist-text=${text}`];
}

/** The distribution's file; undefined if there is none. */
export function findPostgreyDefaults(files: readonly string[] = FILES): string | undefined {
  return files.find((file) => existsSync(file));
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`cannot read ${file}: ${fileProblem(error, 'read')}`);
  }
}
