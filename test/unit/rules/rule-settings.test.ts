import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TemplateContext } from '../../../src/greylist/template-context.js';
import { renderPlainTemplate, type PlainTemplate } from '../../../src/greylist/text-template.js';
import { parseConfig } from '../../../src/config/load.js';
import type { IpAddress } from '../../../src/mail/ip-address.js';
import { evaluateRules } from '../../../src/rules/evaluate.js';
import { createEvaluation, createFacts, headerField } from '../../support/rule-parts.js';

const program = (text: string) => parseConfig({ text, file: 'g.yaml' }).program;

describe('texts of a rule', () => {
  test('are kept with their places, and what they show is asked for', () => {
    const { rules, needs } = program(`rules:
  - then: accept
    headers: {X-A: '{macro:a}', X-B: {value: '{macro:b}', at: 2}}
    report: '{macro:r}'
    subject-tag: '[x]'
    footer: "{macro:f}\\n"
    log-text: '{macro:l}'
    set: {p: '{macro:s}', q: {add: 1}}
`);
    const { headers, report, subjectTag, footer } = rules[0]?.settings ?? {};
    assert.deepEqual(headers?.[1], headerField('X-B', '{macro:b}', 2));
    assert.deepEqual(
      [report?.text, subjectTag?.text, footer?.text],
      ['{macro:r}', '[x]', '{macro:f}\n'],
    );
    assert.deepEqual(needs, {
      macros: ['r', 'f', 'l', 'a', 'b', 's'],
      headers: true,
      body: true,
      text: true,
      rawHeaders: false,
    });
  });

  test('say which header fields of earlier rules there are none of', () => {
    const { rules } = program(`rules:
  - {then: continue, headers: {X-A: a, X-B: b}}
  - {when: {helo: x.example}, then: accept, headers: {X-a: null}}
  - {then: accept, headers: {X-A: null, X-C: c}}
`);
    const settings = rules.map((rule) => rule.settings);
    assert.deepEqual(settings[1], { withoutHeaders: ['x-a'] });
    assert.deepEqual(settings[2], {
      headers: [headerField('X-C', 'c')],
      withoutHeaders: ['x-a'],
    });
  });

  test('that set, log and forget are done, where there is somebody to do it', async () => {
    const { rules } = program(`rules:
  - {then: continue, set: {a: '{helo}'}, log-text: 'it is {property:a}', forget: client}
  - {when: {client-name: '/^(m)/'}, then: accept, set: {b: '{group:1}{rule}'}}
`);
    const done: string[] = [];
    const effects = {
      log: (template: PlainTemplate, texts: TemplateContext) =>
        void done.push(renderPlainTemplate(template, texts)),
      forgetClient: ({ text }: IpAddress, { rule }: TemplateContext) =>
        void done.push(`${text} by ${rule?.name ?? ''}`),
      exceedRate: () => undefined,
    };
    const evaluation = { ...createEvaluation(), effects };
    await evaluateRules(rules, evaluation);
    assert.deepEqual(done, ['it is mail.client.example', '203.0.113.7 by rule 1']);
    assert.equal(evaluation.properties.get('b'), 'mrule 2');
    const nobody = createEvaluation(createFacts({ attempt: { clientAddress: undefined } }));
    await evaluateRules(rules, nobody);
    await evaluateRules(rules, { ...nobody, effects });
    assert.equal(nobody.properties.get('a'), 'mail.client.example');
    assert.equal(done.at(-1), 'it is mail.client.example');
    await evaluateRules(rules, createEvaluation());
  });
});
