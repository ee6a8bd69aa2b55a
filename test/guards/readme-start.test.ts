import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { askNobody } from '../support/daemon-process.js';
import { MtaPeer } from '../support/mta-peer.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { projectRoot } from './readme-text.js';

/** What scripts/start needs; all but the packages, which would take minutes to install. */
const parts = ['src', 'scripts', 'package.json', 'package-lock.json'];
const buildSettings = ['tsconfig.json', 'tsconfig.build.json'];

test('scripts/start builds what is missing, serves, and ends at SIGTERM', async (t) => {
  const root = join(createTempDirectory(t), 'a tree');
  for (const part of [...parts, ...buildSettings])
    cpSync(join(projectRoot, part), join(root, part), {
      recursive: true,
      preserveTimestamps: true,
    });
  symlinkSync(join(projectRoot, 'node_modules'), join(root, 'node_modules'));
  const child = spawn(
    join(root, 'scripts/start'),
    ['--listen', 'inet:0@127.0.0.1', '--store', 'store', ...askNobody],
    { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  t.after(() => child.kill('SIGKILL'));
  const closed = once(child, 'close');
  let said = '';
  const ready = new Promise<number>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const port = / ready listening=inet:(\d+)@127\.0\.0\.1 store=store /.exec(said)?.[1];
      if (port !== undefined) resolve(Number(port));
    });
    child.once('close', () => {
      reject(new Error(`it has ended: ${said}`));
    });
  });
  const peer = await MtaPeer.connect({ port: await ready });
  const { version } = await peer.negotiate();
  assert.equal(version, 6);
  await peer.quit();
  child.kill('SIGTERM');
  const ending: readonly unknown[] = await closed;
  assert.match(said, /^Building \.\.\.\n/);
  assert.deepEqual(ending, [0, null], said);
});
