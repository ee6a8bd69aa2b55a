import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { recipientsCondition } from '../../../../src/rules/conditions/recipients.js';
import { ask, compileWritten, issuesOfWritten } from '../../../support/condition-rig.js';
import { createEvaluation, createFacts } from '../../../support/rule-parts.js';

describe('the condition recipients', () => {
  for (const [written, recipientsBefore, truth] of [
    [{ over: 2 }, 0, 'no'],
    [{ over: 2 }, 1, 'no'],
    [{ over: 2 }, 2, 'yes'],
    [{ over: 0 }, 0, 'yes'],
    [{ 'up-to': 1 }, 0, 'yes'],
    [{ 'up-to': 1 }, 1, 'no'],
    [{ over: 1, 'up-to': 2 }, 0, 'no'],
    [{ over: 1, 'up-to': 2 }, 1, 'yes'],
    [{ over: 1, 'up-to': 2 }, 2, 'no'],
  ] as const)
    test(`${JSON.stringify(written)} of one after ${recipientsBefore} is ${truth}`, async () => {
      const evaluation = createEvaluation(createFacts({ recipientsBefore }));
      assert.deepEqual(await ask(compileWritten(recipientsCondition, written), evaluation), {
        truth,
        notes: [`${recipientsBefore + 1} so far`],
      });
    });

  test('counts those that there are once the message is there', async () => {
    const message = { headers: [], bytes: 0 };
    const evaluation = createEvaluation(createFacts({ recipientsBefore: 2, message }));
    assert.equal(
      (await ask(compileWritten(recipientsCondition, { over: 2 }), evaluation)).truth,
      'no',
    );
    assert.equal(
      (await ask(compileWritten(recipientsCondition, { over: 1 }), evaluation)).truth,
      'yes',
    );
  });

  test('counts those alone that were accepted, if that is wanted', async () => {
    const written = { 'at-least': 2, accepted: true };
    const truthOf = async (facts: Parameters<typeof createFacts>[0]) => {
      const condition = compileWritten(recipientsCondition, written);
      return (await ask(condition, createEvaluation(createFacts(facts)))).truth;
    };
    assert.equal(await truthOf({ recipientsBefore: 5, acceptedBefore: 1 }), 'no');
    assert.equal(await truthOf({ recipientsBefore: 5, acceptedBefore: 2 }), 'yes');
    const message = { headers: [], bytes: 0 };
    assert.equal(await truthOf({ recipientsBefore: 5, acceptedBefore: 1, message }), 'no');
    assert.equal(await truthOf({ recipientsBefore: 5, acceptedBefore: 2, message }), 'yes');
    // Where nobody counts all of them were.
    assert.equal(await truthOf({ recipientsBefore: 1 }), 'no');
    assert.equal(await truthOf({ recipientsBefore: 2 }), 'yes');
  });

  for (const [written, issue] of [
    [{}, ': needs a number'],
    [{ accepted: true }, ': needs a number'],
    [{ over: 3, 'up-to': 3 }, 'up-to: can never hold if over is 3'],
    [{ over: -1 }, 'over: must be at least 0'],
    [10, ': type'],
  ] as const)
    test(`refuses ${JSON.stringify(written)}`, () => {
      assert.deepEqual(issuesOfWritten(recipientsCondition, written), [issue]);
    });
});
