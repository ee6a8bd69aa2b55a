import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { propertyCondition } from '../../../../src/rules/conditions/property.js';
import {
  ask,
  compileWritten,
  issuesOfWritten,
  writtenAgain,
} from '../../../support/condition-rig.js';
import { createEvaluation, plainTemplate as parsed } from '../../../support/rule-parts.js';

function evaluationWith(values: Readonly<Record<string, readonly string[]>>) {
  const evaluation = createEvaluation();
  for (const [name, all] of Object.entries(values)) {
    for (const value of all) evaluation.properties.add('message', name, value);
  }
  return evaluation;
}

describe('the condition property', () => {
  for (const [written, truth] of [
    [{ class: 'GUEST' }, 'yes'],
    [{ CLASS: 'guest' }, 'yes'],
    [{ class: 'gues' }, 'no'],
    [{ class: '/^gu(.*)$/' }, 'yes'],
    [{ class: 'set' }, 'yes'],
    [{ class: ['x', 'set'] }, 'yes'],
    [{ class: 'unset' }, 'no'],
    [{ absent: 'unset' }, 'yes'],
    [{ absent: 'set' }, 'no'],
    [{ absent: 'x' }, 'no'],
    [{ mail: 'one@example.org' }, 'yes'],
    [{ mail: 'two@example.org' }, 'yes'],
    [{ class: 'guest', mail: 'three@example.org' }, 'no'],
    [{ count: { over: 4 } }, 'yes'],
    [{ count: { over: 5 } }, 'no'],
    [{ count: { 'at-least': 5 } }, 'yes'],
    [{ count: { under: 6 } }, 'yes'],
    [{ count: { under: 5 } }, 'no'],
    [{ count: { 'up-to': 5 } }, 'yes'],
    [{ count: { is: 5 } }, 'yes'],
    [{ count: { 'is-not': 5 } }, 'no'],
    [{ count: { over: 4, under: 6 } }, 'yes'],
    [{ count: { is: '{property:same}' } }, 'yes'],
    [{ count: { over: '{property:absent}' } }, 'yes'],
    [{ absent: { under: 5 } }, 'no'],
    [{ absent: { under: '{property:count}' } }, 'yes'],
    [{ class: { is: 0 } }, 'yes'],
    [{ glob: { 'glob-of': '{recipient}' } }, 'yes'],
    [{ class: { 'glob-of': '{recipient}' } }, 'no'],
    [{ absent: { 'glob-of': '{recipient}' } }, 'no'],
    [{ count: { 'glob-of': '5', over: 5 } }, 'no'],
  ] as const)
    test(`${JSON.stringify(written)} is ${truth}`, async () => {
      const evaluation = evaluationWith({
        class: ['Guest'],
        mail: ['one@example.org', 'two@example.org'],
        count: ['4', '5 of them'],
        same: [' 5'],
        glob: ['*@LOCAL.example'],
      });
      assert.equal(
        (await ask(compileWritten(propertyCondition, written), evaluation)).truth,
        truth,
      );
    });

  test('is remembered with its value, and what its pattern has caught', async () => {
    const evaluation = evaluationWith({ class: ['guest-7'] });
    await ask(compileWritten(propertyCondition, { class: '/^guest-(\\d)$/' }), evaluation);
    assert.equal(evaluation.found.get('property'), 'class');
    assert.equal(evaluation.found.get('property-value'), 'guest-7');
    assert.equal(evaluation.texts.groups()[0], '7');
  });

  test('asks for the macros of its texts', () => {
    const value = { a: { over: '{macro:x}' } };
    const needs = propertyCondition.needs?.(
      // Read by the very schema of the condition.
      { a: { over: parsed('{macro:x}') }, b: [], c: { under: 5 } },
    );
    assert.deepEqual(needs, { macros: ['x'] });
    assert.deepEqual(writtenAgain(propertyCondition, value), value);
  });

  for (const [written, issue] of [
    [{ 'a b': 'x' }, 'a b: is not the name of a property'],
    [{ a: {} }, 'a: needs a number'],
    [{ a: { over: 'five' } }, 'a.over: is no number'],
    [{ a: '/(/' }, 'a: is a wrong pattern: missing closing ) at ('],
  ] as const)
    test(`refuses ${JSON.stringify(written)}`, () => {
      assert.equal(
        issuesOfWritten(propertyCondition, written)
          .join('; ')
          .includes(issue.split(':')[1]?.trim() ?? ''),
        true,
        issuesOfWritten(propertyCondition, written).join('; '),
      );
    });
});
