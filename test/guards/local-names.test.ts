import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Not part of the project: made by tools, or the user's own. */
const ignored = new Set(['.git', 'node_modules', 'dist', 'dist.new', 'coverage', 'var']);

/** What exists on some machine only: a developer's folders, and hosts that packages come from. */
const localNames = [
  /(?<![\w.~-])\/(?:work|root|Users)\//,
  /(?<![\w.~-])\/home\/\w/,
  /[A-Z]:\\Users\\/,
  /registry\.(?:npmjs|yarnpkg|npmmirror)\./,
  /\b(?:deb|security|snapshot)\.debian\.org/,
  /\b(?:nodesource|jsdelivr|unpkg)\.com/,
];

function listFiles(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (ignored.has(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? listFiles(path) : entry.isFile() ? [path] : [];
  });
}

function findLocalNames(text: string): readonly string[] {
  return text.split('\n').filter((line) => localNames.some((pattern) => pattern.test(line)));
}

describe('the files of the project', () => {
  test('name no place that exists on one machine only', () => {
    const files = listFiles(root);
    assert.ok(files.length > 20);
    const found = files.flatMap((file) =>
      findLocalNames(readFileSync(file, 'utf8')).map((line) => `${relative(root, file)}: ${line}`),
    );
    assert.deepEqual(found, []);
  });

  test('would be caught if they did', () => {
    const home = '/home';
    for (const line of [
      `see ${home}/somebody/notes`,
      `cd ${['', 'root', 'x'].join('/')}`,
      `"resolved": "https://${['registry', 'npmjs', 'org'].join('.')}/yaml"`,
    ])
      assert.deepEqual(findLocalNames(`first\n${line}\nlast`), [line]);
    assert.deepEqual(findLocalNames('chroot/etc $root/dist homework/ /var/lib /etc/mail'), []);
  });
});
