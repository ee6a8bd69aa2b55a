import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { heloCondition } from '../../../../src/rules/conditions/helo.js';
import { ask, compileWritten, issuesOfWritten } from '../../../support/condition-rig.js';
import { createEvaluation, createFacts } from '../../../support/rule-parts.js';

const lists = { robots: { names: ['friend', '.robots.example'] } };

describe('the condition helo', () => {
  for (const [written, helo, truth] of [
    ['localhost', 'localhost', 'yes'],
    ['localhost', 'LOCALHOST.', 'yes'],
    ['.example', 'mx.example', 'yes'],
    ['.example', 'example', 'no'],
    ['/^[0-9.]+$/', '192.0.2.1', 'yes'],
    ['192.0.2.1', '192.0.2.1', 'yes'],
    [['missing', 'list:robots'], 'friend', 'yes'],
    ['list:robots', 'a.robots.example', 'yes'],
    ['address-literal', '[192.0.2.1]', 'yes'],
    ['address-literal', '192.0.2.1', 'no'],
    ['[192.0.2.1]', '[192.0.2.1]', 'yes'],
    ['[192.0.2.1]', '[192.0.2.2]', 'no'],
    ['[IPv6:2001:DB8:0::1]', '[ipv6:2001:db8::1]', 'yes'],
    ['missing', undefined, 'yes'],
    ['missing', '', 'yes'],
    ['missing', 'missing', 'no'],
    [['address-literal', 'localhost'], undefined, 'no'],
  ] as const)
    test(`${JSON.stringify(written)} of ${helo ?? 'none'} is ${truth}`, async () => {
      const evaluation = createEvaluation(createFacts({ attempt: { helo } }));
      const condition = compileWritten(heloCondition, written, { lists });
      assert.equal((await ask(condition, evaluation)).truth, truth);
    });

  test('says what it saw, and which entry matches', async () => {
    const condition = compileWritten(heloCondition, ['localhost', '[192.0.2.1]', 'missing']);
    const notesOf = async (helo: string | undefined) =>
      (await ask(condition, createEvaluation(createFacts({ attempt: { helo } })))).notes;
    assert.deepEqual(await notesOf('[192.0.2.1]'), [
      '[192.0.2.1] matches [192.0.2.1] (rules.yaml 1)',
    ]);
    assert.deepEqual(await notesOf(undefined), ['no HELO matches missing (rules.yaml 2)']);
    assert.deepEqual(await notesOf('x'), ['x matches no entry']);
  });

  test('refuses what is no HELO', () => {
    assert.deepEqual(issuesOfWritten(heloCondition, ['[192.0.2]', 'a b', '[']), [
      '0: is no address literal',
      '1: is not a host name',
      '2: is no address literal',
    ]);
  });
});
