import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TemplateContext } from '../../../../src/greylist/template-context.js';
import { renderPlainTemplate, type PlainTemplate } from '../../../../src/greylist/text-template.js';
import { parseEnvelopeAddress } from '../../../../src/mail/envelope-address.js';
import { bodyCondition } from '../../../../src/rules/conditions/body.js';
import { clientNameCondition } from '../../../../src/rules/conditions/client-name.js';
import { headerCondition } from '../../../../src/rules/conditions/header.js';
import { heloCondition } from '../../../../src/rules/conditions/helo.js';
import { logTextCondition } from '../../../../src/rules/conditions/log-text.js';
import { recipientCondition } from '../../../../src/rules/conditions/recipient.js';
import { senderCondition } from '../../../../src/rules/conditions/sender.js';
import { setCondition } from '../../../../src/rules/conditions/set.js';
import type { AnyConditionKind } from '../../../../src/rules/condition.js';
import type { MessageFacts } from '../../../../src/rules/facts.js';
import {
  ask,
  compileWritten,
  issuesOfWritten,
  writtenAgain,
} from '../../../support/condition-rig.js';
import { createEvaluation, createFacts, plainTemplate } from '../../../support/rule-parts.js';

const message: MessageFacts = {
  headers: [
    ['Subject', ' Some\r\n\tMoney'],
    ['X-Spam', 'yes'],
  ],
  bytes: 100,
  body: { text: '\nDear friend,\nbegin 644 a.exe\n', bytes: new Uint8Array(), isWhole: true },
  recipients: [parseEnvelopeAddress('<a@one.example>'), parseEnvelopeAddress('<B@two.example>')],
};

async function truthOf(
  kind: AnyConditionKind,
  written: unknown,
  more: Parameters<typeof createFacts>[0] = { message },
): Promise<string> {
  return (await ask(compileWritten(kind, written), createEvaluation(createFacts(more)))).truth;
}

describe('what stands in a message', () => {
  for (const [kind, written, truth] of [
    [bodyCondition, 'Dear friend', 'yes'],
    [bodyCondition, 'dear friend', 'no'],
    [bodyCondition, ['nothing', '/DEAR (\\w+)/i'], 'yes'],
    [bodyCondition, '/(?m)^begin 644 .*$/', 'yes'],
    [bodyCondition, '/^begin/', 'no'],
    [headerCondition, { any: 'X-Spam: yes' }, 'yes'],
    [headerCondition, { any: 'x-spam: yes' }, 'no'],
    [headerCondition, { any: 'missing' }, 'no'],
    [headerCondition, { any: ['nothing', '/^subject: some\\tmoney$/i'] }, 'yes'],
    [headerCondition, { any: 'X-Spam', Subject: 'missing' }, 'no'],
    [recipientCondition, '@two.example', 'yes'],
    [recipientCondition, '@local.example', 'no'],
    [recipientCondition, { bracketed: '<b@two.example>' }, 'yes'],
    [recipientCondition, { 'raw-bracketed': '/^<a@one\\.example>$/' }, 'yes'],
    [recipientCondition, { bracketed: '/@three/' }, 'no'],
  ] as const)
    test(`${kind.name}: ${JSON.stringify(written)} is ${truth}`, async () => {
      assert.equal(await truthOf(kind, written), truth);
    });

  test('is not known before it is there', async () => {
    assert.equal(await truthOf(bodyCondition, 'a', {}), 'no');
    assert.equal(await truthOf(bodyCondition, 'a', { message: { headers: [], bytes: 0 } }), 'no');
    assert.equal(await truthOf(headerCondition, { any: 'a' }, {}), 'no');
    assert.equal(await truthOf(recipientCondition, '@local.example', {}), 'yes');
  });

  test('what patterns in it have caught can be shown', async () => {
    const evaluation = createEvaluation(createFacts({ message }));
    await ask(compileWritten(bodyCondition, '/begin (\\d+) (\\S+)/'), evaluation);
    await ask(compileWritten(headerCondition, { any: '/X-Spam: (x?)/' }), evaluation);
    assert.deepEqual(evaluation.texts.groups().slice(0, 1), ['']);
    assert.deepEqual(evaluation.texts.groups().slice(-2), ['644', 'a.exe']);
    assert.equal(evaluation.texts.keepGroups()?.().length, 6);
  });

  test('needs the body, and its text', () => {
    assert.deepEqual(bodyCondition.needs?.([]), { body: true, text: true });
    assert.deepEqual(issuesOfWritten(bodyCondition, ['', '/(/']), [
      '0: is empty',
      '1: is a wrong pattern: missing closing ) at (',
    ]);
  });
});

describe('addresses in their brackets', () => {
  for (const [written, sender, truth] of [
    [{ bracketed: '<>' }, '<>', 'yes'],
    [{ bracketed: '/^<>$/' }, '<>', 'yes'],
    [{ bracketed: '<JOE@example.biz>' }, '<joe@Example.biz>', 'yes'],
    [{ bracketed: ['<x@y>', '/@example\\.biz>$/'] }, '<joe@example.biz>', 'yes'],
    [{ bracketed: '/@example\\.biz>$/' }, '<joe@example.biz.org>', 'no'],
    [{ 'raw-bracketed': '/^<prvs=/' }, '<prvs=1234=joe@example.biz>', 'yes'],
  ] as const)
    test(`${JSON.stringify(written)} and ${sender} is ${truth}`, async () => {
      const attempt = { sender: parseEnvelopeAddress(sender) };
      assert.equal(await truthOf(senderCondition, written, { attempt }), truth);
    });

  test('are written in one of three ways', () => {
    assert.deepEqual(issuesOfWritten(senderCondition, { bracketed: 'joe@example.org' }), [
      'bracketed: is no address in brackets',
    ]);
    assert.deepEqual(issuesOfWritten(senderCondition, { bracketed: '/(/' }), [
      'bracketed: is a wrong pattern: missing closing ) at (',
    ]);
    assert.deepEqual(issuesOfWritten(senderCondition, {}), [
      ': needs one of raw, bracketed and raw-bracketed',
    ]);
    const written = { 'raw-bracketed': ['<a@b.example>', '/x/'] };
    assert.deepEqual(writtenAgain(senderCondition, written), written);
  });
});

describe('names', () => {
  for (const [written, clientName, truth] of [
    [{ 'ends-with': 'gle.com' }, 'mail.google.com', 'yes'],
    [{ 'ends-with': ['x', '.Client.example'] }, 'mail.client.example', 'yes'],
    [{ 'ends-with': 'client.example.org' }, 'mail.client.example', 'no'],
    [{ 'ends-with': '113.7]' }, undefined, 'yes'],
  ] as const)
    test(`${JSON.stringify(written)} and ${clientName} is ${truth}`, async () => {
      assert.equal(await truthOf(clientNameCondition, written, { attempt: { clientName } }), truth);
    });

  test('a client may have neither name nor address', async () => {
    const attempt = { clientName: undefined, clientAddress: undefined };
    assert.equal(await truthOf(clientNameCondition, { 'ends-with': '[]' }, { attempt }), 'yes');
    assert.deepEqual(issuesOfWritten(clientNameCondition, { 'ends-with': 'a b' }), [
      'ends-with: is not the end of a name',
    ]);
  });

  test('HELO may be compared with what is known', async () => {
    const written = { template: '{client-name}' };
    assert.equal(await truthOf(heloCondition, written, {}), 'yes');
    assert.equal(
      await truthOf(heloCondition, written, { attempt: { helo: 'MAIL.client.example' } }),
      'yes',
    );
    assert.equal(await truthOf(heloCondition, written, { attempt: { helo: undefined } }), 'no');
    const template = plainTemplate('{macro:j}');
    assert.deepEqual(heloCondition.needs?.({ template }), { macros: ['j'] });
    assert.deepEqual(heloCondition.needs([]), {});
  });
});

describe('conditions that do something', () => {
  test('set sets, in order, and holds', async () => {
    const evaluation = createEvaluation();
    const condition = compileWritten(setCondition, {
      a: 5,
      b: { add: '{property:a}' },
      c: { subtract: 2 },
      d: { to: '{recipient}', scope: 'recipient' },
      e: 'x{helo}',
    });
    assert.equal(await condition.test(evaluation), 'yes');
    const { properties } = evaluation;
    const get = () => ['a', 'b', 'c', 'd', 'e'].map((name) => properties.get(name));
    assert.deepEqual(get(), ['5', '5', '-2', 'user@local.example', 'xmail.client.example']);
    await ask(condition, evaluation);
    properties.beginRecipient();
    assert.deepEqual(get(), ['5', '15', '-6', undefined, 'xmail.client.example']);
    assert.deepEqual(
      setCondition.needs?.({
        a: 5,
        b: plainTemplate('{macro:x}'),
        c: { add: plainTemplate('{macro:y}') },
      }),
      { macros: ['x', 'y'] },
    );
  });

  test('log-text tells the log, where somebody writes it', async () => {
    const lines: string[] = [];
    const effects = {
      log: (template: PlainTemplate, texts: TemplateContext) =>
        void lines.push(renderPlainTemplate(template, texts)),
      forgetClient: () => undefined,
      exceedRate: () => undefined,
    };
    const condition = compileWritten(logTextCondition, 'helo {helo} %s');
    assert.equal(await condition.test({ ...createEvaluation(), effects }), 'yes');
    assert.deepEqual(lines, ['helo mail.client.example %s']);
    assert.equal((await ask(condition)).truth, 'yes');
    assert.deepEqual(logTextCondition.needs?.(plainTemplate('{macro:x}')), { macros: ['x'] });
  });
});
