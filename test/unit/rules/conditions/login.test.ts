import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { loginCondition } from '../../../../src/rules/conditions/login.js';
import { ask, compileWritten, issuesOfWritten } from '../../../support/condition-rig.js';
import { createEvaluation, createFacts } from '../../../support/rule-parts.js';

const lists = { robots: { values: ['newsletter', '/^cron-/'] }, people: { values: ['bob@x@'] } };

describe('the condition login', () => {
  for (const [written, login, truth, note] of [
    ['alice', 'alice', 'yes', 'alice matches alice (rules.yaml 0)'],
    ['alice', 'Alice', 'no', 'Alice matches no entry'],
    ['/^ALICE$/i', 'alice', 'yes', 'alice matches /^ALICE$/i (rules.yaml 0)'],
    [['alice', 'list:robots'], 'cron-1', 'yes', 'cron-1 matches /^cron-/ (robots:2)'],
    ['alice', 'alice@a.example', 'no', 'alice@a.example matches no entry'],
    ['alice@', 'alice', 'yes', 'alice matches alice@ (rules.yaml 0)'],
    ['alice@', 'alice@a.example', 'yes', 'alice@a.example matches alice@ (rules.yaml 0)'],
    ['alice@', 'malice@a.example', 'no', 'malice@a.example matches no entry'],
    ['list:people', 'bob@x@a.example', 'yes', 'bob@x@a.example matches bob@x@ (people:1)'],
    [
      ['alice@', 'alice@a.example'],
      'alice@a.example',
      'yes',
      'alice@a.example matches alice@a.example (rules.yaml 1)',
    ],
    ['any', 'bob', 'yes', 'bob matches any (rules.yaml 0)'],
    ['any', undefined, 'no', 'no login matches no entry'],
    ['none', undefined, 'yes', 'no login matches none (rules.yaml 0)'],
    ['none', '', 'yes', 'no login matches none (rules.yaml 0)'],
    ['none', 'bob', 'no', 'bob matches no entry'],
  ] as const)
    test(`${JSON.stringify(written)}: ${note}`, async () => {
      const evaluation = createEvaluation(createFacts({ attempt: { login } }));
      const condition = compileWritten(loginCondition, written, { lists });
      assert.deepEqual(await ask(condition, evaluation), { truth, notes: [note] });
    });

  test('needs the macro of the login', () => {
    assert.deepEqual(loginCondition.needs?.([]), { macros: ['{auth_authen}'] });
  });

  test('refuses nothing at all', () => {
    assert.deepEqual(issuesOfWritten(loginCondition, ['']), ['0: is empty']);
  });
});
