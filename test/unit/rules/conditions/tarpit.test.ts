import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import type { TarpitState } from '../../../../src/rules/condition.js';
import { tarpitCondition } from '../../../../src/rules/conditions/tarpit.js';
import {
  ask,
  compileWritten,
  issuesOfWritten,
  writtenAgain,
} from '../../../support/condition-rig.js';
import { createEvaluation } from '../../../support/rule-parts.js';

describe('the condition tarpit', () => {
  for (const [state, truth, note, waits] of [
    ['new', 'yes', 'has not been made to wait yet', true],
    ['stayed', 'yes', 'has waited before', false],
    ['left', 'no', 'gave up when it had to wait', false],
    ['full', 'no', 'too many are waiting', false],
    ['unknown', 'unknown', 'nobody knows whether it has waited', false],
  ] as const)
    for (const isLate of [false, true])
      test(`of a client that is ${state}${isLate ? ', later' : ''}: ${truth}`, async () => {
        const stateOf = () => (isLate ? Promise.resolve<TarpitState>(state) : state);
        const evaluation = { ...createEvaluation(), tarpits: { stateOf } };
        const condition = compileWritten(tarpitCondition, '65s');
        assert.deepEqual(await ask(condition, evaluation), { truth, notes: [note] });
        const settings = { tarpitMs: 65_000, tarpitScope: 'session' };
        const override = { settings, forgetsClient: false };
        assert.deepEqual(evaluation.overrides, waits ? [override, override] : []);
      });

  test('holds where nobody remembers anything, with a scope of its own', async () => {
    const evaluation = createEvaluation();
    const condition = compileWritten(tarpitCondition, { for: '2m', scope: 'command' });
    assert.equal(await condition.test(evaluation), 'yes');
    assert.deepEqual(
      evaluation.overrides.map(({ settings }) => settings),
      [{ tarpitMs: 120_000, tarpitScope: 'command' }],
    );
  });

  test('makes who gave up wait again if it is told to, and nobody else', async () => {
    const condition = compileWritten(tarpitCondition, { for: '2m', again: true });
    for (const [state, truth, waits] of [
      ['left', 'yes', 1],
      ['stayed', 'yes', 0],
      ['full', 'no', 0],
    ] as const) {
      const evaluation = { ...createEvaluation(), tarpits: { stateOf: () => state } };
      assert.equal(await condition.test(evaluation), truth);
      assert.equal(evaluation.overrides.length, waits);
    }
  });

  test('of no time makes nobody wait, and tells who gave up', async () => {
    const condition = compileWritten(tarpitCondition, '0s');
    for (const [state, truth] of [
      ['new', 'yes'],
      ['left', 'no'],
    ] as const) {
      const evaluation = { ...createEvaluation(), tarpits: { stateOf: () => state } };
      assert.deepEqual([await condition.test(evaluation), evaluation.overrides], [truth, []]);
    }
  });

  test('spares who is refused if it is told to', async () => {
    const told = async (refusals: boolean) => {
      const evaluation = createEvaluation();
      await compileWritten(tarpitCondition, { for: '2m', refusals }).test(evaluation);
      return evaluation.overrides.map(({ settings }) => settings.tarpitsRefusals);
    };
    assert.deepEqual([await told(false), await told(true)], [[false], [undefined]]);
  });

  test('is written as it was read', () => {
    for (const written of ['1m', { for: '1m', scope: 'command' }, { for: '1m', refusals: false }])
      assert.deepEqual(writtenAgain(tarpitCondition, written), written);
  });

  for (const [written, issue] of [
    [{ for: '0s' }, 'for: must be at least 1s'],
    [{ for: '1h' }, 'for: must be at most 10m'],
    [{ for: '1m', scope: 'comand' }, 'scope: word'],
  ] as const)
    test(`refuses ${JSON.stringify(written)}`, () => {
      assert.deepEqual(issuesOfWritten(tarpitCondition, written), [issue]);
    });
});
