import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { dnsblCondition } from '../../../../src/rules/conditions/dnsbl.js';
import type { Truth } from '../../../../src/rules/condition.js';
import type { Answer } from '../../../../src/rules/lookups.js';
import {
  ask,
  compileWritten,
  issuesOfWritten,
  writtenAgain,
} from '../../../support/condition-rig.js';
import { createEvaluation, createFacts, createLookups } from '../../../support/rule-parts.js';

type Listing = Answer<readonly string[]>;
const listed = (...value: string[]): Listing => ({ known: true, value });
const silent: Listing = { known: false, problem: 'timed out' };

/** Zones that answer at once, or later in the order in which they are named. */
function rig(zones: Readonly<Record<string, Listing>>, isLate = false) {
  const asked: string[] = [];
  const meantBy: string[] = [];
  const evaluation = createEvaluation(
    createFacts(),
    createLookups({
      dnsList: (zone, client, meant = []) => {
        asked.push(`${client.text} ${zone}`);
        meantBy.push(...meant.map(({ text }) => text));
        const answer = zones[zone] ?? silent;
        return isLate ? Promise.resolve(answer) : answer;
      },
    }),
  );
  return { asked, meantBy, evaluation };
}

const zones = {
  'a.example': listed('127.0.0.2'),
  'b.example': listed('127.0.0.4', '127.0.0.10'),
  'none.example': listed(),
  'refuses.example': listed('127.255.255.254'),
  'parked.example': listed('203.0.113.1', 'not an address'),
  'silent.example': silent,
};

const CASES: readonly (readonly [written: unknown, truth: Truth, found?: string])[] = [
  [{ zones: 'a.example' }, 'yes', 'a.example'],
  [{ zones: 'none.example' }, 'no'],
  [{ zones: 'silent.example' }, 'unknown'],
  [{ zones: 'refuses.example' }, 'unknown'],
  [{ zones: 'parked.example' }, 'no'],
  [{ zones: ['none.example', 'a.example'] }, 'yes', 'a.example'],
  [{ zones: ['silent.example', 'a.example'] }, 'yes', 'a.example'],
  [{ zones: ['silent.example', 'none.example'] }, 'unknown'],
  [{ zones: 'a.example', answers: '127.0.0.2/31' }, 'yes', 'a.example'],
  [{ zones: 'b.example', answers: ['127.0.0.2/31', '127.0.0.10'] }, 'yes', 'b.example'],
  [{ zones: 'b.example', answers: ['127.0.0.2', '127.0.0.3'] }, 'no'],
  [{ zones: 'refuses.example', answers: '127.255.255.254' }, 'yes', 'refuses.example'],
  [{ zones: 'refuses.example', answers: '127.0.0.2' }, 'unknown'],
  [{ zones: 'parked.example', answers: '203.0.113.1' }, 'yes', 'parked.example'],
  [{ zones: ['a.example', 'b.example'], score: 2 }, 'yes', 'a.example, b.example'],
  [{ zones: ['a.example', 'none.example'], score: 2 }, 'no'],
  [{ zones: ['a.example', 'silent.example'], score: 2 }, 'unknown'],
  [{ zones: { 'A.example': 2, 'b.example': 1 }, score: 3 }, 'yes', 'a.example, b.example'],
  [{ zones: { 'a.example': 2, 'none.example': 1 }, score: 3 }, 'no'],
  [{ zones: { 'a.example': 3, 'b.example': -2 }, score: 3 }, 'no'],
  [{ zones: { 'a.example': 3, 'none.example': -2 }, score: 3 }, 'yes', 'a.example'],
  [{ zones: { 'a.example': 3, 'silent.example': -2 }, score: 3 }, 'unknown'],
  [{ zones: { 'a.example': 3, 'silent.example': -2 }, score: 1 }, 'yes', 'a.example'],
];

describe('the condition dnsbl', () => {
  for (const [written, truth, found] of CASES)
    for (const isLate of [false, true])
      test(`${JSON.stringify(written)} is ${truth}${isLate ? ', later' : ''}`, async () => {
        const { evaluation } = rig(zones, isLate);
        const condition = compileWritten(dnsblCondition, written);
        assert.equal(await condition.test(evaluation), truth);
        assert.equal(evaluation.found.get('dnsbl'), found);
      });

  test('is called by its name, behind what others have found', async () => {
    const { evaluation } = rig(zones, false);
    for (const written of [
      { zones: 'b.example' },
      { zones: 'a.example', name: 'Alpha' },
      { zones: 'none.example', name: 'Nobody' },
      { zones: ['b.example', 'a.example'] },
      { zones: 'a.example', name: 'Alpha' },
    ])
      await compileWritten(dnsblCondition, written).test(evaluation);
    assert.equal(evaluation.found.get('dnsbl'), 'b.example, Alpha');
  });

  test('asks all zones at once, for the client', async () => {
    const { asked, evaluation } = rig(zones, true);
    const condition = compileWritten(dnsblCondition, { zones: ['none.example', 'a.example'] });
    const truth = condition.test(evaluation);
    assert.deepEqual(asked, ['203.0.113.7 none.example', '203.0.113.7 a.example']);
    assert.equal(await truth, 'yes');
  });

  test('says which answers it means', async () => {
    const { meantBy, evaluation } = rig(zones);
    const written = { zones: 'a.example', answers: ['127.0.0.2', '10.1.0.0/16'] };
    assert.equal(await compileWritten(dnsblCondition, written).test(evaluation), 'yes');
    assert.deepEqual(meantBy, ['127.0.0.2', '10.1.0.0/16']);
  });

  test('does not wait for a zone that cannot change it', async () => {
    const never = new Promise<Listing>(() => undefined);
    const dnsList = (zone: string) =>
      zone === 'a.example' ? Promise.resolve(listed('127.0.0.2')) : never;
    const evaluation = createEvaluation(createFacts(), createLookups({ dnsList }));
    const condition = compileWritten(dnsblCondition, { zones: ['slow.example', 'a.example'] });
    assert.equal(await condition.test(evaluation), 'yes');
  });

  test('does not hold for a client without an address', async () => {
    const facts = createFacts({ attempt: { clientAddress: undefined } });
    const condition = compileWritten(dnsblCondition, { zones: 'a.example' });
    assert.deepEqual(await ask(condition, createEvaluation(facts)), {
      truth: 'no',
      notes: ['no client address'],
    });
  });

  test('says what each zone has answered', async () => {
    const all = Object.keys(zones);
    const condition = compileWritten(dnsblCondition, { zones: all, score: all.length });
    const { notes } = await ask(condition, rig(zones, true).evaluation);
    assert.deepEqual(notes, [
      'a.example says 127.0.0.2',
      'b.example says 127.0.0.4, 127.0.0.10',
      'none.example does not list it',
      'refuses.example refuses to answer: 127.255.255.254',
      'parked.example says 203.0.113.1, not an address',
      'silent.example has no answer: timed out',
    ]);
  });

  test('is written as it was read', () => {
    const written = { zones: ['a.example'], answers: ['127.0.0.2', '127.0.0.4/31'], score: 1 };
    assert.deepEqual(writtenAgain(dnsblCondition, written), written);
    const named = { zones: ['a.example'], name: 'Alpha' };
    assert.deepEqual(writtenAgain(dnsblCondition, named), named);
    const weighted = { zones: { 'a.example': 2 }, score: 2 };
    assert.deepEqual(writtenAgain(dnsblCondition, weighted), weighted);
  });

  for (const [written, issue] of [
    [{ zones: [] }, 'zones: names no zone'],
    [{ zones: 'zen' }, 'zones: is not the zone of a DNS list'],
    [{ zones: '.zen.example' }, 'zones: is not the zone of a DNS list'],
    [{ zones: 'a b' }, 'zones: is not the zone of a DNS list'],
    [{ zones: { zen: 1 }, score: 1 }, 'zones.zen: is not the zone of a DNS list'],
    [{ zones: { 'a.example': 1 } }, ': needs a score'],
    [{ zones: ['a.example'], score: 2 }, 'score: can never be reached'],
    [{ zones: { 'a.example': 3, 'b.example': -3 }, score: 4 }, 'score: can never be reached'],
    [{ zones: 'a.example', answers: '127.0.0.3/31' }, 'answers: is an address with a prefix'],
    [{ zones: 'a.example', answers: ['x'] }, 'answers.0: is no answer of a DNS list'],
    [{ zones: 'a.example', answers: '2001:db8::1' }, 'answers: is no answer of a DNS list'],
    [{ zones: 'a.example', name: ' x' }, 'name: is no name'],
    [{ zones: 'a.example', name: 'ä' }, 'name: is no name'],
    [{}, 'zones: type'],
    ['a.example', ': type'],
  ] as const)
    test(`refuses ${JSON.stringify(written)}`, () => {
      assert.deepEqual(issuesOfWritten(dnsblCondition, written), [issue]);
    });
});
