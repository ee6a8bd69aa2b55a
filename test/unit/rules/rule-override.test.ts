import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { evaluateRules } from '../../../src/rules/evaluate.js';
import type { Condition } from '../../../src/rules/condition.js';
import { readServerAnswer } from '../../../src/rules/rule-override.js';
import type { NamedValues } from '../../../src/rules/lookups.js';
import type { Rule } from '../../../src/rules/rule.js';
import { createEvaluation, createFacts, createRule } from '../../support/rule-parts.js';

const key = (name: string, value: string): readonly [string, string] => [
  `milterGreylist${name}`,
  value,
];

describe("a server's answer in milter-greylist's words", () => {
  for (const [values, holds] of [
    [[key('Status', 'Ok')], true],
    [[['MILTERGREYLISTSTATUS', 'true']], true],
    [[key('Status', 'no'), key('Delay', '5m')], false],
    [[key('Delay', '5m')], true],
    [[key('Ignore', '')], true],
    [[key('FlushAddr', '')], true],
    [[key('Report', 'Looked up')], true],
    [[key('Something', '1')], undefined],
    [[['quota', '1']], undefined],
    [[], undefined],
  ] as const)
    test(`${JSON.stringify(values)} holds: ${String(holds)}`, () => {
      assert.equal(readServerAnswer(values).holds, holds);
    });

  for (const [name, value, settings] of [
    ['Delay', '5m', { delayMs: 300_000 }],
    ['Delay', '90', { delayMs: 90_000 }],
    ['Delay', '2d', {}],
    ['Delay', '-1', {}],
    ['Autowhite', '3W', { autowhiteMs: 1_814_400_000 }],
    ['Tarpit', '10s', { tarpitMs: 10_000 }],
    ['NoLog', 'TRUE', { log: 'debug' }],
    ['Code', '450', { code: 450 }],
    ['Code', '250', {}],
    ['ECode', '4.7.0', { enhanced: '4.7.0' }],
    ['ECode', '2.0.0', {}],
    ['Msg', 'ä', {}],
    ['Report', 'ä', {}],
    ['Report', '', {}],
    ['Report', 'x'.repeat(1000), {}],
  ] as const)
    test(`${name}: ${value} sets ${JSON.stringify(settings)}`, () => {
      assert.deepEqual(readServerAnswer([key(name, value)]).override.settings, settings);
    });

  test('has texts in which braces are braces', () => {
    const answer = readServerAnswer([key('Msg', 'Go {away}'), key('Report', 'Looked {up}')]);
    const { text, report } = answer.override.settings;
    assert.deepEqual([text?.literals, report?.literals], [['Go {away}'], ['Looked {up}']]);
  });

  for (const [word, action] of [
    ['greylist', 'greylist'],
    ['Whitelist', 'accept'],
    ['blacklist', 'reject'],
    ['continue', 'continue'],
    ['explode', undefined],
  ] as const)
    test(`action ${word} is ${String(action)}`, () => {
      assert.equal(readServerAnswer([key('Action', word)]).override.action, action);
    });
});

describe('a rule whose server says what to do', () => {
  const forgotten: string[] = [];

  /** A rule that is answered so, and one behind it that shows what was left. */
  const rulingFor = (values: NamedValues, more: Partial<Rule> = {}, facts = createFacts()) => {
    const server: Condition = {
      name: 'url',
      isLookup: false,
      test: ({ overrides }) => {
        overrides.push(readServerAnswer(values).override);
        return 'yes';
      },
    };
    const evaluation = {
      ...createEvaluation(facts),
      effects: {
        log: () => undefined,
        forgetClient: ({ text }: { readonly text: string }) => void forgotten.push(text),
        exceedRate: () => undefined,
      },
    };
    const rules = [
      createRule({ action: 'greylist', when: [server], ...more }),
      createRule({ action: 'tempfail', settings: { ipv4: 24 } }),
    ];
    const ruling = evaluateRules(rules, evaluation);
    assert.ok(!(ruling instanceof Promise));
    return ruling;
  };

  test('does that, on top of what it sets', () => {
    const { action, settings } = rulingFor([key('Delay', '5m'), key('Code', '450')], {
      settings: { delayMs: 1, ipv4: 16 },
    });
    assert.deepEqual([action, settings], ['greylist', { delayMs: 300_000, ipv4: 16, code: 450 }]);
  });

  for (const [values, action, settings] of [
    [[key('Action', 'whitelist')], 'accept', {}],
    [[key('Action', 'blacklist')], 'reject', {}],
    [
      [key('Action', 'blacklist'), key('Code', '550'), key('ECode', '4.0.0')],
      'reject',
      { code: 550 },
    ],
    // As there, the code says whether it is for good.
    [[key('Action', 'blacklist'), key('Code', '450')], 'tempfail', { code: 450 }],
    [[key('Action', 'greylist'), key('Code', '550'), key('ECode', '5.1.1')], 'greylist', {}],
    [[key('Code', '421')], 'greylist', {}],
    [[key('ECode', '4.1.1')], 'greylist', { enhanced: '4.1.1' }],
    [[key('Action', 'continue'), key('Delay', '5m')], 'tempfail', { delayMs: 300_000, ipv4: 24 }],
  ] as const)
    test(`${JSON.stringify(values)}: ${action}`, () => {
      const ruling = rulingFor(values);
      assert.deepEqual([ruling.action, ruling.settings], [action, settings]);
    });

  test('is not heard where the rule does not match, and by no other rule', () => {
    const no: Condition = { name: 'no', isLookup: false, test: () => 'yes' };
    const ruling = rulingFor([key('Delay', '5m')], { unless: [no] });
    assert.deepEqual([ruling.action, ruling.settings], ['tempfail', { ipv4: 24 }]);
  });

  test('forgets a client, if there is one', () => {
    rulingFor([key('FlushAddr', '')]);
    rulingFor([key('FlushAddr', '')], {}, createFacts({ attempt: { clientAddress: undefined } }));
    assert.deepEqual(forgotten, ['203.0.113.7']);
  });
});
