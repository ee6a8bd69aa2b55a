import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createTempDirectory } from '../support/temp-directory.js';

const script = fileURLToPath(new URL('../../scripts/bench', import.meta.url));

function bench(...args: readonly string[]): { status: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(script, args, {
    encoding: 'utf8',
    timeout: 300_000,
  });
  return { status, out: stdout, err: stderr };
}

const hasPostgrey = spawnSync('postgrey', ['--version']).error === undefined;

type Figures = Readonly<Record<string, number>>;

describe('scripts/bench', () => {
  test('lets floor and greymilter take turns, and prints and writes what it found', (t) => {
    const file = join(createTempDirectory(t), 'report.json');
    const { status, out, err } = bench(
      ...['--rounds', '2', '--sessions', '60', '--at-once', '4', '--json', file],
      ...['--idle', '20', '--entries', '50,3000'],
    );
    assert.equal(status, 0, err);
    const { rows, policy, lists } = JSON.parse(readFileSync(file, 'utf8')) as Readonly<
      Record<'rows' | 'policy' | 'lists', readonly (Figures & { readonly name: string })[]>
    >;
    assert.deepEqual(
      rows.map(({ name, atOnce }) => `${name} ${String(atOnce)}`),
      [
        'floor 4',
        'greymilter, new triplet 4',
        'greymilter, known triplet 4',
        'in the style of milter-greylist, new 4',
        'in the style of milter-greylist, known 4',
        'floor 1',
        'greymilter, new triplet 1',
        'greymilter, known triplet 1',
        'in the style of milter-greylist, new 1',
        'in the style of milter-greylist, known 1',
      ],
    );
    assert.deepEqual(
      policy.map(({ name, atOnce }) => `${name} ${String(atOnce)}`),
      [
        'policy floor 4',
        'greymilter, new triplet 4',
        'greymilter, known triplet 4',
        'greymilter, new, 20 idle 4',
        ...(hasPostgrey ? ['postgrey, new triplet 4', 'postgrey, new, 20 idle 4'] : []),
      ],
    );
    assert.deepEqual(
      lists.map(({ name, entries }) => `${name} ${String(entries)}`),
      [
        'networks 50',
        'client names 50',
        'senders 50',
        'networks 3000',
        'client names 3000',
        'senders 3000',
      ],
    );
    for (const { name, ...figures } of [...rows, ...policy, ...lists]) {
      for (const [figure, value] of Object.entries(figures)) {
        assert.ok(value > 0, `${name}: ${figure} is ${String(value)}`);
      }
      assert.match(out, new RegExp(`^${name} `, 'm'));
    }
  });

  test('compares sessions with and without insight, and measures what else goes on', (t) => {
    const file = join(createTempDirectory(t), 'report.json');
    const { status, out, err } = bench(
      ...['--insight', '1000', '--rounds', '1', '--sessions', '40', '--at-once', '4'],
      ...['--json', file],
    );
    assert.equal(status, 0, err);
    const { rows, lookMs, records, stalls } = JSON.parse(readFileSync(file, 'utf8')) as Figures &
      Readonly<Record<'rows' | 'stalls', readonly (Figures & { readonly name: string })[]>>;
    assert.deepEqual(
      rows.map(({ name }) => name),
      ['without insight', 'with all of it'],
    );
    assert.ok((lookMs ?? 0) > 0);
    assert.equal(records, 1000);
    assert.equal(stalls.length, 7);
    for (const { name, ...figures } of [...rows, ...stalls]) {
      for (const [figure, value] of Object.entries(figures)) {
        assert.ok(value > 0, `${name}: ${figure} is ${String(value)}`);
      }
      assert.match(out, new RegExp(`^${name} `, 'm'));
    }
  });

  test('says what is wrong with its arguments', () => {
    const { status, err } = bench('--rounds', 'many');
    assert.equal(status, 64);
    assert.match(err, /--rounds wants a whole number above 0, not "many"/);
    assert.match(bench('--entries', '10,0').err, /--entries wants a whole number above 0, not "0"/);
  });
});
