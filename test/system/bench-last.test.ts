import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { bench, benchFrom, readBenchReport } from '../support/bench.js';
import { createTempDirectory } from '../support/temp-directory.js';

interface Lasted {
  readonly sessions: number;
  readonly anonBytes: number;
  readonly fileBytes: number;
}

describe('scripts/bench last', () => {
  test('looks at memory over many sessions, from whichever directory', (t) => {
    const directory = createTempDirectory(t);
    const { status, out, err } = benchFrom(
      directory,
      ...['last', '--sessions', '203', '--at-once', '4', '--json', 'report.json'],
    );
    assert.equal(status, 0, err);
    const { lasted } = readBenchReport(join(directory, 'report.json')) as {
      readonly lasted: readonly Lasted[];
    };
    assert.deepEqual(
      lasted.map(({ sessions }) => sessions),
      Array.from({ length: 21 }, (_, at) => Math.round((203 * at) / 20)),
    );
    for (const { anonBytes, fileBytes } of lasted) assert.ok(anonBytes > 0 && fileBytes > 0);
    assert.match(out, /^In the second half its own memory grew by -?\d+\.\d+ bytes with each/m);
  });

  test('runs as few sessions as are asked for', () => {
    const { status, out, err } = bench('last', '--sessions', '2');
    assert.equal(status, 0, err);
    assert.deepEqual(err.match(/^\d+ sessions$/gm), ['1 sessions', '2 sessions']);
    assert.match(out, /^2 {2}/m);
    assert.match(out, /grew by -?\d+\.\d+ bytes/);
  });
});
