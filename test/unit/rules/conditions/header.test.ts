import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { headerCondition } from '../../../../src/rules/conditions/header.js';
import { ask, compileWritten, issuesOfWritten } from '../../../support/condition-rig.js';
import { createEvaluation, createFacts } from '../../../support/rule-parts.js';

const headers = [
  ['Received', ' from a.example'],
  ['received', 'from b.example'],
  ['Subject', 'Make money\r\n\tfast\n now'],
  ['X-Spam-Flag', 'YES'],
] as const;
const evaluation = createEvaluation(createFacts({ message: { headers, bytes: 0 } }));
const lists = { flags: { values: ['YES', '/^maybe/i'] } };

describe('the condition header', () => {
  for (const [written, truth] of [
    [{ 'X-Spam-Flag': 'YES' }, 'yes'],
    [{ 'x-spam-flag': 'YES' }, 'yes'],
    [{ 'X-Spam-Flag': 'yes' }, 'no'],
    [{ 'X-Spam-Flag': ['NO', 'list:flags'] }, 'yes'],
    [{ Subject: '/^make money\\tfast now$/i' }, 'yes'],
    [{ Subject: '/MONEY/' }, 'no'],
    [{ Received: 'from b.example' }, 'yes'],
    [{ Received: 'from a.example' }, 'yes'],
    [{ 'List-Id': 'missing' }, 'yes'],
    [{ 'List-Id': ['present', '/./'] }, 'no'],
    [{ Subject: 'missing' }, 'no'],
    [{ Subject: ['missing', 'present'] }, 'yes'],
    [{ Subject: 'present', 'X-Spam-Flag': 'YES' }, 'yes'],
    [{ Subject: 'present', 'X-Spam-Flag': 'NO' }, 'no'],
  ] as const)
    test(`${JSON.stringify(written)} is ${truth}`, async () => {
      const condition = compileWritten(headerCondition, written, { lists });
      assert.equal((await ask(condition, evaluation)).truth, truth);
    });

  test('says what it saw', async () => {
    const written = { received: ['x', '/b\\.ex/'], 'X-Spam-Flag': ['NO', 'MAYBE'] };
    assert.deepEqual((await ask(compileWritten(headerCondition, written), evaluation)).notes, [
      'received from b.example matches /b\\.ex/ (rules.yaml received.1)',
      'X-Spam-Flag YES matches no entry',
    ]);
  });

  test('does not hold before the message is there', async () => {
    const condition = compileWritten(headerCondition, { Subject: 'missing' });
    assert.deepEqual(await ask(condition), { truth: 'no', notes: [] });
  });

  test('needs the header', () => {
    assert.deepEqual(headerCondition.needs?.({}), { headers: true });
    assert.equal(headerCondition.stage, 'eom');
  });

  test('refuses what is no header field', () => {
    assert.deepEqual(issuesOfWritten(headerCondition, { 'Subject:': 'x' }), [
      'Subject:: is not the name of a header field',
    ]);
    assert.deepEqual(issuesOfWritten(headerCondition, { Subject: '' }), ['Subject: is empty']);
  });
});
