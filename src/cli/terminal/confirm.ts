import { createInterface } from 'node:readline/promises';
import { UsageError } from '../arguments/usage-error.js';

/** Where somebody is asked. */
export interface AskedAt {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream;
}

/**
 * Asks whoever sits at the terminal. Whoever leaves it instead, with Ctrl-C, Ctrl-D or by closing it,
 * has not agreed.
 *
 * @param question without its mark: "Forget 7 records"
 * @throws UsageError if nobody sits there
 */
export async function isConfirmed(
  question: string,
  { input, output }: AskedAt = { input: process.stdin, output: process.stderr },
): Promise<boolean> {
  if (input.isTTY !== true) {
    throw new UsageError(`${question}? Nobody can be asked here: say --yes if it is meant`);
  }
  const terminal = createInterface({ input, output });
  try {
    const left = new Promise<undefined>((resolve) => {
      terminal.once('close', () => resolve(undefined));
    });
    // Of a terminal that is closed Node.js never settles the question, and rejects that of Ctrl-C and Ctrl-D.
    const asked = terminal.question(`${question}? [y/N] `).catch(() => undefined);
    const answer = await Promise.race([asked, left]);
    if (answer === undefined) output.write('\n');
    return /^y(es)?$/i.test(answer?.trim() ?? '');
  } finally {
    terminal.close();
  }
}
