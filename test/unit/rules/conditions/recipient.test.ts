import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { parseEnvelopeAddress } from '../../../../src/mail/envelope-address.js';
import { recipientCondition } from '../../../../src/rules/conditions/recipient.js';
import { shortRecipient, writtenSender } from '../../../support/address-forms.js';
import { ask, compileWritten } from '../../../support/condition-rig.js';
import { createEvaluation, createFacts } from '../../../support/rule-parts.js';

const lists = { opted: { recipients: ['joe@local.example', '@other.example'] } };

describe('the condition recipient', () => {
  for (const [written, recipient, truth] of [
    ['postmaster@', '<Postmaster>', 'yes'],
    ['postmaster@', '<postmaster@local.example>', 'yes'],
    [['abuse@', 'list:opted'], '<joe@local.example>', 'yes'],
    ['list:opted', '<ann@local.example>', 'no'],
    [{ raw: '/^"/' }, '<"joe"@local.example>', 'yes'],
  ] as const)
    test(`${JSON.stringify(written)} of ${recipient} is ${truth}`, async () => {
      const attempt = { recipient: parseEnvelopeAddress(recipient) };
      const condition = compileWritten(recipientCondition, written, { lists });
      const evaluation = createEvaluation(createFacts({ attempt }));
      assert.equal((await ask(condition, evaluation)).truth, truth);
    });

  test('drops extensions if the triplets do', async () => {
    const addresses = { sender: writtenSender, recipient: shortRecipient };
    const recipient = parseEnvelopeAddress('<joe+news@local.example>');
    const evaluation = createEvaluation(createFacts({ attempt: { recipient } }));
    const condition = compileWritten(recipientCondition, 'joe@', { context: { addresses } });
    assert.deepEqual(await ask(condition, evaluation), {
      truth: 'yes',
      notes: ['joe@local.example matches joe@ (rules.yaml 0)'],
    });
    const whole = compileWritten(recipientCondition, 'joe+news@', { context: { addresses } });
    assert.deepEqual(await ask(whole, evaluation), {
      truth: 'yes',
      notes: ['joe+news@local.example matches joe+news@ (rules.yaml 0)'],
    });
  });
});
