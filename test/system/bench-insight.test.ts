import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fillWaiting } from '../../scripts/benchmark/insight-cost.js';
import { openLevelStore } from '../../src/store/level-store.js';
import { bench, readBenchReport, type BenchRow } from '../support/bench.js';
import { lastFirst } from '../support/clean-ups.js';
import { createTempDirectory } from '../support/temp-directory.js';

describe('scripts/bench --insight', () => {
  test('stores as many records as are asked for', async (t) => {
    const cleanUps = lastFirst(t);
    const path = join(createTempDirectory(cleanUps), 'full.db');
    await fillWaiting(path, 1203, Date.now());
    await fillWaiting(path, 5, Date.now(), 1203);
    const store = await openLevelStore({ path, durability: 'process', clock: { now: Date.now } });
    cleanUps.after(() => store.close());
    let records = 0;
    for await (const {} of store.scan()) records++;
    assert.equal(records, 1208);
  });

  test('compares sessions with and without insight, and measures what else goes on', (t) => {
    const file = join(createTempDirectory(t), 'report.json');
    const { status, out, err } = bench(
      ...['--insight', '1000', '--rounds', '1', '--sessions', '40', '--at-once', '4'],
      ...['--json', file],
    );
    assert.equal(status, 0, err);
    const { rows, lookMs, records, stalls } = readBenchReport(file) as {
      readonly rows: readonly BenchRow[];
      readonly lookMs: number;
      readonly records: number;
      readonly stalls: readonly BenchRow[];
    };
    assert.deepEqual(
      rows.map(({ name }) => name),
      ['without insight', 'with all of it'],
    );
    assert.ok(lookMs > 0);
    assert.equal(records, 1000);
    assert.equal(stalls.length, 7);
    for (const row of rows) assert.ok(Number(row['cpuUsPerSession']) > 0, row.name);
    for (const { name, ...figures } of stalls)
      for (const value of Object.values(figures)) assert.ok(Number(value) > 0, name);
    for (const { name } of [...rows, ...stalls]) assert.ok(out.includes(`\n${name} `), name);
  });
});
