import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { parseEnvelopeAddress } from '../../../../src/mail/envelope-address.js';
import { senderCondition } from '../../../../src/rules/conditions/sender.js';
import { strippedSender, wholeRecipient } from '../../../support/address-forms.js';
import {
  ask,
  compileWritten,
  issuesOfWritten,
  writtenAgain,
} from '../../../support/condition-rig.js';
import { createEvaluation, createFacts } from '../../../support/rule-parts.js';

const lists = { partners: { senders: ['@partner.example', 'billing@example.net'] } };

function of(sender: string) {
  return createEvaluation(createFacts({ attempt: { sender: parseEnvelopeAddress(sender) } }));
}

describe('the condition sender', () => {
  for (const [written, sender, truth] of [
    ['joe@example.org', '<Joe@Example.ORG>', 'yes'],
    ['joe@example.org', '<"joe"@example.org.>', 'yes'],
    ['joe@example.org', '<@relay.example:joe@example.org>', 'yes'],
    ['joe@example.org', '<joe+news@example.org>', 'no'],
    ['@example.org', '<joe@example.org>', 'yes'],
    ['@example.org', '<joe@a.example.org>', 'no'],
    ['@.example.org', '<joe@a.example.org>', 'yes'],
    ['postmaster@', '<postmaster@example.net>', 'yes'],
    ['<>', '<>', 'yes'],
    ['<>', '<joe@example.org>', 'no'],
    ['/^bounce-\\d+@/', '<Bounce-17@example.org>', 'yes'],
    ['/^<>$/', '<>', 'no'],
    ['list:partners', '<anybody@partner.example>', 'yes'],
    [['<>', 'list:partners'], '<other@example.net>', 'no'],
    [{ raw: '/^"joe"@/' }, '<"joe"@example.org>', 'yes'],
    [{ raw: 'joe@example.org' }, '<"joe"@example.org>', 'no'],
    [{ raw: ['@example.org'] }, '<"joe"@Example.org>', 'yes'],
    [{ raw: 'postmaster@' }, '<postmaster>', 'yes'],
    [{ raw: '<>' }, '<>', 'yes'],
  ] as const)
    test(`${JSON.stringify(written)} of ${sender} is ${truth}`, async () => {
      const condition = compileWritten(senderCondition, written, { lists });
      assert.equal((await ask(condition, of(sender))).truth, truth);
    });

  test('has the spellings that the triplets have, and that of the mail', async () => {
    const addresses = { sender: strippedSender, recipient: wholeRecipient };
    const written = ['joe@example.org', 'ann@', 'bounce-#@example.net', '/^news-17@/'];
    const condition = compileWritten(senderCondition, written, { context: { addresses } });
    const raw = compileWritten(senderCondition, { raw: written }, { context: { addresses } });
    for (const [sender, truth, rawTruth] of [
      ['<Joe+news@example.org>', 'yes', 'no'],
      ['<prvs=1234abcdef=joe@example.org>', 'yes', 'no'],
      ['<ann+news>', 'yes', 'no'],
      ['<bounce-17@example.net>', 'yes', 'no'],
      ['<bounce-17@example.org>', 'no', 'no'],
      ['<news-17@bounces.example.org>', 'yes', 'yes'],
      ['<>', 'no', 'no'],
    ] as const) {
      assert.equal((await ask(condition, of(sender))).truth, truth, sender);
      assert.equal((await ask(raw, of(sender))).truth, rawTruth, sender);
    }
  });

  test("has Postgrey's spelling where the triplets have it", async () => {
    const addresses = { sender: { form: 'postgrey' }, recipient: wholeRecipient } as const;
    const condition = compileWritten(senderCondition, '#@example.org', { context: { addresses } });
    assert.equal((await ask(condition, of('<4915112345678@Example.org.>'))).truth, 'yes');
    assert.equal((await ask(condition, of('<joe@example.org>'))).truth, 'no');
  });

  test('says by which spelling it has found an entry', async () => {
    const addresses = { sender: strippedSender, recipient: wholeRecipient };
    const written = 'joe@example.org';
    const condition = compileWritten(senderCondition, written, { context: { addresses } });
    assert.deepEqual((await ask(condition, of('<joe+a@example.org>'))).notes, [
      'joe@example.org matches joe@example.org (rules.yaml 0)',
    ]);
    assert.deepEqual((await ask(condition, of('<ann+a@example.org>'))).notes, [
      'ann+a@example.org matches no entry',
    ]);
  });

  test('says what it saw, and which entry matches', async () => {
    const condition = compileWritten(senderCondition, { raw: ['ann@', '@example.org', '<>'] });
    assert.deepEqual((await ask(condition, of('<joe@example.org>'))).notes, [
      'joe@example.org matches @example.org (rules.yaml raw.1)',
    ]);
    assert.deepEqual((await ask(condition, of('<>'))).notes, ['<> matches <> (rules.yaml raw.2)']);
    assert.deepEqual((await ask(condition, of('<joe>'))).notes, ['joe matches no entry']);
  });

  test('is written in the form that it was read in', () => {
    assert.deepEqual(writtenAgain(senderCondition, '@Example.org'), ['@example.org']);
    assert.deepEqual(writtenAgain(senderCondition, { raw: '<>' }), { raw: ['<>'] });
  });

  test('refuses what is no sender, with its place', () => {
    assert.deepEqual(issuesOfWritten(senderCondition, ['@example.org', 'example.org']), [
      '1: is not an address',
    ]);
    assert.deepEqual(issuesOfWritten(senderCondition, { raw: ['*@example.org'] }), [
      'raw.0: is not an address',
    ]);
    assert.deepEqual(issuesOfWritten(senderCondition, { row: '<>' }), ['row: unknown-key']);
    assert.deepEqual(issuesOfWritten(senderCondition, 17), [': type']);
  });
});
