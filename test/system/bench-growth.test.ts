import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { bench, readBenchReport, type BenchRow } from '../support/bench.js';
import { createTempDirectory } from '../support/temp-directory.js';

describe('scripts/bench growth', () => {
  test('measures more sessions, more listeners and more rules', (t) => {
    const file = join(createTempDirectory(t), 'report.json');
    const { status, out, err } = bench(
      ...['growth', '--rounds', '1', '--sessions', '20', '--json', file],
    );
    assert.equal(status, 0, err);
    const report = readBenchReport(file) as Readonly<Record<string, readonly BenchRow[]>>;
    const { sessions = [], listeners, rules } = report;
    const kinds = ['floor', 'new triplet', 'known triplet'];
    assert.deepEqual(
      sessions.map(({ name, atOnce }) => `${name} ${String(atOnce)}`),
      [1, 4, 16, 64, 256].flatMap((atOnce) => kinds.map((name) => `${name} ${atOnce}`)),
    );
    const names = (rows: readonly BenchRow[] = []): readonly string[] =>
      rows.map(({ name }) => name);
    assert.deepEqual(names(listeners), ['1 listeners', '16 listeners', '64 listeners']);
    assert.deepEqual(names(rules), ['0 rules', '10 rules', '100 rules', '1000 rules']);
    assert.match(out, /^1000 rules {2}.*\d/m);
  });
});
