import assert from 'node:assert/strict';
import { test } from 'node:test';

import { readLines } from '../../../src/migrate/read-lines.js';
import { chunksOf } from '../../support/import-rig.js';

async function lines(text: string, chunk: number): Promise<readonly string[]> {
  const all: string[] = [];
  for await (const page of readLines(chunksOf(text, chunk))) all.push(...page);
  return all;
}

test('a text is split into its lines, however it comes', async () => {
  for (let chunk = 1; chunk < 12; chunk++) {
    assert.deepEqual(await lines('a\r\n\nb\u00e9\u20ac\n', chunk), ['a', '', 'b\u00e9\u20ac']);
    assert.deepEqual(await lines('a\nlast', chunk), ['a', 'last']);
    assert.deepEqual(await lines('', chunk), []);
  }
});

test('a line without an end is not kept in memory', async () => {
  await assert.rejects(lines('x'.repeat(1_200_000), 65_536), { code: 'IMPORT_NOT_UNDERSTOOD' });
  const long = 'x'.repeat(1_000_000);
  assert.deepEqual(await lines(`${long}\n${long}\n`, 65_536), [long, long]);
});
