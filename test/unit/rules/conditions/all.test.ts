import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { parseConfig } from '../../../../src/config/load.js';
import type { AnyConditionKind, Evaluation, Truth } from '../../../../src/rules/condition.js';
import { allCondition } from '../../../../src/rules/conditions/all.js';
import { conditionKinds } from '../../../../src/rules/conditions/index.js';
import { RateWindow } from '../../../../src/rules/rate-window.js';
import {
  ask,
  compileWritten,
  issuesOfWritten,
  writtenAgain,
} from '../../../support/condition-rig.js';
import { createEvaluation, createFacts, createLookups } from '../../../support/rule-parts.js';

const all: AnyConditionKind = conditionKinds.all;

const HERE = { client: '203.0.113.7' };
const ELSEWHERE = { client: '192.0.2.1' };
/** Not known where nobody answers. */
const LISTED = { dnsbl: { zones: ['zen.dnsbl.example'] } };
const ALSO_LISTED = { dnsbl: { zones: ['bl.dnsbl.example'] } };

/** Both lists answer in their time, the second does not know. */
function listing(answers: readonly string[]): Evaluation {
  const dnsList = (zone: string) =>
    Promise.resolve(
      zone === 'zen.dnsbl.example'
        ? ({ known: true, value: answers } as const)
        : ({ known: false, problem: 'no answer' } as const),
    );
  return createEvaluation(createFacts(), createLookups({ dnsList }));
}

describe('the condition all', () => {
  const cases: readonly (readonly [what: string, written: unknown, truth: Truth])[] = [
    ['a step holds', [HERE], 'yes'],
    ['all steps hold', [HERE, { helo: 'mail.client.example' }], 'yes'],
    ['several of a kind hold', [HERE, { client: '203.0.113.0/24' }], 'yes'],
    ['one step does not hold', [HERE, ELSEWHERE, HERE], 'no'],
    ['one condition of a step does not hold', [{ ...HERE, helo: 'x.example' }], 'no'],
    ['what must not hold does not', [{ not: ELSEWHERE }], 'yes'],
    ['what must not hold does', [{ not: HERE }], 'no'],
    [
      'several exceptions, none of which holds',
      [{ not: ELSEWHERE }, { not: { helo: 'x' } }],
      'yes',
    ],
    ['several exceptions, one of which holds', [{ not: ELSEWHERE }, { not: HERE }], 'no'],
    ['a condition and an exception', [{ ...HERE, not: ELSEWHERE }], 'yes'],
    ['one alternative holds', [{ any: [ELSEWHERE, { helo: 'mail.client.example' }] }], 'yes'],
    ['no alternative holds', [{ any: [ELSEWHERE, { helo: 'x.example' }] }], 'no'],
    ['an alternative holds, but not what is beside', [{ ...ELSEWHERE, any: [HERE] }], 'no'],
    ['no alternative may hold, and none does', [{ not: { any: [ELSEWHERE] } }], 'yes'],
    ['no alternative may hold, and one does', [{ not: { any: [ELSEWHERE, HERE] } }], 'no'],
    ['nobody answers', [HERE, LISTED], 'unknown'],
    ['nobody answers, and it must not hold', [{ not: LISTED }], 'unknown'],
    ['nobody answers after what does not hold', [ELSEWHERE, LISTED], 'no'],
    [
      'nobody answers, which the step takes for no',
      [{ ...LISTED, 'on-unknown': 'no-match' }],
      'no',
    ],
    ['nobody answers, which it takes for yes', [{ not: LISTED, 'on-unknown': 'match' }], 'yes'],
    ['a known step says what the unknown would be', [{ ...HERE, 'on-unknown': 'no-match' }], 'yes'],
    ['one alternative is not known', [{ any: [LISTED, ELSEWHERE] }], 'unknown'],
    ['one alternative is not known, and another holds', [{ any: [LISTED, HERE] }], 'yes'],
  ];
  for (const [what, written, truth] of cases)
    test(`says ${truth} where ${what}`, async () => {
      assert.equal((await ask(compileWritten(all, written))).truth, truth);
    });

  test('waits for answers, one after the other', async () => {
    const condition = compileWritten(all, [LISTED, { not: ALSO_LISTED }, HERE]);
    assert.equal(await condition.test(listing([])), 'no');
    assert.equal(await condition.test(listing(['127.0.0.2'])), 'unknown');
    const either = compileWritten(all, [{ any: [ALSO_LISTED, LISTED] }, HERE]);
    assert.equal(await either.test(listing(['127.0.0.2'])), 'yes');
    assert.equal(await either.test(listing([])), 'unknown');
  });

  test('asks nobody once a step does not hold', () => {
    const dnsList = () => assert.fail('asked');
    const evaluation = createEvaluation(createFacts(), createLookups({ dnsList }));
    assert.equal(compileWritten(all, [ELSEWHERE, LISTED]).test(evaluation), 'no');
    assert.equal(compileWritten(all, [{ ...LISTED, ...ELSEWHERE }]).test(evaluation), 'no');
  });

  test('counts only what came as far', () => {
    const rates = new RateWindow();
    const evaluation = { ...createEvaluation(), rates };
    const rate = { rate: { over: 1, in: '10m' } };
    const before = compileWritten(all, [ELSEWHERE, rate]);
    const behind = compileWritten(all, [rate, ELSEWHERE]);
    assert.deepEqual([before.test(evaluation), behind.test(evaluation)], ['no', 'no']);
    assert.equal(rates.size, 1);
    const beside = compileWritten(all, [{ ...rate, ...ELSEWHERE }], { context: { id: 'beside' } });
    assert.deepEqual([beside.test(evaluation), beside.isCounting], ['no', true]);
    assert.equal(rates.size, 1);
    const twice = compileWritten(all, [{ not: rate }, rate], { context: { id: 'other' } });
    assert.equal(twice.test(evaluation), 'no');
    assert.equal(rates.size, 3);
  });

  const rate = { over: 1, in: '10m' };
  for (const [step, truth] of [
    [{ rate, any: [ELSEWHERE] }, 'no'],
    [{ rate, not: HERE }, 'no'],
    [{ any: [{ rate }], not: HERE }, 'no'],
    [{ not: { rate, any: [ELSEWHERE] } }, 'yes'],
  ] as const)
    test(`counts only what all else in a step lets through: ${JSON.stringify(step)}`, () => {
      const rates = new RateWindow();
      const evaluation = { ...createEvaluation(), rates };
      assert.deepEqual([compileWritten(all, [step]).test(evaluation), rates.size], [truth, 0]);
    });

  test('says which of its conditions has found what, and where it was written', async () => {
    const written = [
      { not: { client: ['192.0.2.1'] } },
      { any: [{ helo: 'mail.client.example' }] },
    ];
    const { notes } = await ask(compileWritten(all, written));
    assert.deepEqual(notes, [
      'client: mail.client.example [203.0.113.7] matches no entry',
      'helo: mail.client.example matches mail.client.example (rules.yaml 1.any.0.helo.0)',
    ]);
  });

  test('is asked last if one of its conditions asks outside, and tells which there are', () => {
    const free = compileWritten(all, [HERE, { not: { helo: 'x' } }]);
    assert.equal(free.isLookup, false);
    const asking = compileWritten(all, [HERE, { not: { any: [LISTED] } }]);
    assert.equal(asking.isLookup, true);
    assert.deepEqual(
      asking.parts?.map(({ name }) => name),
      ['client', 'dnsbl'],
    );
  });

  test('takes lists by their names', async () => {
    const lists = { ours: { clients: ['203.0.113.0/24'] } };
    const condition = compileWritten(all, [{ any: [{ client: 'list:ours' }] }], { lists });
    assert.equal((await ask(condition)).truth, 'yes');
  });

  test('wants of the MTA what its conditions want, at the stage of the latest', () => {
    const decoded = [
      { header: { name: 'header', value: { Subject: [] } } },
      { not: { macro: { name: 'macro', value: { j: [] } } } },
      { any: [{ client: { name: 'client', value: [] } }] },
    ];
    const wanted = { macros: ['j'], headers: true, body: false, text: false, rawHeaders: false };
    assert.deepEqual(all.needs?.(decoded), wanted);
    const macro = { name: 'macro', value: { j: [] } };
    const sender = { name: 'sender', value: [] };
    assert.deepEqual(
      [decoded, [{ macro }], [{ not: { any: [{ sender }] } }]].map((value) => all.stageOf?.(value)),
      ['eom', 'connect', 'mail'],
    );
  });

  test('is shown what conditions on the message look at, as they are alone', () => {
    const body = { name: 'body', value: [] };
    const dkim = { name: 'dkim', value: ['pass'] };
    const text = { macros: [], headers: false, body: true, text: true, rawHeaders: false };
    const whole = { ...text, headers: true, rawHeaders: true };
    const steps = [[{ not: { body } }], [{ any: [{ body }, { dkim }] }]];
    assert.deepEqual(
      steps.map((value) => all.needs?.(value)),
      [text, whole],
    );
  });

  test('is shown what the definitions ask for that its conditions name', () => {
    const { needs } = parseConfig({
      text: `lookups: {urls: {one: {url: 'http://127.0.0.1/{macro:j}', post-message: true}}}
message-rules: [{when: {all: [{url: one}]}, then: reject}]
`,
      file: 'g.yaml',
    }).program;
    assert.deepEqual(needs, {
      macros: ['j'],
      headers: true,
      body: true,
      text: true,
      rawHeaders: true,
    });
  });

  test('is written as it was read', () => {
    const written = [{ client: ['192.0.2.1'] }, { not: { any: [{ helo: ['x.example'] }] } }];
    assert.deepEqual(writtenAgain(all, written), written);
  });

  for (const [written, issue] of [
    [[], ': is empty'],
    [[{}], '0: is empty'],
    [[{ 'on-unknown': 'match' }], '0: is empty'],
    [[{ any: [] }], '0.any: is empty'],
    [[{ any: [{}] }], '0.any.0: is empty'],
    [[{ not: {} }], '0.not: is empty'],
    [[{ cleint: 'x' }], '0.cleint: unknown-key'],
    [[{ all: [HERE] }], '0.all: unknown-key'],
    [[{ client: '192.0.2.999' }], '0.client: is not a network'],
  ] as const)
    test(`refuses ${JSON.stringify(written)}`, () => {
      assert.deepEqual(issuesOfWritten(all, written), [issue]);
    });

  test('refuses to compile what there is not', () => {
    const ofNothing: AnyConditionKind = allCondition({});
    assert.throws(
      () =>
        compileWritten({ ...all, compile: (steps, context) => ofNothing.compile(steps, context) }, [
          HERE,
        ]),
      /There is no condition client/,
    );
  });
});
