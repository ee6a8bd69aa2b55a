import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { NULL_SENDER, parseEnvelopeAddress } from '../../../src/mail/envelope-address.js';
import { parseIpAddress } from '../../../src/mail/ip-address.js';
import { parseRateKey, renderRateKey, stageOfRateKey } from '../../../src/rules/rate-key.js';
import { createEvaluation, createFacts } from '../../support/rule-parts.js';

function render(
  text: string,
  attempt: NonNullable<Parameters<typeof createFacts>[0]>['attempt'] = {},
) {
  const parsed = parseRateKey(text);
  assert.ok('ok' in parsed, JSON.stringify(parsed));
  return renderRateKey(parsed.ok, createEvaluation(createFacts({ attempt })).texts);
}

const nobody = {
  clientAddress: undefined,
  clientName: undefined,
  helo: undefined,
  login: undefined,
  sender: NULL_SENDER,
  recipient: parseEnvelopeAddress('<Postmaster>'),
};

describe('what a rate is counted by', () => {
  for (const [text, expected, ofNobody] of [
    ['all', 'all', 'all'],
    ['client', '203.0.113.7', 'no address'],
    ['network', '203.0.113.0/24', 'no address'],
    ['name', 'mail.client.example', 'no name'],
    ['helo', 'mail.client.example', 'no HELO'],
    ['login', 'alice', 'no login'],
    ['sender', 'sender@client.example', '<>'],
    ['sender-domain', 'client.example', '<>'],
    ['recipient', 'user@local.example', 'postmaster'],
    ['recipient-domain', 'local.example', ''],
    ['{{{client}}} {{x}}', '{203.0.113.7} {x}', '{no address} {x}'],
    ['{client} to {recipient}', '203.0.113.7 to user@local.example', 'no address to postmaster'],
  ] as const)
    test(text, () => {
      assert.equal(render(text, { login: 'alice', helo: 'Mail.client.example' }).text, expected);
      assert.equal(render(text, nobody).text, ofNobody);
    });

  test('is a network of 64 bits for IPv6', () => {
    const clientAddress = parseIpAddress('2001:db8:1:2:3::4');
    assert.equal(render('network', { clientAddress }).text, '2001:db8:1:2::/64');
  });

  for (const [text, stage] of [
    ['{client-masked:16}', 'connect'],
    ['{client} {time:%H}', 'connect'],
    ['{client} {sender-site}', 'mail'],
    ['{triplet-sender}', 'mail'],
    ['{sender-site} {recipient-site}', 'rcpt'],
    ['{macro:auth_type}', 'rcpt'],
  ] as const)
    test(`${text} is known at ${stage}`, () => {
      const parsed = parseRateKey(text);
      assert.ok('ok' in parsed);
      assert.equal(stageOfRateKey(parsed.ok), stage);
    });

  test('is what placeholders of any text show', () => {
    assert.equal(render('{client-masked:16} {sender-site}').text, '203.0.0.0 client.example');
  });

  test('folds letter case', () => {
    const sender = parseEnvelopeAddress('<Joe@Example.org>');
    assert.equal(render('sender', { sender }).text, 'joe@example.org');
  });

  test('keeps values apart that look alike together', () => {
    const a = render('{helo}{login}', { helo: 'ab', login: 'c' });
    const b = render('{helo}{login}', { helo: 'a', login: 'bc' });
    assert.equal(a.text, b.text);
    assert.notEqual(a.key, b.key);
  });

  for (const text of ['', 'clients', 'a } b', '{client', '{client} {x}', '{client} }'])
    test(`is not ${JSON.stringify(text)}`, () => assert.ok('problem' in parseRateKey(text)));
});
