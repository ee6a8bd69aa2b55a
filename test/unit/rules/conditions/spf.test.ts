import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { spfCondition } from '../../../../src/rules/conditions/spf.js';
import type { Answer, SpfFinding, SpfQuestion } from '../../../../src/rules/lookups.js';
import { ask, compileWritten, issuesOfWritten } from '../../../support/condition-rig.js';
import { createEvaluation, createFacts, createLookups } from '../../../support/rule-parts.js';

const softfail: Answer<SpfFinding> = {
  known: true,
  value: { result: 'softfail', domain: 'client.example', term: '~all' },
};
const none: Answer<SpfFinding> = {
  known: true,
  value: { result: 'none', domain: 'client.example', term: undefined },
};
const silent: Answer<SpfFinding> = { known: false, problem: 'timed out' };

describe('the condition spf', () => {
  for (const [written, answer, truth, note] of [
    [['fail', 'softfail'], softfail, 'yes', 'SPF of client.example: softfail by ~all'],
    ['PASS', softfail, 'no', 'SPF of client.example: softfail by ~all'],
    ['none', none, 'yes', 'SPF of client.example: none'],
    [['fail', 'none'], silent, 'unknown', 'SPF is not known: timed out'],
  ] as const)
    for (const isLate of [false, true])
      test(`${JSON.stringify(written)}: ${note}${isLate ? ', later' : ''}`, async () => {
        const spf = () => (isLate ? Promise.resolve(answer) : answer);
        const evaluation = createEvaluation(createFacts(), createLookups({ spf }));
        const condition = compileWritten(spfCondition, written);
        assert.deepEqual(await ask(condition, evaluation), { truth, notes: [note] });
        const found = answer.known ? answer.value.result : undefined;
        assert.equal(evaluation.found.get('spf'), found);
      });

  test('asks for the client, the sender and the HELO name', async () => {
    const questions: SpfQuestion[] = [];
    const spf = (question: SpfQuestion) => {
      questions.push(question);
      return none;
    };
    const { attempt, ...facts } = createFacts();
    const evaluation = createEvaluation({ ...facts, attempt }, createLookups({ spf }));
    await compileWritten(spfCondition, 'none').test(evaluation);
    const { clientAddress: client, sender, helo } = attempt;
    assert.deepEqual(questions, [{ client, sender, helo }]);
  });

  test('does not hold for a client without an address', async () => {
    const facts = createFacts({ attempt: { clientAddress: undefined } });
    const condition = compileWritten(spfCondition, ['none', 'fail']);
    assert.deepEqual(await ask(condition, createEvaluation(facts)), {
      truth: 'no',
      notes: ['no client address'],
    });
  });

  test('refuses what is no result', () => {
    assert.deepEqual(issuesOfWritten(spfCondition, ['pass', 'temperror', 'error']), [
      '1: is no result of SPF',
      '2: is no result of SPF',
    ]);
  });
});
