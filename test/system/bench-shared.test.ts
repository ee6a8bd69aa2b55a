import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { skipWithoutRedis } from '../support/redis-server.js';
import { createTempDirectory } from '../support/temp-directory.js';

const script = fileURLToPath(new URL('../../scripts/bench', import.meta.url));

type Row = Readonly<Record<string, number>> & { readonly name: string };

test('scripts/bench --shared compares LevelDB and Redis', { skip: skipWithoutRedis() }, (t) => {
  const file = join(createTempDirectory(t), 'report.json');
  const args = ['--shared', '--rounds', '1', '--sessions', '40', '--at-once', '4', '--json', file];
  const { status, stdout, stderr } = spawnSync(script, args, { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  // What the script writes.
  const { rows, rested, serverUs } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly rows: readonly Row[];
    readonly rested: readonly Row[];
    readonly serverUs: number;
  };
  const all = [...rows, ...rested];
  assert.deepEqual(
    all.map(({ name }) => name),
    ['LevelDB', 'Redis', 'LevelDB, rested', 'Redis, rested'],
  );
  assert.ok(serverUs > 0);
  for (const { name, ...figures } of all) {
    for (const [figure, value] of Object.entries(figures))
      assert.ok(value > 0, `${name}: ${figure} is ${String(value)}`);
    assert.match(stdout, new RegExp(`^${name} `, 'm'));
  }
});
