import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { bench, readBenchReport, type BenchRow } from '../support/bench.js';
import { createTempDirectory } from '../support/temp-directory.js';

describe('scripts/bench expiry', () => {
  test('sees all of the records expire, and looks at answers meanwhile', (t) => {
    const file = join(createTempDirectory(t), 'report.json');
    const { status, out, err } = bench(
      ...['expiry', '--triplets', '2000', '--rate', '20', '--json', file],
    );
    assert.equal(status, 0, err);
    const { records, seconds, stalls } = readBenchReport(file) as {
      readonly records: number;
      readonly seconds: number;
      readonly stalls: readonly BenchRow[];
    };
    assert.equal(records, 2000);
    assert.ok(seconds > 0);
    assert.deepEqual(
      stalls.map(({ name }) => name),
      ['nothing else', 'a sweep of 2000'],
    );
    for (const { name, ...figures } of stalls)
      for (const value of Object.values(figures)) assert.ok(Number(value) > 0, name);
    assert.match(out, /^2000 records expired in /m);
  });
});
