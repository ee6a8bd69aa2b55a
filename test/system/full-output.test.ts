import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { exitCodes } from '../../src/cli/arguments/exit-codes.js';

test('an answer that a full disk cuts off is told of, without a stack trace', (t) => {
  const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
  const full = openSync('/dev/full', 'w');
  t.after(() => closeSync(full));
  for (const args of [['--help'], ['completion', 'bash'], ['check-config', '--set', 'rules=[]']]) {
    const { status, stderr } = spawnSync(process.execPath, [program, ...args], {
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    });
    assert.equal(
      stderr,
      'greymilter: cannot write to standard output: the disk is full: make room, or write elsewhere\n',
    );
    assert.equal(status, exitCodes.output);
  }
});
