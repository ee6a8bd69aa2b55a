import type { TestContext } from 'node:test';
import { runAgain } from './run-again.js';

/** Whom nearly every system keeps for those who own nothing. */
export const nobody = 65_534;

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/**
 * Runs the body of a test as somebody who may do no more than others. Permissions mean nothing to
 * root, so as root this test runs again, all of it, in a process of that user; by setpriv, because
 * Debian 13's Node.js refuses to change its own user.
 *
 * @param file `import.meta.url` of the test
 */
export async function withoutRights(
  t: TestContext,
  file: string,
  body: () => void | Promise<void>,
): Promise<void> {
  if (!isRoot()) {
    await body();
    return;
  }
  const user = [`--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups'];
  await runAgain(t, file, ['setpriv', ...user, '--']);
}
