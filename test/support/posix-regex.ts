import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { createTempDirectory, type CleanUp } from './temp-directory.js';

const program = fileURLToPath(new URL('posix-regex.c', import.meta.url));

/** A pattern without its slashes and what it is held against. */
export interface PosixQuestion {
  readonly source: string;
  readonly isExtended: boolean;
  /** Whether `.` and `[^…]` stop at newlines and `^` and `$` match there. */
  readonly hasLines: boolean;
  readonly subjects: readonly string[];
}

/** For the `skip` option of a test or suite; in CI nothing is skipped. */
export function skipWithoutCompiler(): string | false {
  const { error } = spawnSync('cc', ['--version']);
  if (error === undefined || process.env['CI'] === 'true') return false;
  return `C cannot be compiled here: ${error.message}; scripts/install-c-compiler installs it`;
}

/** Compiles a program that asks the C library of this machine: whether each subject matches. */
export function buildPosixRegex(
  t: CleanUp,
): (questions: readonly PosixQuestion[]) => readonly (readonly boolean[] | 'refused')[] {
  const binary = join(createTempDirectory(t), 'posix-regex');
  execFileSync('cc', ['-O1', '-o', binary, program], { stdio: 'pipe' });
  return (questions) => {
    const input = questions.map((question) => `${encode(question)}\n`).join('');
    const output = execFileSync(binary, { input, encoding: 'latin1', timeout: 60_000 });
    return output
      .trimEnd()
      .split('\n')
      .map((line) => (line === 'E' ? 'refused' : Array.from(line, (answer) => answer === '1')));
  };
}

function encode({ source, isExtended, hasLines, subjects }: PosixQuestion): string {
  const words = [source, ...subjects].map((text) => Buffer.from(text, 'latin1').toString('hex'));
  const flags = (isExtended ? 1 : 0) + (hasLines ? 2 : 0);
  return [String(flags), ...words.map((word) => (word === '' ? '-' : word))].join(' ');
}
