import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { clientNameCondition } from '../../../../src/rules/conditions/client-name.js';
import { ask, compileWritten, issuesOfWritten } from '../../../support/condition-rig.js';
import { createEvaluation, createFacts } from '../../../support/rule-parts.js';

const lists = { dynamic: { names: ['.dyn.example', '/^ppp/'] } };

/** What the MTA shows of a client: its verified name, and the macros. */
function of(clientName?: string, pointer?: string, resolved?: string) {
  const macros = {
    ...(pointer !== undefined && { '{client_ptr}': pointer }),
    ...(resolved !== undefined && { '{client_resolve}': resolved }),
  };
  return createEvaluation(createFacts({ attempt: { clientName }, macros }));
}

const all = ['verified', 'unverified', 'missing', 'temporarily-unknown'] as const;

describe('the condition client-name', () => {
  for (const [what, evaluation, state, note] of [
    ['a verified name', of('mx.example', 'mx.example', 'OK'), 'verified', 'mx.example'],
    [
      'a name that another address has, by Sendmail',
      of(undefined, 'mx.example.', 'FORGED'),
      'unverified',
      'mx.example',
    ],
    [
      'a name that no address has, by Postfix',
      of(undefined, 'mx.example', 'FORGED'),
      'unverified',
      'mx.example',
    ],
    ['a forged name that is no name', of(undefined, 'a b', 'FORGED'), 'unverified', 'no name'],
    ['a name where only the name is told', of(undefined, 'mx.example'), 'unverified', 'mx.example'],
    ['no name, by Sendmail', of(undefined, '[203.0.113.7]', 'FAIL'), 'missing', 'no name'],
    ['no name, by Postfix', of(undefined, 'unknown', 'FAIL'), 'missing', 'no name'],
    ['no name where nothing is told', of(), 'missing', 'no name'],
    [
      'an outage of DNS, by Sendmail',
      of(undefined, '[203.0.113.7]', 'TEMP'),
      'temporarily-unknown',
      'no name',
    ],
    [
      'an outage of DNS, by Postfix',
      of(undefined, 'mx.example', 'TEMP'),
      'temporarily-unknown',
      'mx.example',
    ],
  ] as const)
    for (const word of all)
      test(`${what} is ${word === state ? '' : 'not '}${word}`, async () => {
        const { truth, notes } = await ask(compileWritten(clientNameCondition, word), evaluation);
        assert.equal(truth, word === state ? 'yes' : 'no');
        const matched = word === state ? `${word} (rules.yaml 0)` : 'no entry';
        assert.deepEqual(notes, [`${note} (${state}) matches ${matched}`]);
      });

  for (const [written, evaluation, truth] of [
    ['generic', of('ppp17.isp.example'), 'yes'],
    ['generic', of(undefined, '7-113-0-203.isp.example', 'FORGED'), 'yes'],
    ['generic', of('n113-0.isp.example'), 'no'],
    ['generic', of('n0-7.isp.example'), 'no'],
    ['generic', of('n113-7.isp.example'), 'yes'],
    ['generic', of('mail.example.org'), 'no'],
    ['generic', of(), 'no'],
    [['missing', 'mx.example'], of('mx.example'), 'yes'],
    ['.example', of('mx.example'), 'yes'],
    ['.example', of('example'), 'no'],
    ['.example', of(undefined, 'mx.example', 'FORGED'), 'no'],
    ['list:dynamic', of('a.dyn.example'), 'yes'],
    [['list:dynamic'], of('ppp1.example'), 'yes'],
    [['list:dynamic', 'missing'], of('mx.example'), 'no'],
    ['/^MX\\d*\\./', of('mx.example'), 'yes'],
    [{ 'ends-with': 'Isp.example' }, of('PPP1.isp.EXAMPLE'), 'yes'],
    [{ 'ends-with': ['.1', '113.7]'] }, of(), 'yes'],
    [{ 'ends-with': 'example' }, of('mx.example.org'), 'no'],
    [{ matches: '/^\\[/' }, of(), 'yes'],
    [{ matches: '/^\\[/' }, of('mx.example'), 'no'],
  ] as const)
    test(`${JSON.stringify(written)} of ${evaluation.facts.attempt.clientName ?? 'nobody'} is ${truth}`, async () => {
      const condition = compileWritten(clientNameCondition, written, { lists });
      assert.equal((await ask(condition, evaluation)).truth, truth);
    });

  test('says that there is no verified name', async () => {
    const { notes } = await ask(compileWritten(clientNameCondition, 'mx.example'), of());
    assert.deepEqual(notes, ['no verified name matches no entry']);
  });

  test('needs the macros that tell the states', () => {
    assert.deepEqual(clientNameCondition.needs?.([]), {
      macros: ['{client_ptr}', '{client_resolve}'],
    });
  });

  test('refuses what is no name', () => {
    assert.deepEqual(issuesOfWritten(clientNameCondition, ['un verified', '*.example']), [
      '0: is not a host name',
      '1: has a *',
    ]);
  });
});
