import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { parseEnvelopeAddress } from '../../../../src/mail/envelope-address.js';
import { senderAuthenticatedCondition } from '../../../../src/rules/conditions/sender-authenticated.js';
import type { Answer, SpfFinding, SpfResult } from '../../../../src/rules/lookups.js';
import { strippedSender, wholeRecipient } from '../../../support/address-forms.js';
import { ask, compileWritten, issuesOfWritten } from '../../../support/condition-rig.js';
import { createEvaluation, createFacts, createLookups } from '../../../support/rule-parts.js';

const lists = { partners: { senders: ['@.partner.example', '<>'] } };

/** A sender whose SPF has this result; undefined where nobody knows. */
function rig(sender: string, result?: SpfResult) {
  let count = 0;
  const spf = (): Answer<SpfFinding> => {
    count++;
    return result === undefined
      ? { known: false, problem: 'timed out' }
      : { known: true, value: { result, domain: 'partner.example', term: 'mx' } };
  };
  const facts = createFacts({ attempt: { sender: parseEnvelopeAddress(sender) } });
  return { evaluation: createEvaluation(facts, createLookups({ spf })), asked: () => count };
}

describe('the condition sender-authenticated', () => {
  for (const [sender, result, truth] of [
    ['<joe@a.partner.example>', 'pass', 'yes'],
    ['<joe@a.partner.example>', 'softfail', 'no'],
    ['<joe@a.partner.example>', 'neutral', 'no'],
    ['<joe@a.partner.example>', 'permerror', 'no'],
    ['<joe@a.partner.example>', undefined, 'unknown'],
    ['<billing@example.net>', 'pass', 'yes'],
  ] as const)
    test(`is ${truth} for ${sender} with ${result ?? 'no answer'}`, async () => {
      const written = ['billing@example.net', 'list:partners'];
      const condition = compileWritten(senderAuthenticatedCondition, written, { lists });
      assert.equal((await ask(condition, rig(sender, result).evaluation)).truth, truth);
    });

  for (const sender of ['<joe@example.org>', '<>'])
    test(`asks nothing about ${sender}, which is not listed or has no domain`, async () => {
      const condition = compileWritten(senderAuthenticatedCondition, 'list:partners', { lists });
      const { evaluation, asked } = rig(sender, 'pass');
      assert.equal((await ask(condition, evaluation)).truth, 'no');
      assert.equal(asked(), 0);
    });

  test('knows a sender by the spelling that the triplets have', async () => {
    const addresses = { sender: strippedSender, recipient: wholeRecipient };
    const options = { context: { addresses } };
    const condition = compileWritten(senderAuthenticatedCondition, 'joe@example.net', options);
    const { evaluation } = rig('<prvs=1234abcdef=joe@example.net>', 'pass');
    assert.equal((await ask(condition, evaluation)).truth, 'yes');
  });

  test('says which entry matches, and what SPF says', async () => {
    const condition = compileWritten(senderAuthenticatedCondition, '@partner.example');
    const { evaluation } = rig('<joe@partner.example>', 'pass');
    assert.deepEqual((await ask(condition, evaluation)).notes, [
      'joe@partner.example matches @partner.example (rules.yaml 0)',
      'SPF of partner.example: pass by mx',
    ]);
  });

  test('refuses the null sender', () => {
    assert.deepEqual(issuesOfWritten(senderAuthenticatedCondition, ['<>', 'x']), [
      '0: has no domain that SPF could speak for',
      '1: is not an address',
    ]);
  });
});
