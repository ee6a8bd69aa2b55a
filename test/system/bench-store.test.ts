import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { bench, readBenchReport, type BenchRow } from '../support/bench.js';
import { createTempDirectory } from '../support/temp-directory.js';

type Figures = Readonly<Record<string, number>>;

interface Size {
  readonly triplets: number;
  readonly startMs: number;
  readonly bytes: Figures;
  readonly memoryAtStart: Figures;
  readonly memoryAfter: Figures;
  readonly rows: readonly BenchRow[];
  readonly stalls: readonly BenchRow[];
}

describe('scripts/bench store', () => {
  test('measures a full store: size, memory, start, sessions, and what else goes on', (t) => {
    const directory = createTempDirectory(t);
    const [file, cache] = [join(directory, 'report.json'), join(directory, 'cache')];
    const { status, out, err } = bench(
      ...['store', '--triplets', '3000', '--cache', cache, '--rounds', '1', '--sessions', '40'],
      ...['--at-once', '4', '--rate', '50', '--seconds', '1', '--json', file],
    );
    assert.equal(status, 0, err);
    const { empty, sizes } = readBenchReport(file) as { empty: Size; sizes: readonly Size[] };
    assert.ok(empty.startMs > 0);
    const [size] = sizes;
    assert.ok(size !== undefined && sizes.length === 1);
    assert.equal(size.triplets, 3000);
    assert.ok(size.startMs > 0);
    for (const bytes of Object.values(size.bytes)) assert.ok(bytes > 3000 * 20, String(bytes));
    for (const bytes of Object.values({ ...size.memoryAtStart, ...size.memoryAfter }))
      assert.ok(bytes > 2 ** 20, String(bytes));
    assert.deepEqual(
      size.rows.map(({ name }) => name),
      ['known, of few', 'new, of few', 'known, of 3000', 'new, of 3000'],
    );
    assert.deepEqual(
      size.stalls.map(({ name }) => name),
      [
        'nothing else',
        'the page open',
        'a backup',
        'a compaction',
        'a reload, twice a second',
        'an import of a million',
      ],
    );
    for (const { name, ...figures } of size.stalls)
      for (const value of Object.values(figures)) assert.ok(Number(value) > 0, name);
    assert.match(out, /^3000 triplets, 50 sessions in each second:$/m);
    assert.deepEqual(readdirSync(cache).sort(), ['triplets-3000', 'triplets-3000.json']);
  });
});
