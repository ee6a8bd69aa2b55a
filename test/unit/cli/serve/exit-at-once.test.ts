import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { createTempDirectory } from '../../../support/temp-directory.js';

const module = new URL('../../../../src/cli/serve/exit-at-once.ts', import.meta.url).href;

async function run(t: TestContext, script: string): Promise<readonly unknown[]> {
  const text = `import { exitAtOnce } from ${JSON.stringify(module)}; ${script}`;
  const args = ['--import', import.meta.resolve('tsx'), '--input-type=module', '--eval', text];
  const child = spawn(process.execPath, args, { stdio: 'inherit' });
  t.after(() => child.kill('SIGKILL'));
  const ending: readonly unknown[] = await once(child, 'exit');
  return ending;
}

describe('exitAtOnce', () => {
  test('ends the process with its code, whatever there is to do', async (t) =>
    assert.deepEqual(await run(t, 'setInterval(() => {}, 1000); exitAtOnce(69)'), [69, null]));

  test('ends it even if a file operation never does', async (t) => {
    const fifo = join(createTempDirectory(t), 'fifo');
    assert.equal(spawnSync('mkfifo', [fifo]).status, 0);
    const script = `
      import { open } from 'node:fs';
      open(${JSON.stringify(fifo)}, 'r', () => {});
      setTimeout(() => exitAtOnce(69), 100);
    `;
    assert.deepEqual(await run(t, script), [null, 'SIGKILL']);
  });
});
