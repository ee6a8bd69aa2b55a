import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  isStandardInput,
  nameStandardInput,
  refuseStandardInput,
} from '../../../../src/cli/arguments/standard-input.js';

test('a lone dash has a name for the commands that read it, wherever the command stands', () => {
  const args = ['--store', '/x', 'import', 'sqlgrey', '-'];
  assert.deepEqual(nameStandardInput(args, 'import'), [...args.slice(0, -1), '/dev/stdin']);
  assert.deepEqual(nameStandardInput(['backup', '-'], 'backup'), ['backup', '-']);
  assert.deepEqual(nameStandardInput(['-'], undefined), ['-']);
});

test('standard input is the same under each of its names, and no configuration', () => {
  for (const file of ['-', '', '/dev/stdin']) {
    assert.ok(isStandardInput(file));
    assert.throws(() => refuseStandardInput(file), { message: /^Name the file/ });
  }
  assert.ok(!isStandardInput('stdin'));
});
