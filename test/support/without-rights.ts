import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

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
  const name = t.name.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  // A run of its own: it reports to us, and could not write our coverage.
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined, NODE_V8_COVERAGE: undefined };
  const { stdout } = await promisify(execFile)(
    'setpriv',
    [
      ...[`--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups', '--'],
      ...[process.execPath, '--import', import.meta.resolve('tsx'), '--test-reporter=tap'],
      ...[`--test-name-pattern=${name}`, fileURLToPath(file)],
    ],
    { env, timeout: 60_000 },
  );
  assert.match(stdout, /^# pass [1-9]/m);
}
