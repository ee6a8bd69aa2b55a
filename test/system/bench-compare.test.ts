import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { bench } from '../support/bench.js';
import { createTempDirectory } from '../support/temp-directory.js';

describe('scripts/bench compare', () => {
  test('tells what has changed between two reports from what is noise', (t) => {
    const directory = createTempDirectory(t);
    const machine = {
      version: '1',
      node: 'v1',
      kernel: '1',
      cpu: 'x',
      cores: 1,
      memoryBytes: 1,
      load: 0,
    };
    const report = (name: string, cpuRatios: readonly number[]): string => {
      const row = (rowName: string, values: readonly number[]): object => ({
        name: rowName,
        atOnce: 1,
        turns: values.map((cpuRatio) => ({
          ...{ perSecond: 1, cpuUs: 1, p50: 1, cpuRatio, p50Ratio: cpuRatio },
          speedRatio: rowName === 'floor' ? 1 : 2,
        })),
      });
      const rows = [row('floor', cpuRatios), row('ours', cpuRatios)];
      const file = join(directory, name);
      writeFileSync(file, JSON.stringify({ machine, rows }));
      return file;
    };
    const before = report('before', [2, 2.1, 1.9, 2.2, 2, 1.8]);
    const faster = report('faster', [1.4, 1.5, 1.3, 1.6, 1.4, 1.2]);
    const noisy = report('noisy', [1.4, 2.5, 2, 2.6, 1.9, 1.8]);
    const few = report('few', [1, 1.1]);
    const line = (after: string): string =>
      bench('compare', before, after)
        .out.split('\n')
        .find((text) => text.startsWith('rows: ours') && text.includes('CPU')) ?? '';
    assert.match(line(faster), / 2\.00 +1\.40 +0\.70 +changed$/);
    assert.match(line(noisy), / 2\.00 +2\.00 +1\.00 +noise$/);
    assert.match(line(few), /too few turns$/);
  });

  test('compares full stores size by size, and names what can be compared', (t) => {
    const directory = createTempDirectory(t);
    const machine = { version: '1', node: 'v1', kernel: '1', cpu: 'x', cores: 1, memoryBytes: 1 };
    const write = (name: string, tables: object): string => {
      const file = join(directory, name);
      writeFileSync(file, JSON.stringify({ machine, ...tables }));
      return file;
    };
    const turns = [{ speedRatio: 2, cpuRatio: 2, p50Ratio: 3 }];
    const rows = [{ name: 'known, of 30', atOnce: 1, turns }];
    const store = write('store', { sizes: [{ triplets: 30, rows }] });
    const { status, out, err } = bench('compare', store, store);
    assert.equal(status, 0, err);
    assert.match(out, /^30 triplets: known, of 30, 1 at once +CPU × floor +2\.00 +2\.00 /m);
    const siege = write('siege', { rate: 5, stalls: [{ name: 'nothing else', p50Us: 1 }] });
    const refused = bench('compare', siege, store);
    assert.equal(refused.status, 1);
    assert.match(
      refused.err,
      /^scripts\/bench: only what .* without a mode, .*, store and growth\n$/,
    );
  });
});
