import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { geoCondition } from '../../../../src/rules/conditions/geo.js';
import type { Answer, GeoFinding } from '../../../../src/rules/lookups.js';
import {
  ask,
  compileWritten,
  issuesOfWritten,
  writtenAgain,
} from '../../../support/condition-rig.js';
import { createEvaluation, createFacts, createLookups } from '../../../support/rule-parts.js';

const lists = { home: { values: ['DE', 'AT'] } };
const germany = { country: 'DE', asn: 64496, organisation: 'Example Net' };
const nowhere = { country: undefined, asn: undefined, organisation: undefined };

function of(value: GeoFinding | undefined, isLate = false) {
  const answer: Answer<GeoFinding> =
    value === undefined ? { known: false, problem: 'no database' } : { known: true, value };
  const geo = () => (isLate ? Promise.resolve(answer) : answer);
  return createEvaluation(createFacts(), createLookups({ geo }));
}

describe('the condition geo', () => {
  for (const [written, value, truth] of [
    [{ countries: 'de' }, germany, 'yes'],
    [{ countries: ['AT', 'CH'] }, germany, 'no'],
    [{ countries: ['CH', 'list:home'] }, germany, 'yes'],
    [{ countries: 'unknown' }, germany, 'no'],
    [{ countries: ['DE', 'unknown'] }, nowhere, 'yes'],
    [{ countries: 'ZZ' }, nowhere, 'yes'],
    [{ countries: ['zz'] }, germany, 'no'],
    [{ countries: 'ZZ' }, undefined, 'unknown'],
    [{ countries: 'DE' }, nowhere, 'no'],
    [{ asn: 64496 }, germany, 'yes'],
    [{ asn: [64497, 64496] }, germany, 'yes'],
    [{ asn: 64497 }, germany, 'no'],
    [{ asn: 0 }, nowhere, 'no'],
    [{ countries: 'DE', asn: 64497 }, germany, 'no'],
    [{ countries: 'DE', asn: 64496 }, germany, 'yes'],
    [{ countries: ['DE', 'unknown'] }, undefined, 'unknown'],
  ] as const)
    test(`${JSON.stringify(written)} of ${value?.country ?? 'nowhere'} is ${truth}`, async () => {
      const condition = compileWritten(geoCondition, written, { lists });
      assert.equal((await ask(condition, of(value))).truth, truth);
      assert.equal((await ask(condition, of(value, true))).truth, truth);
    });

  test('does not hold for a client without an address', async () => {
    const facts = createFacts({ attempt: { clientAddress: undefined } });
    const condition = compileWritten(geoCondition, { countries: 'unknown' });
    assert.deepEqual(await ask(condition, createEvaluation(facts)), {
      truth: 'no',
      notes: ['no client address'],
    });
  });

  test('says where the client is', async () => {
    const condition = compileWritten(geoCondition, {
      countries: ['DE', 'unknown'],
      asn: [64496],
    });
    const notesOf = async (value: GeoFinding | undefined) =>
      (await ask(condition, of(value))).notes;
    assert.deepEqual(await notesOf(germany), [
      'DE matches DE (rules.yaml countries.0)',
      'AS64496 Example Net',
    ]);
    assert.deepEqual(await notesOf({ ...germany, organisation: undefined }), [
      'DE matches DE (rules.yaml countries.0)',
      'AS64496',
    ]);
    assert.deepEqual(await notesOf(nowhere), [
      'no country matches unknown (rules.yaml countries.1)',
      'no AS',
    ]);
    assert.deepEqual(await notesOf(undefined), [
      'the place of 203.0.113.7 is not known: no database',
    ]);
  });

  test('is written as it was read', () => {
    const written = { countries: ['de', 'unknown'], asn: 64496 };
    assert.deepEqual(writtenAgain(geoCondition, written), {
      countries: ['DE', 'unknown'],
      asn: 64496,
    });
    assert.deepEqual(writtenAgain(geoCondition, { asn: [1, 2] }), { asn: [1, 2] });
  });

  for (const [written, issue] of [
    [{}, ': is empty'],
    [{ countries: ['DEU'] }, 'countries.0: is not a country'],
    [{ asn: 'AS64496' }, 'asn: type'],
    [{ asn: [-1] }, 'asn.0: must be at least 0'],
  ] as const)
    test(`refuses ${JSON.stringify(written)}`, () => {
      assert.deepEqual(issuesOfWritten(geoCondition, written), [issue]);
    });
});
