import { createInterface } from 'node:readline/promises';
import { UsageError } from '../arguments/usage-error.js';

/**
 * Asks whoever sits at the terminal.
 *
 * @param question without its mark: "Forget 7 records"
 * @throws UsageError if nobody sits there
 */
export async function isConfirmed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw new UsageError(`${question}? Nobody can be asked here: say --yes if it is meant`);
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question}? [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}
