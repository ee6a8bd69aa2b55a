import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import {
  preparePidFile,
  removePidFile,
  removeStalePidFile,
  writePidFile,
} from '../../../../src/daemon/process/pid-file.js';
import type { SystemUser } from '../../../../src/daemon/process/system-account.js';
import { createTempDirectory, type CleanUp } from '../../../support/temp-directory.js';
import { isRoot, nobody } from '../../../support/without-rights.js';

const ours = `${process.pid}\n`;
const uid = isRoot() ? nobody : (process.getuid?.() ?? nobody);
const gid = isRoot() ? nobody : (process.getgid?.() ?? nobody);
const user: SystemUser = { name: 'somebody', uid, gid, groups: [gid] };

function pidFileIn(t: CleanUp, text?: string): string {
  const path = join(createTempDirectory(t), 'pid');
  if (text !== undefined) writeFileSync(path, text);
  return path;
}

/** The number of a process that lives until the test ends. */
async function startProcess(t: CleanUp, command: string, ...args: string[]): Promise<number> {
  const child = spawn(command, args, { stdio: ['pipe', 'ignore', 'ignore'] });
  t.after(() => child.kill('SIGKILL'));
  await once(child, 'spawn');
  return child.pid ?? -1;
}

describe('a pid file', () => {
  test('is written for everybody to read, and removed in the end', (t) => {
    const path = pidFileIn(t);
    writePidFile(path, undefined);
    assert.equal(readFileSync(path, 'utf8'), ours);
    assert.equal(statSync(path).mode & 0o777, 0o644);
    removePidFile(path);
    assert.equal(existsSync(path), false);
  });

  test('belongs to whom we are going to be, who may write into it', (t) => {
    const path = pidFileIn(t);
    preparePidFile(path, user);
    assert.deepEqual([statSync(path).uid, readFileSync(path, 'utf8')], [uid, '']);
    writePidFile(path, user);
    assert.deepEqual([statSync(path).uid, readFileSync(path, 'utf8')], [uid, ours]);
  });

  for (const [what, text] of [
    ['of a process that is gone', '4194304\n'],
    ['of ours', ours],
    ['that is empty', ''],
    ['with something else in it', 'somebody was here'],
  ] as const)
    test(`${what} is replaced`, (t) => {
      const path = pidFileIn(t, text);
      writePidFile(path, undefined);
      assert.equal(readFileSync(path, 'utf8'), ours);
    });

  test('of a number that another program has by now is replaced', async (t) => {
    const path = pidFileIn(t, String(await startProcess(t, 'cat')));
    writePidFile(path, undefined);
    assert.equal(readFileSync(path, 'utf8'), ours);
  });

  test('of another process of our kind is left alone, and refused', async (t) => {
    const pid = await startProcess(t, process.execPath, '-e', 'process.stdin.resume()');
    const path = pidFileIn(t, String(pid));
    for (const claim of [writePidFile, preparePidFile])
      assert.throws(() => claim(path, user), {
        name: 'PidFileError',
        code: 'PID_FILE_IN_USE',
        message: new RegExp(
          `runs already: ${path} has the number of process ${pid}, which is alive`,
        ),
      });
    removePidFile(path);
    removeStalePidFile(path);
    assert.equal(readFileSync(path, 'utf8'), String(pid));
  });

  test('is not written through a symbolic link, which is replaced', (t) => {
    const path = pidFileIn(t);
    writeFileSync(`${path}.other`, 'precious');
    symlinkSync(`${path}.other`, path);
    writePidFile(path, undefined);
    assert.equal(readFileSync(path, 'utf8'), ours);
    assert.equal(readFileSync(`${path}.other`, 'utf8'), 'precious');
  });

  test('that cannot be written is refused', (t) => {
    const path = pidFileIn(t);
    mkdirSync(path);
    assert.throws(() => writePidFile(path, undefined), {
      code: 'PID_FILE_FAILED',
      message: new RegExp(`^cannot write the pid file ${path}: `),
    });
    assert.throws(() => writePidFile(join(path, 'none', 'pid'), undefined), {
      code: 'PID_FILE_FAILED',
    });
  });
});

describe('what a process that is gone has left behind', () => {
  test('is removed', (t) => {
    for (const text of ['', '4194304\n', ours.repeat(2)]) {
      const path = pidFileIn(t, text);
      removeStalePidFile(path);
      assert.equal(existsSync(path), false);
    }
  });

  test('may be nothing', (t) => {
    const path = pidFileIn(t);
    assert.doesNotThrow(() => removeStalePidFile(path));
    assert.doesNotThrow(() => removePidFile(path));
  });
});
