import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { macroCondition } from '../../../../src/rules/conditions/macro.js';
import { ask, compileWritten, issuesOfWritten } from '../../../support/condition-rig.js';
import { createEvaluation, createFacts } from '../../../support/rule-parts.js';

const lists = { daemons: { values: ['MX', '/^in-/'] } };
const macros = { j: 'mx.local.example', '{daemon_name}': 'MX', '{cert_subject}': '' };
const evaluation = createEvaluation(createFacts({ macros }));

describe('the condition macro', () => {
  for (const [written, truth] of [
    [{ j: 'mx.local.example' }, 'yes'],
    [{ j: 'MX.local.example' }, 'no'],
    [{ daemon_name: ['MSA', 'MX'] }, 'yes'],
    [{ '{daemon_name}': '/^m/i' }, 'yes'],
    [{ daemon_name: 'list:daemons' }, 'yes'],
    [{ daemon_name: 'set' }, 'yes'],
    [{ daemon_name: 'unset' }, 'no'],
    [{ daemon_name: ['unset', 'MX'] }, 'yes'],
    [{ nobody_sends: 'unset' }, 'yes'],
    [{ nobody_sends: ['set', '/.*/'] }, 'no'],
    [{ cert_subject: 'unset' }, 'yes'],
    [{ j: 'set', daemon_name: 'MX' }, 'yes'],
    [{ j: 'set', daemon_name: 'MSA' }, 'no'],
    [{}, 'yes'],
  ] as const)
    test(`${JSON.stringify(written)} is ${truth}`, async () => {
      const condition = compileWritten(macroCondition, written, { lists });
      assert.equal((await ask(condition, evaluation)).truth, truth);
    });

  test('says what it saw, up to the first that does not match', async () => {
    const written = { daemon_name: ['MSA', 'MX'], x: ['set', 'unset'], j: 'a', i: 'set' };
    assert.deepEqual((await ask(compileWritten(macroCondition, written), evaluation)).notes, [
      '{daemon_name} MX matches MX (rules.yaml daemon_name.1)',
      'x unset matches unset (rules.yaml x.1)',
      'j mx.local.example matches no entry',
    ]);
  });

  test('needs what it names', () => {
    assert.deepEqual(macroCondition.needs?.({ daemon_name: [], '{auth_type}': [], j: [] }), {
      macros: ['{daemon_name}', '{auth_type}', 'j'],
    });
  });

  for (const [stage, names] of [
    ['connect', []],
    ['connect', ['j', '{client_ptr}', 'daemon_name', 'if_addr']],
    ['helo', ['j', 'tls_version', 'cipher_bits', 'verify']],
    ['mail', ['tls_version', 'auth_type', 'mail_addr']],
    ['rcpt', ['j', 'rcpt_mailer']],
    ['rcpt', ['i', 'j']],
    ['rcpt', ['our_own']],
  ] as const)
    test(`can be answered at ${stage} for ${names.join(', ') || 'none'}`, () => {
      const value = Object.fromEntries(names.map((name) => [name, []]));
      assert.equal(macroCondition.stageOf?.(value), stage);
    });

  test('refuses what is no macro or no value, with its place', () => {
    assert.deepEqual(issuesOfWritten(macroCondition, { 'a b': 'x' }), [
      'a b: is not the name of a macro',
    ]);
    assert.deepEqual(issuesOfWritten(macroCondition, { j: ['x', '/(/'] }), [
      'j.1: is a wrong pattern: missing closing ) at (',
    ]);
    assert.deepEqual(issuesOfWritten(macroCondition, 'daemon_name'), [': type']);
  });
});
