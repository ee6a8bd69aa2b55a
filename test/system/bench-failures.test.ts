import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, test } from 'node:test';
import { readReport } from '../../scripts/benchmark/read-report.js';
import { bench, benchScript } from '../support/bench.js';
import { createTempDirectory } from '../support/temp-directory.js';

const machine = { version: '1', node: 'v1', kernel: '1', cpu: 'x', cores: 1, memoryBytes: 1 };

/** It says so in one line, and nothing else. */
function assertSays(expected: RegExp, ...args: readonly string[]): void {
  const { status, out, err } = bench(...args);
  assert.deepEqual({ status, out }, { status: 1, out: '' });
  assert.match(err, expected);
  assert.match(err, /^scripts\/bench: [^\n]+\n$/);
}

describe('scripts/bench says in a line what it cannot do', () => {
  test('where to write', (t) => {
    const missing = join(createTempDirectory(t), 'missing/report.json');
    assertSays(/no such file.*missing\/report\.json/, 'last', '--json', missing);
  });

  test('whom to ask, and leaves no report', (t) => {
    const directory = createTempDirectory(t);
    const [file, peer] = [join(directory, 'report.json'), join(directory, 'nobody.sock')];
    assertSays(/nobody listens on .*nobody\.sock/, '--peer', peer, '--json', file);
    assert.equal(existsSync(file), false);
  });

  test('what to read', (t) => {
    const directory = createTempDirectory(t);
    const write = (name: string, content: unknown): string => {
      const file = join(directory, name);
      writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
      return file;
    };
    const report = write('report', { machine, rows: [], mixes: [] });
    const picture = join(directory, 'report.svg');
    assertSays(/no such file.*nowhere/, 'compare', report, join(directory, 'nowhere'));
    assertSays(/half is no JSON/, 'compare', write('half', '{"machine":'), report);
    for (const other of [[], null, 5, {}, { machine: null }, { machine: {} }])
      assert.throws(() => readReport(write('other', other)), /other is no report/);
    assertSays(/other is no report/, 'compare', report, join(directory, 'other'));
    const store = write('store', { machine, sizes: [] });
    assertSays(/store is no report of .* without a mode/, 'plot', store, picture);
    assertSays(/no such file.*missing/, 'plot', report, join(directory, 'missing/report.svg'));
  });

  test('a report that cannot be written in the end is printed all the same', async (t) => {
    const directory = join(createTempDirectory(t), 'there');
    mkdirSync(directory);
    const args = ['last', '--sessions', '40', '--json', join(directory, 'report.json')];
    const child = spawn(benchScript, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stderr.once('data', () => {
      rmSync(directory, { recursive: true });
    });
    const [out, err] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'exit'),
    ]);
    assert.equal(child.exitCode, 1);
    assert.match(out, /^In the second half its own memory grew /m);
    assert.match(err, /^scripts\/bench: .*no such file.*report\.json'\n$/m);
  });
});

test('scripts/bench compares reports of before figures were added', (t) => {
  const file = join(createTempDirectory(t), 'old');
  const turns = [{ perSecond: 1, cpuUs: null, p50: 'none', speedRatio: 1 }];
  writeFileSync(file, JSON.stringify({ machine, rows: [{ name: 'floor', atOnce: 1, turns }] }));
  const { status, out, err } = bench('compare', file, file);
  assert.equal(status, 0, err);
  assert.deepEqual(out.match(/^rows: .*$/gm), [
    'rows: floor, 1 at once  messages/s    1.00   1.00          1.00  too few turns',
  ]);
});
