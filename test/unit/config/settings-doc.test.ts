import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { format } from 'prettier';

import { settingsTable, withSettingsTable } from '../../../scripts/settings-doc.js';
import { settings } from '../../../src/config/schema.js';
import { leafSettings } from '../../../src/config/settings.js';

const MARKED =
  '# Title\n\n<!-- settings:begin -->\n\nOUTDATED\n\n<!-- settings:end -->\n\nThe end\n' +
  ['rule-keys', 'conditions', 'actions']
    .map((name) => `\n<!-- ${name}:begin -->\n\nOUTDATED\n\n<!-- ${name}:end -->\n`)
    .join('');

test('the table has a row for every setting', () => {
  const rows = settingsTable().split('\n');
  assert.equal(rows.length, leafSettings(settings).length + 2);
  assert.match(settingsTable(), /^\| `greylist\.delay` +\| `3m` +\| How long a new triplet waits/m);
  assert.equal(new Set(rows.map((row) => row.length)).size, 1);
});

test('the table is laid out so that the formatter leaves it alone', async () => {
  const text = withSettingsTable(MARKED);
  assert.equal(await format(text, { parser: 'markdown', printWidth: 100 }), text);
});

test('the table replaces what is between the markers, and nothing else', () => {
  const text = withSettingsTable(MARKED);
  assert.match(text, /^# Title\n\n<!-- settings:begin -->\n\n\| setting /);
  assert.match(
    text,
    / \|\n\n<!-- settings:end -->\n\nThe end\n\n<!-- rule-keys:begin -->\n\n\| key /,
  );
  assert.doesNotMatch(text, /OUTDATED/);
  assert.equal(withSettingsTable(text), text);
  assert.throws(() => withSettingsTable('# Title\n'), /There is no <!-- settings:begin -->/);
  assert.throws(
    () => withSettingsTable('<!-- actions:begin -->\n'),
    /There is no <!-- actions:end -->/,
  );
});

test('the command writes the table into a file, and checks whether it is there', () => {
  const directory = mkdtempSync(join(tmpdir(), 'greymilter-doc-'));
  const file = join(directory, 'settings.md');
  const script = fileURLToPath(new URL('../../../scripts/settings-doc.ts', import.meta.url));
  const run = (...args: readonly string[]): number | null =>
    spawnSync(process.execPath, ['--import', 'tsx', script, ...args]).status;
  writeFileSync(file, MARKED);
  assert.equal(run('--check', file), 1);
  assert.equal(readFileSync(file, 'utf8'), MARKED);
  assert.equal(run('--write', file), 0);
  assert.equal(readFileSync(file, 'utf8'), withSettingsTable(MARKED));
  assert.equal(run('--check', file), 0);
  assert.equal(run('--nonsense'), 64);
  rmSync(directory, { recursive: true });
});
