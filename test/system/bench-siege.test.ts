import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { bench, readBenchReport, type BenchRow } from '../support/bench.js';
import { createTempDirectory } from '../support/temp-directory.js';

describe('scripts/bench siege', () => {
  test('looks at the answers to others beside each kind of harm', (t) => {
    const file = join(createTempDirectory(t), 'report.json');
    const { status, out, err } = bench(
      ...['siege', '--rate', '20', '--seconds', '1', '--json', file],
    );
    assert.equal(status, 0, err);
    const { stalls } = readBenchReport(file) as { readonly stalls: readonly BenchRow[] };
    assert.equal(stalls.length, 6);
    for (const { name, p999Us } of stalls)
      assert.ok(typeof p999Us === 'number' && p999Us > 0, name);
    assert.match(out, /^4 peers that ask for ever and never read {2}.*\d/m);
  });
});
