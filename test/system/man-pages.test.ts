import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, test } from 'node:test';

import { manualPages } from '../../scripts/man-pages.js';
import { settings } from '../../src/config/schema.js';
import { leafSettings } from '../../src/config/settings.js';
import { runGreymilter } from '../support/daemon-process.js';
import { createTempDirectory } from '../support/temp-directory.js';

const pages = manualPages();

/** What man shows of a page on a wide terminal; fails if it has anything to say about it. */
function read(t: Parameters<typeof createTempDirectory>[0], path: string): string {
  const file = join(createTempDirectory(t), path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, pages.get(path) ?? assert.fail(path));
  const env = { ...process.env, LC_ALL: 'C.UTF-8', MANWIDTH: '400', MAN_KEEP_FORMATTING: '' };
  const { status, stdout, stderr } = spawnSync('man', ['--warnings', '-l', file], { env });
  assert.deepEqual([status, stderr.toString()], [0, ''], path);
  return stdout.toString();
}

describe('man has no complaint about', () => {
  for (const path of pages.keys()) {
    test(basename(path), (t) => {
      const text = read(t, path);
      assert.match(text, /^NAME$/m);
      // What Markdown has, and what roff would have had; a line feed is written so in an option.
      assert.doesNotMatch(text, /`|\]\(#|\\[a-mo-z-]/);
    });
  }
});

test('greymilter.yaml(5) has every setting', (t) => {
  const text = read(t, 'man5/greymilter.yaml.5');
  for (const { path } of leafSettings(settings)) {
    const name = path.join('.').replaceAll('.', '\\.');
    assert.match(text, new RegExp(`^ *${name}(\\s|$)`, 'm'));
  }
});

test('each command of the help has a page, with each option of its own help', async (t) => {
  const { stdout } = await runGreymilter(['--help']);
  const names = [...stdout.matchAll(/^ {2}greymilter ([\w-]+)/gm)].map(([, name = '']) => name);
  const paths = [...new Set(names)].map((name) => `man1/greymilter-${name}.1`);
  assert.ok(paths.length > 15);
  assert.deepEqual(
    paths.sort(),
    [...pages.keys()].filter((path) => path.startsWith('man1/')).sort(),
  );
  for (const name of ['serve', 'probe', 'list']) {
    const help = (await runGreymilter([name, '--help'])).stdout;
    const options = [...help.matchAll(/^ +(--[\w-]+)/gm)].map(([, option = '']) => option);
    const text = read(t, `man1/greymilter-${name}.1`);
    assert.ok(options.length > 3, help);
    for (const option of options.filter((each) => !['--version', '--help'].includes(each))) {
      assert.ok(text.includes(option), `${name} ${option}`);
    }
  }
});
