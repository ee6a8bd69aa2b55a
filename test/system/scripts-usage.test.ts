import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const typescript = ['--import', import.meta.resolve('tsx')];

function run(program: string, args: readonly string[]): { status: number | null; stderr: string } {
  return spawnSync(program, args, { cwd: root, encoding: 'utf8' });
}

describe('an option that there is not', () => {
  for (const [script, main] of [
    ['scripts/fuzz', 'scripts/fuzzing/main.ts'],
    ['scripts/soak', 'scripts/soaking/main.ts'],
    ['scripts/fill-store', 'scripts/scale/main.ts'],
  ] as const)
    test(`of ${script} is named, and what there is`, () => {
      const { status, stderr } = run(process.execPath, [...typescript, main, '--sceonds', '9']);
      assert.equal(status, 64, stderr);
      assert.match(stderr, new RegExp(`^${script}: .*--sceonds`));
      assert.match(stderr, new RegExp(`usage: ${script} `));
      assert.doesNotMatch(stderr, /\n +at /);
    });

  test('of scripts/package is no folder to be made', () => {
    const { status, stderr } = run('scripts/package', ['--nmp']);
    assert.equal(status, 64, stderr);
    assert.match(stderr, /unknown option --nmp\nusage: /);
    assert.equal(existsSync(`${root}/--nmp`), false);
  });
});

test('a number that is none is refused by its name', () => {
  const args = [...typescript, 'scripts/fuzzing/main.ts', '--seconds', 'ten'];
  const { status, stderr } = run(process.execPath, args);
  assert.equal(status, 64, stderr);
  assert.match(stderr, /^scripts\/fuzz: --seconds wants a number, not "ten"\n/);
});
