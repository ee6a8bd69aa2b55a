import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openActivitySink } from '../../../src/telemetry/activity-sink.js';
import { createTempDirectory } from '../../support/temp-directory.js';
import { waitUntil } from '../../support/wait-until.js';

const unexpected = (error: unknown): void => assert.fail(String(error));

test('a file is appended to, or emptied first', async (t) => {
  const path = join(createTempDirectory(t), 'activity');
  writeFileSync(path, 'old\n');
  const appending = openActivitySink({ kind: 'file', path, isAppended: true }, unexpected);
  assert.equal(appending.write('a\n'), true);
  await appending.close();
  assert.equal(readFileSync(path, 'utf8'), 'old\na\n');
  const emptying = openActivitySink({ kind: 'file', path, isAppended: false }, unexpected);
  emptying.write('b\n');
  await emptying.close();
  assert.equal(readFileSync(path, 'utf8'), 'b\n');
  assert.equal(emptying.write('late\n'), false);
  await emptying.close();
});

test('a file that cannot be opened is refused at once', () => {
  assert.throws(
    () => openActivitySink({ kind: 'file', path: '/nowhere/a', isAppended: true }, unexpected),
    { code: 'LOG_CANNOT_OPEN' },
  );
});

test('a command reads all of it before it ends, and is started anew if it ends early', async (t) => {
  const path = join(createTempDirectory(t), 'activity');
  const failures: unknown[] = [];
  const command = `test -e ${path} || { : > ${path}; exit 3; }; cat >> ${path}`;
  const sink = openActivitySink({ kind: 'pipe', command }, (error) => void failures.push(error));
  await waitUntil(() => failures.length === 1, 'the end of the first command');
  assert.match(String(failures[0]), /ended with 3/);
  assert.equal(existsSync(path), true);
  assert.equal(sink.write('lost\n'), false);
  await waitUntil(() => sink.write('a\n'), 'another command');
  await sink.close();
  assert.match(readFileSync(path, 'utf8'), /^(a\n)+$/);
  await sink.close();
});

test('what nobody reads is left out, and holds nothing up', async () => {
  const sink = openActivitySink({ kind: 'pipe', command: 'exec sleep 60' }, () => undefined);
  const line = `${'x'.repeat(64 * 1024)}\n`;
  let taken = 0;
  while (taken < 100 && sink.write(line)) taken++;
  assert.ok(taken >= 16 && taken < 40, String(taken));
  await sink.close();
});
