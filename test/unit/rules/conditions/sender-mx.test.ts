import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { parseEnvelopeAddress } from '../../../../src/mail/envelope-address.js';
import { parseIpAddress } from '../../../../src/mail/ip-address.js';
import type { IpAddress } from '../../../../src/mail/ip-address.js';
import { senderMxCondition } from '../../../../src/rules/conditions/sender-mx.js';
import type { Answer } from '../../../../src/rules/lookups.js';
import { ask, compileWritten, issuesOfWritten } from '../../../support/condition-rig.js';
import { createEvaluation, createFacts, createLookups } from '../../../support/rule-parts.js';

const exchangers: Answer<readonly IpAddress[]> = {
  known: true,
  value: ['203.0.113.7', '2001:db8::7'].map(parseIpAddress).filter((one) => one !== undefined),
};

function rig(
  client: string,
  { sender = '<joe@example.org>', answer = exchangers, isLate = false } = {},
) {
  const asked: string[] = [];
  const mailExchangers = (domain: string) => {
    asked.push(domain);
    return isLate ? Promise.resolve(answer) : answer;
  };
  const attempt = {
    clientAddress: parseIpAddress(client),
    sender: parseEnvelopeAddress(sender),
  };
  const evaluation = createEvaluation(createFacts({ attempt }), createLookups({ mailExchangers }));
  return { asked, evaluation };
}

describe('the condition sender-mx', () => {
  for (const [written, client, truth] of [
    [true, '203.0.113.7', 'yes'],
    [true, '203.0.113.8', 'no'],
    [true, '2001:db8::7', 'yes'],
    [true, '2001:db8::8', 'no'],
    [false, '203.0.113.7', 'no'],
    [false, '203.0.113.8', 'yes'],
    [{ ipv4: 24 }, '203.0.113.8', 'yes'],
    [{ ipv4: 24 }, '203.0.112.8', 'no'],
    [{ ipv4: 24 }, '2001:db8::8', 'no'],
    [{ ipv6: 64 }, '2001:db8::8', 'yes'],
  ] as const)
    test(`${JSON.stringify(written)} of ${client} is ${truth}`, async () => {
      const condition = compileWritten(senderMxCondition, written);
      assert.equal((await ask(condition, rig(client).evaluation)).truth, truth);
      assert.equal((await ask(condition, rig(client, { isLate: true }).evaluation)).truth, truth);
    });

  test('is not known where there is no answer', async () => {
    const answer = { known: false, problem: 'timed out' } as const;
    const { asked, evaluation } = rig('203.0.113.7', { answer });
    assert.deepEqual(await ask(compileWritten(senderMxCondition, false), evaluation), {
      truth: 'unknown',
      notes: ['the exchangers of example.org are not known: timed out'],
    });
    assert.deepEqual(asked, ['example.org', 'example.org']);
  });

  for (const [client, sender, note] of [
    ['', '<joe@example.org>', 'no client address'],
    ['203.0.113.7', '<>', 'the sender has no domain'],
    ['203.0.113.7', '<joe@[203.0.113.7]>', 'the sender has no domain'],
  ] as const)
    test(`asks nothing where ${note}: ${sender}`, async () => {
      const { asked, evaluation } = rig(client, { sender });
      assert.deepEqual(await ask(compileWritten(senderMxCondition, true), evaluation), {
        truth: 'no',
        notes: [note],
      });
      assert.equal((await ask(compileWritten(senderMxCondition, false), evaluation)).truth, 'yes');
      assert.deepEqual(asked, []);
    });

  test('says which exchanger it is', async () => {
    const condition = compileWritten(senderMxCondition, true);
    assert.deepEqual((await ask(condition, rig('203.0.113.7').evaluation)).notes, [
      'exchangers of example.org: 203.0.113.7',
    ]);
    assert.deepEqual((await ask(condition, rig('203.0.113.8').evaluation)).notes, [
      'exchangers of example.org: none of 2 is near',
    ]);
  });

  test('refuses other values', () => {
    assert.deepEqual(issuesOfWritten(senderMxCondition, { ipv4: 33 }), [
      'ipv4: must be at most 32',
    ]);
    assert.deepEqual(issuesOfWritten(senderMxCondition, 'yes'), [': type']);
  });
});
