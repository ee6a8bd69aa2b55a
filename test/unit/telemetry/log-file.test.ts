import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { closeLogFile, openLogFile, sizeOf } from '../../../src/telemetry/log-file.js';
import { createTempDirectory } from '../../support/temp-directory.js';

describe('a log file', () => {
  test('is made for its owner and readable by its group', (t) => {
    const path = join(createTempDirectory(t), 'log');
    const umask = process.umask(0);
    t.after(() => process.umask(umask));
    const file = openLogFile({ kind: 'file', path });
    t.after(() => closeSync(file.fd));
    assert.equal(statSync(path).mode & 0o777, 0o640);
    assert.equal(file.isRegular, true);
    assert.equal(file.isOwned, true);
  });

  test('is appended to, also after somebody emptied it', (t) => {
    const path = join(createTempDirectory(t), 'log');
    writeFileSync(path, 'before\n', { mode: 0o600 });
    const file = openLogFile({ kind: 'file', path });
    t.after(() => closeSync(file.fd));
    writeSync(file.fd, 'one\n');
    assert.equal(readFileSync(path, 'utf8'), 'before\none\n');
    assert.equal(sizeOf(file), 11);
    writeFileSync(path, '');
    writeSync(file.fd, 'two\n');
    assert.equal(readFileSync(path, 'utf8'), 'two\n');
    assert.equal(statSync(path).mode & 0o777, 0o600);
  });

  test('that cannot be opened is told with its path', (t) => {
    const directory = createTempDirectory(t);
    mkdirSync(join(directory, 'sub'));
    execFileSync('mkfifo', [join(directory, 'fifo')]);
    // A FIFO without a reader would hold up the process if it were opened in the ordinary way.
    for (const [name, problem] of [
      ['sub', 'it is a directory'],
      ['missing/log', 'its directory is not there'],
      ['fifo', 'it is a pipe that nobody reads'],
    ] as const) {
      const path = join(directory, name);
      assert.throws(() => openLogFile({ kind: 'file', path }), {
        name: 'LogError',
        code: 'LOG_CANNOT_OPEN',
        message: new RegExp(`^cannot open the log file ${path}: ${problem}`),
      });
    }
  });

  test('has size 0 if that cannot be told any more', (t) => {
    const file = openLogFile({ kind: 'file', path: join(createTempDirectory(t), 'log') });
    closeSync(file.fd);
    assert.equal(sizeOf(file), 0);
  });
});

test('standard error is never closed', () => {
  closeLogFile({ fd: 2, isRegular: false, isOwned: false });
  assert.ok(statSync('/proc/self/fd/2'));
});
