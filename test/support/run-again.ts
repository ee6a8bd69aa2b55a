import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/**
 * Runs a test again, all of it and nothing else, in a process that another program starts with more
 * or fewer rights than ours. Fails if it fails there.
 *
 * @param file `import.meta.url` of the test
 * @param starter the program and its arguments, before those of Node.js
 */
export async function runAgain(
  t: TestContext,
  file: string,
  starter: readonly [string, ...string[]],
): Promise<void> {
  const [program, ...args] = starter;
  const name = t.name.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  // A run of its own: it reports to us, and could not write our coverage.
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined, NODE_V8_COVERAGE: undefined };
  const { stdout } = await promisify(execFile)(
    program,
    [
      ...[...args, process.execPath, '--import', import.meta.resolve('tsx')],
      ...['--test-reporter=tap', `--test-name-pattern=${name}`, fileURLToPath(file)],
    ],
    { env, timeout: 240_000 },
  );
  assert.match(stdout, /^# pass [1-9]/m);
}
