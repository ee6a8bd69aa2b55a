import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { spfCondition } from '../../../../src/rules/conditions/spf.js';
import { parseIpAddress } from '../../../../src/mail/ip-address.js';
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
        const found = answer.known ? answer.value.result : 'temperror';
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

  for (const isLate of [false, true]) {
    const told = <T>(answer: T) => (isLate ? Promise.resolve(answer) : answer);
    test(`knows that DNS had no answer if that is asked for${isLate ? ', later' : ''}`, async () => {
      const evaluation = createEvaluation(
        createFacts(),
        createLookups({ spf: () => told(silent) }),
      );
      for (const word of ['temperror', 'error'])
        assert.equal(await compileWritten(spfCondition, ['pass', word]).test(evaluation), 'yes');
      assert.equal(evaluation.found.get('spf'), 'temperror');
    });

    test(`takes either error for error${isLate ? ', later' : ''}`, async () => {
      const permerror = { known: true, value: { ...none.value, result: 'permerror' } } as const;
      const evaluation = createEvaluation(
        createFacts(),
        createLookups({ spf: () => told(permerror) }),
      );
      for (const [written, truth] of [
        ['error', 'yes'],
        ['permerror', 'yes'],
        ['temperror', 'no'],
      ])
        assert.equal(await compileWritten(spfCondition, written).test(evaluation), truth);
    });
  }

  for (const [macros, localAddress, asked, truth] of [
    [{ '{if_addr}': '198.51.100.1' }, undefined, '198.51.100.1', 'yes'],
    [{ '{if_addr}': 'IPv6:2001:db8::1' }, undefined, '2001:db8::1', 'no'],
    [{ '{if_addr}': '' }, parseIpAddress('198.51.100.1'), '198.51.100.1', 'yes'],
    [{}, undefined, undefined, 'unknown'],
  ] as const)
    for (const isLate of [false, true])
      test(`self asks for ${asked ?? 'nobody'}${isLate ? ', later' : ''}: ${truth}`, async () => {
        const questions: string[] = [];
        const spf = ({ client }: SpfQuestion) => {
          questions.push(client.text);
          const result = client.text === '198.51.100.1' ? 'pass' : 'softfail';
          const answer = { known: true, value: { ...none.value, result } } as const;
          return isLate ? Promise.resolve(answer) : answer;
        };
        const evaluation = createEvaluation(createFacts({ macros }), createLookups({ spf }));
        const context = { localAddress };
        const condition = compileWritten(spfCondition, 'self', { context });
        assert.equal(await condition.test(evaluation), truth);
        assert.deepEqual(questions, ['203.0.113.7', ...(asked === undefined ? [] : [asked])]);
        // What is said of the client is what texts show.
        assert.equal(evaluation.found.get('spf'), 'softfail');
      });

  test('does not ask for ourselves where the client is what is wanted', async () => {
    const spf = () => softfail;
    const evaluation = createEvaluation(createFacts(), createLookups({ spf }));
    const condition = compileWritten(spfCondition, ['softfail', 'self']);
    const { truth, notes } = await ask(condition, evaluation);
    assert.deepEqual([truth, notes.length], ['yes', 1]);
  });

  test('does not know of ourselves without an answer', async () => {
    const spf = () => silent;
    const macros = { '{if_addr}': '198.51.100.1' };
    const evaluation = createEvaluation(createFacts({ macros }), createLookups({ spf }));
    assert.deepEqual(await ask(compileWritten(spfCondition, 'self'), evaluation), {
      truth: 'unknown',
      notes: ['SPF is not known: timed out', 'SPF for ourselves is not known: timed out'],
    });
  });

  test('says what it has found of ourselves, or that it does not know who we are', async () => {
    const evaluation = (macros: Readonly<Record<string, string>>) =>
      createEvaluation(createFacts({ macros }), createLookups({ spf: () => none }));
    const condition = compileWritten(spfCondition, 'self');
    const asked = await ask(condition, evaluation({ '{if_addr}': '198.51.100.1' }));
    assert.equal(asked.notes[1], 'SPF of client.example for 198.51.100.1, ourselves: none');
    const { notes } = await ask(condition, evaluation({}));
    assert.equal(notes[1], 'our own address is not known: set lookups.local-address');
  });

  test('is unknown for a client without an address', () => {
    const facts = createFacts({ attempt: { clientAddress: undefined } });
    const condition = compileWritten(spfCondition, ['unknown']);
    assert.equal(condition.test(createEvaluation(facts)), 'yes');
  });

  test('refuses what is no result', () => {
    assert.deepEqual(issuesOfWritten(spfCondition, ['pass', 'hardfail']), [
      '1: is no result of SPF',
    ]);
  });
});
