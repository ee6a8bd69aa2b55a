import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';

import { readConfigFile } from '../../../src/config/config-file.js';

const directory = mkdtempSync(join(tmpdir(), 'greymilter-config-'));
after(() => rmSync(directory, { recursive: true }));

function fileWith(name: string, content: string | Uint8Array): string {
  const file = join(directory, name);
  writeFileSync(file, content);
  return file;
}

describe('files that are read', () => {
  for (const [name, content, expected] of [
    ['plain.yaml', 'a: ü\n', 'a: ü\n'],
    ['short.yml', '', ''],
    ['UPPER.YAML', 'a: 1', 'a: 1'],
    ['marked.yaml', '\uFEFFa: 1', 'a: 1'],
    ['greylist.conf', 'quiet # ü\n', 'quiet # ü\n'],
    ['old-greylist.conf', Buffer.from('quiet # \xfc\n', 'latin1'), 'quiet # ü\n'],
    ['large-greylist.conf', '#'.repeat(257 * 1024), '#'.repeat(257 * 1024)],
    ['large.yaml', '#'.repeat(256 * 1024), '#'.repeat(256 * 1024)],
  ] as const) {
    test(name, async () => assert.equal(await readConfigFile(fileWith(name, content)), expected));
  }
});

describe('files that are refused', () => {
  const refuses = (file: string, code: string, reason: string): Promise<void> =>
    assert.rejects(readConfigFile(file), {
      name: 'ConfigError',
      code,
      message: `${file}: ${reason}`,
      issues: [],
    });

  test('one that is not there', async () => {
    await refuses(join(directory, 'no.yaml'), 'CONFIG_NOT_FOUND', 'there is no such file');
    const below = join(fileWith('file.yaml', ''), 'below.yaml');
    await refuses(below, 'CONFIG_NOT_FOUND', 'there is no such file');
  });
  test('a directory', async () => {
    const file = join(directory, 'directory.yaml');
    mkdirSync(file);
    await refuses(file, 'CONFIG_UNREADABLE', 'is not a regular file');
  });
  test('a named pipe, without waiting for its writer', async () => {
    const file = join(directory, 'pipe.yaml');
    execFileSync('mkfifo', [file]);
    await refuses(file, 'CONFIG_UNREADABLE', 'is not a regular file');
  });
  test('a link to itself', async () => {
    const file = join(directory, 'loop.yaml');
    execFileSync('ln', ['-s', file, file]);
    await assert.rejects(readConfigFile(file), {
      code: 'CONFIG_UNREADABLE',
      message: /its symbolic links lead in a circle/,
    });
  });
  test('a large one', async () => {
    const file = fileWith('huge.yaml', '#'.repeat(256 * 1024 + 1));
    await refuses(file, 'CONFIG_TOO_LARGE', 'is larger than 256 KiB');
    const foreign = fileWith('huge.conf', '#'.repeat(4 * 1024 * 1024 + 1));
    await refuses(foreign, 'CONFIG_TOO_LARGE', 'is larger than 4096 KiB');
  });
  test('one that is not UTF-8', async () => {
    const reason = 'is not UTF-8 text: save it in that encoding';
    await refuses(
      fileWith('latin.yaml', Buffer.from('a: \xfc', 'latin1')),
      'CONFIG_NOT_TEXT',
      reason,
    );
    await refuses(
      fileWith('utf16.yaml', Buffer.from('\uFEFFa: 1', 'utf16le')),
      'CONFIG_NOT_TEXT',
      reason,
    );
  });
  test('one that this user may not read', async () => {
    const file = fileWith('secret.yaml', '');
    chmodSync(file, 0);
    if (process.getuid?.() === 0) {
      // Root may read everything: there is nothing to refuse.
      assert.equal(await readConfigFile(file), '');
    } else {
      await refuses(file, 'CONFIG_PERMISSION', 'this user may not read it');
    }
  });
});
