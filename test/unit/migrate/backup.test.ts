import assert from 'node:assert/strict';
import { test } from 'node:test';

import { readBackup, writeBackup, type BackupSummary } from '../../../src/migrate/backup.js';

const lines = [
  '{"format":"greymilter","version":1}',
  '{"kind":"pair","sender":"a@b.example"}',
  '{"kind":"statistics","hour":"2030-01-01T00:00:00.000Z"}',
  '{"kind":"statistics","hour":"2030-01-01T01:00:00.000Z"}',
  '{"kind":"opaque","key":"{\\"kind\\":\\"statistics\\""}',
];
const text = lines.map((line) => `${line}\n`).join('');

async function* piecesOf(length: number): AsyncGenerator<string, void, undefined> {
  for (let at = 0; at < text.length; at += length) {
    yield await Promise.resolve(text.slice(at, at + length));
  }
}

for (const length of [1, 7, 60, 1000]) {
  test(`records are counted, and statistics apart, in pieces of ${length} bytes`, async () => {
    const told: BackupSummary[] = [];
    const parts: Uint8Array[] = [];
    for await (const part of writeBackup(piecesOf(length), (summary) => told.push(summary))) {
      parts.push(part);
    }
    const written = Buffer.concat(parts).toString();
    const [summary] = told;
    assert.ok(summary);
    assert.deepEqual([summary.records, summary.statistics], [2, 2]);
    const pages = (async function* () {
      yield await Promise.resolve(written.trimEnd().split('\n'));
    })();
    const read: string[] = [];
    for await (const page of readBackup(pages, (found) => told.push(found))) read.push(...page);
    assert.deepEqual(read, lines);
    assert.deepEqual(told[1], summary);
  });
}
