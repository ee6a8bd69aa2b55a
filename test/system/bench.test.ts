import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readReport } from '../../scripts/benchmark/read-report.js';
import { bench } from '../support/bench.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { waitUntil } from '../support/wait-until.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const floor = join(root, 'scripts/benchmark/floor.mjs');

const isThere = (program: string, ...args: readonly string[]): boolean =>
  spawnSync(program, args).status === 0;

const postgrey = spawnSync('postgrey', ['--version'], { encoding: 'utf8' });
const hasPostgrey = postgrey.error === undefined;
const hasTaskset = isThere('taskset', '--version');
const hasStrace = isThere('strace', '-c', '-U', 'calls,name', 'true');

type Figures = Readonly<Record<string, unknown>>;
type Row = Figures & { readonly name: string; readonly turns: readonly Figures[] };

/** What is left without these, which another machine may not have, or a short run not show. */
function certain({ name, against, turns, systemPart, callsPerSession, ...figures }: Row): Figures {
  assert.equal(typeof against, 'string', name);
  assert.ok(turns.length > 0, name);
  assert.ok(systemPart === null || (Number(systemPart) >= 0 && Number(systemPart) <= 1), name);
  if (hasStrace && callsPerSession !== undefined && callsPerSession !== null)
    assert.ok(Number(callsPerSession) > 1, name);
  return figures;
}

function assertAllThere(rows: readonly Row[], out: string): void {
  for (const row of rows) {
    for (const [figure, value] of Object.entries(certain(row))) {
      assert.ok(Number(value) > 0, `${row.name}: ${figure} is ${JSON.stringify(value)}`);
    }
    assert.ok(out.includes(`\n${row.name} `), row.name);
  }
}

/** It says what was measured, when, and beside what. */
function assertDescribes(machine: Figures, begunAt: number, out: string): void {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Figures;
  assert.equal(machine['version'], version);
  const git = spawnSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' });
  const commit = git.status === 0 ? git.stdout.trim() : undefined;
  assert.equal(machine['commit']?.toString().replace(/\+$/, ''), commit);
  const measuredAt = Date.parse(String(machine['measuredAt']));
  assert.ok(measuredAt >= begunAt && measuredAt <= Date.now(), String(machine['measuredAt']));
  assert.equal(machine['postgrey'], hasPostgrey ? postgrey.stdout.trim() : undefined);
  assert.equal(/^greymilter .* beside postgrey \d/.test(out), hasPostgrey);
}

const named = (rows: readonly Row[]): readonly string[] =>
  rows.map(({ name, atOnce }) => `${name} ${String(atOnce)}`);

function readTables<Name extends string>(file: string): Readonly<Record<Name, readonly Row[]>> {
  return JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<Name, readonly Row[]>>;
}

describe('scripts/bench', () => {
  test('lets floor, greymilter and others take turns, and prints and writes what it found', async (t) => {
    const directory = createTempDirectory(t);
    const [file, peer] = [join(directory, 'report.json'), join(directory, 'peer.sock')];
    const other = spawn(process.execPath, [floor, peer], { stdio: 'ignore' });
    t.after(() => other.kill());
    await waitUntil(() => isThere('test', '-S', peer), 'the peer listens');
    const begunAt = Date.now();
    const { status, out, err } = bench(
      ...['--rounds', '1', '--sessions', '8', '--at-once', '4', '--json', file],
      ...['--idle', '20', '--entries', '50,300', '--rate', '100', '--peer', peer],
    );
    assert.equal(status, 0, err);
    const { rows, apart, together, mixes, rates, policy, policyRates, lists } = readTables<
      'rows' | 'apart' | 'together' | 'mixes' | 'rates' | 'policy' | 'policyRates' | 'lists'
    >(file);
    assertDescribes(readReport(file).machine as unknown as Figures, begunAt, out);
    const plain = [
      'floor',
      'floor with LevelDB, new',
      'greymilter, new triplet',
      'greymilter, known triplet',
      'without a journal, new',
      'in the style of milter-greylist, new',
      'in the style of milter-greylist, known',
      `peer ${peer}`,
    ];
    assert.deepEqual(
      named(rows),
      ['4', '1'].flatMap((atOnce) => plain.map((name) => `${name} ${atOnce}`)),
    );
    const isPlaced = hasTaskset && availableParallelism() > 1;
    for (const [where, placed] of Object.entries({ apart, together }))
      assert.deepEqual(named(placed), isPlaced ? plain.map((name) => `${name} 1`) : [], where);
    assert.equal(out.includes('\nLoad and filter on a processor each:\n'), isPlaced);
    assert.deepEqual(named(mixes), [
      'floor 4',
      'greymilter, 90 % known 4',
      'greymilter, early retry 4',
      'greymilter, new triplet 4',
      'the same beside 20 idle 4',
      'floor, 10 recipients 4',
      'greymilter, 10 new 4',
      'floor, 20 messages 4',
      'greymilter, 20 messages 4',
      'floor, whole 4',
      'greymilter, whole, known 4',
      'floor, TCP 4',
      'greymilter, TCP, new 4',
      'greymilter, TCP, known 4',
    ]);
    assert.deepEqual(named(rates), [
      'floor 4',
      'greymilter, new triplet 4',
      'greymilter, known triplet 4',
      `peer ${peer} 4`,
    ]);
    assert.deepEqual(named(policy), [
      'policy floor 4',
      'policy floor with LevelDB, new 4',
      'greymilter, new triplet 4',
      'greymilter, known triplet 4',
      'greymilter, new, 20 idle 4',
      ...(hasPostgrey ? ['postgrey, new triplet 4', 'postgrey, new, 20 idle 4'] : []),
    ]);
    assert.deepEqual(named(policyRates), [
      'policy floor 4',
      'greymilter, new triplet 4',
      'greymilter, known triplet 4',
      ...(hasPostgrey ? ['postgrey, new triplet 4'] : []),
    ]);
    const all = [...rows, ...apart, ...together, ...mixes, ...rates, ...policy, ...policyRates];
    assertAllThere(all, out);
    assert.deepEqual(
      lists.map(({ name, entries }) => `${name} ${String(entries)}`),
      [
        'networks 50',
        'client names 50',
        'senders 50',
        'networks 300',
        'client names 300',
        'senders 300',
      ],
    );
    for (const { name, ...figures } of lists)
      for (const [figure, value] of Object.entries(figures))
        assert.ok(Number(value) > 0, `${name}: ${figure} is ${JSON.stringify(value)}`);
    const ten = mixes.find(({ name }) => name === 'greymilter, 10 new');
    assert.equal(ten?.['recipients'], 10);
    const idle = mixes.find(({ name }) => name === 'the same beside 20 idle');
    assert.equal(idle?.['against'], 'greymilter, new triplet');

    const picture = join(directory, 'report.svg');
    assert.deepEqual(bench('plot', file, picture), { status: 0, out: '', err: '' });
    const drawn = readFileSync(picture, 'utf8');
    assert.match(drawn, /^<svg [^>]*>[\s\S]*<\/svg>\n$/);
    assert.equal(drawn.split('× the one above').length, 2);
    assert.equal(drawn.split('<rect class="user"').length - 2, plain.length + mixes.length - 1);
    const same = bench('compare', file, file);
    assert.equal(same.status, 0, same.err);
    assert.match(same.out, /^policy: greymilter, known triplet, 4 at once +CPU × floor .* 1\.00 /m);
  });

  test('says what is wrong with its arguments', () => {
    const { status, err } = bench('--rounds', 'many');
    assert.equal(status, 64);
    assert.match(err, /--rounds wants a whole number above 0, not "many"/);
    assert.match(bench('--entries', '10,0').err, /--entries wants a whole number above 0, not "0"/);
    assert.match(bench('--peer', 'nowhere').err, /--peer: nowhere is not a socket address/);
    assert.match(bench('compare', 'a.json').err, /compare wants two files/);
    assert.match(bench('run').err, /there is no "run"/);
    assert.match(bench('insight').err, /there is no "insight"/);
  });

  test('names the mode that has an option, where another one was asked for', () => {
    for (const [args, expected] of [
      [['store', '--peer', 'unix:/x'], '--peer is for a run without a mode, not for store'],
      [
        ['growth', '--rate', '5'],
        '--rate is for a run without a mode, store, expiry, siege, not for growth',
      ],
      [
        ['siege', '--rounds', '3'],
        '--rounds is for a run without a mode, --insight, --shared, store, growth, not for siege',
      ],
      [['--seconds', '3'], '--seconds is for store, siege, not for a run without a mode'],
      [['--shared', '--insight', '5'], 'there is either --insight or --shared'],
      [['plot', '--json', 'x', 'a', 'b'], '--json is for .*, not for plot'],
    ] as const) {
      const { status, err } = bench(...args);
      assert.equal(status, 64, err);
      assert.match(err, new RegExp(`^scripts/bench: ${expected}\\n$`));
    }
  });
});
