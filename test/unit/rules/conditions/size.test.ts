import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { sizeCondition } from '../../../../src/rules/conditions/size.js';
import {
  ask,
  compileWritten,
  issuesOfWritten,
  writtenAgain,
} from '../../../support/condition-rig.js';
import { createEvaluation, createFacts } from '../../../support/rule-parts.js';

describe('the condition size', () => {
  for (const [written, bytes, truth] of [
    [{ over: '1KiB' }, 1024, 'no'],
    [{ over: '1KiB' }, 1025, 'yes'],
    [{ over: 0 }, 1, 'yes'],
    [{ 'up-to': '1KiB' }, 1024, 'yes'],
    [{ 'up-to': '1KiB' }, 1025, 'no'],
    [{ over: 10, 'up-to': 20 }, 10, 'no'],
    [{ over: 10, 'up-to': 20 }, 15, 'yes'],
  ] as const)
    test(`${JSON.stringify(written)} of ${bytes} bytes is ${truth}`, async () => {
      const evaluation = createEvaluation(createFacts({ message: { headers: [], bytes } }));
      assert.deepEqual(await ask(compileWritten(sizeCondition, written), evaluation), {
        truth,
        notes: [`${bytes} bytes`],
      });
    });

  test('does not hold before the message is there', async () => {
    const condition = compileWritten(sizeCondition, { 'up-to': '1MiB' });
    assert.deepEqual(await ask(condition), { truth: 'no', notes: [] });
  });

  test('needs the whole message', () => {
    assert.deepEqual(sizeCondition.needs?.({}), { headers: true, body: true });
    assert.equal(sizeCondition.stage, 'eom');
  });

  test('is written as a size', () => {
    assert.deepEqual(writtenAgain(sizeCondition, { over: 10485760 }), { over: '10MiB' });
  });

  for (const [written, issue] of [
    [{}, ': needs a number'],
    [{ over: '2KiB', 'up-to': 2048 }, 'up-to: can never hold if over is 2048'],
  ] as const)
    test(`refuses ${JSON.stringify(written)}`, () => {
      assert.deepEqual(issuesOfWritten(sizeCondition, written), [issue]);
    });
});
