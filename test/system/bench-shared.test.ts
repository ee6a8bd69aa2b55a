import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { bench, readBenchReport, type BenchRow } from '../support/bench.js';
import { skipWithoutRedis } from '../support/redis-server.js';
import { createTempDirectory } from '../support/temp-directory.js';

const figures = ['sessionsPerSecond', 'cpuUsPerSession', 'cpuRatio', 'p50Us', 'p99Us'] as const;

test('scripts/bench --shared compares LevelDB and Redis', { skip: skipWithoutRedis() }, (t) => {
  const file = join(createTempDirectory(t), 'report.json');
  const small = ['--rounds', '1', '--sessions', '40', '--at-once', '4'];
  const { status, out, err } = bench('--shared', ...small, '--json', file);
  assert.equal(status, 0, err);
  const { rows, rested, serverUs } = readBenchReport(file) as {
    readonly rows: readonly BenchRow[];
    readonly rested: readonly BenchRow[];
    readonly serverUs: number;
  };
  const all = [...rows, ...rested];
  assert.deepEqual(
    all.map(({ name }) => name),
    ['LevelDB', 'Redis', 'LevelDB, rested', 'Redis, rested'],
  );
  assert.ok(serverUs > 0);
  for (const row of all) {
    for (const figure of figures)
      assert.ok(Number(row[figure]) > 0, `${row.name}: ${figure} is ${String(row[figure])}`);
    assert.match(out, new RegExp(`^${row.name} `, 'm'));
  }
});
