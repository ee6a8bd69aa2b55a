import assert from 'node:assert/strict';
import { test } from 'node:test';

import { parseConfig } from '../../../src/config/load.js';
import { evaluateRules } from '../../../src/rules/evaluate.js';
import { createEvaluation, createFacts, headerField } from '../../support/rule-parts.js';
import { parseIpAddress } from '../../../src/mail/ip-address.js';

const program = (text: string) => parseConfig({ text, file: 'g.yaml' }).program;

test('a rule keeps its name, its place, and what it sets', () => {
  const [first, second] = program(`rules:
  - name: slow
    when: {client: 192.0.2.0/24}
    unless: {recipient: postmaster@}
    then: greylist
    on-unknown: tempfail
    delay: 30m
    retry-window: 1d
    autowhite: 40d
    network: {ipv4: 32}
    stage: data
    mode: shadow
    code: 450
    enhanced: 4.2.0
    text: 'Wait {wait}'
    headers: {X-Slow: 'yes'}
    log: warn
  - {then: accept}
`).rules;
  assert.deepEqual(first?.settings, {
    delayMs: 1_800_000,
    retryWindowMs: 86_400_000,
    autowhiteMs: 40 * 86_400_000,
    ipv4: 32,
    stage: 'data',
    mode: 'shadow',
    code: 450,
    enhanced: '4.2.0',
    text: { text: 'Wait {wait}', literals: ['Wait ', ''], placeholders: ['wait'], valueLength: 0 },
    headers: [headerField('X-Slow', 'yes')],
    log: 'warn',
  });
  const { name, place, onUnknown, action, decidableAt } = first;
  assert.deepEqual(
    { name, place, onUnknown, action, decidableAt },
    {
      name: 'slow',
      place: { file: 'g.yaml', line: 2 },
      onUnknown: 'tempfail',
      action: 'greylist',
      decidableAt: 'rcpt',
    },
  );
  assert.deepEqual(
    [second?.name, second?.place.line, second?.decidableAt, second?.settings],
    ['rule 2', 18, 'connect', {}],
  );
});

test('rules ask the MTA for what their conditions look at', () => {
  const none = program('rules: [{when: {client: 192.0.2.1}, then: accept}]');
  const nothing = { macros: [], headers: false, body: false, text: false, rawHeaders: false };
  assert.deepEqual(none.needs, nothing);
  const some = program(
    'rules: [{when: {macro: {"{if_name}": a}}, then: accept}]\n' +
      'message-rules: [{when: {header: {Subject: a}}, then: reject}]',
  );
  assert.deepEqual(some.needs.macros, ['{if_name}']);
  assert.equal(some.needs.headers, true);
  assert.equal(some.messageRules[0]?.name, 'message rule 1');
});

test('the first rule that matches decides, by entries of its own and of lists', () => {
  const { rules } = program(`lists: {ours: {clients: [198.51.100.0/24, mx.example]}}
rules:
  - {name: ours, when: {client: [192.0.2.1, list:ours]}, unless: {recipient: joe@}, then: accept}
  - {name: rest, then: tempfail}
`);
  const decide = (address: string): unknown => {
    const clientAddress = parseIpAddress(address);
    const ruling = evaluateRules(
      rules,
      createEvaluation(createFacts({ attempt: { clientAddress } })),
    );
    return 'rule' in ruling ? ruling.rule?.name : undefined;
  };
  assert.deepEqual(['192.0.2.1', '198.51.100.9', '192.0.2.2'].map(decide), [
    'ours',
    'ours',
    'rest',
  ]);
});
