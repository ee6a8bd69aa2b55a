import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { dkimCondition } from '../../../../src/rules/conditions/dkim.js';
import type { Answer, DkimQuestion, DkimSignature } from '../../../../src/rules/lookups.js';
import {
  ask,
  compileWritten,
  issuesOfWritten,
  writtenAgain,
} from '../../../support/condition-rig.js';
import { createEvaluation, createFacts, createLookups } from '../../../support/rule-parts.js';

const good: DkimSignature = { domain: 'good.example', result: 'pass' };
const bad: DkimSignature = { domain: 'mail.bad.example', result: 'fail', problem: 'bad signature' };
const odd: DkimSignature = { domain: 'odd.example', result: 'error', problem: 'no key' };

const message = { headers: [], bytes: 0, rawHeaders: [['From', ' a@b']] } as const;

function rig(signatures: readonly DkimSignature[] | undefined, facts: object = { message }) {
  const asked: DkimQuestion[] = [];
  const answer: Answer<readonly DkimSignature[]> =
    signatures === undefined
      ? { known: false, problem: 'out of order' }
      : { known: true, value: signatures };
  const dkim = (question: DkimQuestion) => {
    asked.push(question);
    return Promise.resolve(answer);
  };
  return { asked, evaluation: createEvaluation(createFacts(facts), createLookups({ dkim })) };
}

describe('the condition dkim', () => {
  for (const [written, signatures, truth, note, word] of [
    ['pass', [bad, good], 'yes', 'DKIM of good.example: pass', 'pass'],
    ['PASS', [bad, odd], 'no', 'DKIM of mail.bad.example: fail: bad signature', 'fail'],
    [['fail', 'error'], [odd, bad], 'yes', 'DKIM of odd.example: error: no key', 'error'],
    ['none', [], 'yes', 'not signed', 'none'],
    ['none', [bad], 'no', 'DKIM of mail.bad.example: fail: bad signature', 'fail'],
    ['unknown', undefined, 'yes', 'DKIM is not known: out of order', 'unknown'],
    ['none', undefined, 'no', 'DKIM is not known: out of order', 'unknown'],
    [
      { result: 'pass', domain: 'good.example' },
      [bad, good],
      'yes',
      'DKIM of good.example: pass',
      'pass',
    ],
    [
      { result: 'pass', domain: ['bad.example', 'x.example'] },
      [bad, good],
      'no',
      'not signed by bad.example, x.example',
      'none',
    ],
    [
      { result: ['fail'], domain: '.bad.example' },
      [bad, good],
      'yes',
      'DKIM of mail.bad.example: fail: bad signature',
      'fail',
    ],
  ] as const)
    test(`${JSON.stringify(written)}: ${note}`, async () => {
      const { evaluation } = rig(signatures);
      const condition = compileWritten(dkimCondition, written);
      assert.deepEqual(await ask(condition, evaluation), { truth, notes: [note] });
      assert.equal(evaluation.found.get('dkim'), word);
    });

  test('shows the message as it came', async () => {
    const bytes = Buffer.from('text\r\n');
    const body = { text: '', bytes, isWhole: true };
    const { asked, evaluation } = rig([], { message: { ...message, body } });
    await compileWritten(dkimCondition, 'none').test(evaluation);
    await compileWritten(dkimCondition, 'none').test(rig([]).evaluation);
    assert.deepEqual(asked, [{ headers: message.rawHeaders, body: bytes }]);
    const empty = rig([]);
    await compileWritten(dkimCondition, 'none').test(empty.evaluation);
    assert.equal(empty.asked[0]?.body.length, 0);
  });

  for (const [what, facts, note] of [
    [
      'a message that is cut',
      { message: { ...message, body: { text: '', bytes: Buffer.alloc(1), isWhole: false } } },
      'DKIM is not known: the message is longer than limits.body',
    ],
    [
      'a message that is not shown',
      { message: { headers: [], bytes: 0 } },
      'DKIM is not known: no message is shown',
    ],
    ['no message', {}, 'DKIM is not known: no message is shown'],
  ] as const)
    test(`does not know of ${what}`, async () => {
      const { asked, evaluation } = rig([good], facts);
      const condition = compileWritten(dkimCondition, ['unknown']);
      assert.deepEqual(await ask(condition, evaluation), { truth: 'yes', notes: [note] });
      assert.deepEqual(asked, []);
    });

  test('needs all of the message', () => {
    assert.deepEqual(dkimCondition.needs?.([]), {
      headers: true,
      rawHeaders: true,
      body: true,
      text: true,
    });
  });

  test('is written as it was read', () => {
    for (const written of [
      ['pass', 'none'],
      { result: ['pass'], domain: ['example.org'] },
      { result: ['pass'] },
    ])
      assert.deepEqual(writtenAgain(dkimCondition, written), written);
  });

  for (const [written, issue] of [
    [['neutral'], '0: is no result of DKIM'],
    [{ result: 'pass', domain: 'a b' }, 'domain: is not a domain'],
    [{ domain: 'example.org' }, 'result: type'],
  ] as const)
    test(`refuses ${JSON.stringify(written)}`, () => {
      assert.deepEqual(issuesOfWritten(dkimCondition, written), [issue]);
    });
});
