import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { propertyCondition } from '../../../../src/rules/conditions/property.js';
import {
  ask,
  compileWritten,
  issuesOfWritten,
  writtenAgain,
} from '../../../support/condition-rig.js';
import {
  createEvaluation,
  createFacts,
  plainTemplate as parsed,
} from '../../../support/rule-parts.js';

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
    assert.deepEqual(needs?.macros, ['x']);
    assert.deepEqual(writtenAgain(propertyCondition, value), value);
  });

  const message = {
    headers: [['Subject', 'Make money\r\n\tfast']] as const,
    bytes: 100,
    body: { text: 'Dear friend\n', bytes: new Uint8Array(), isWhole: true },
  };
  for (const [values, written, truth] of [
    [['money'], { word: { 'found-in': 'header' } }, 'yes'],
    [['Subject: Make'], { word: { 'found-in': 'header' } }, 'yes'],
    [['money\tfast'], { word: { 'found-in': 'header' } }, 'yes'],
    [['MONEY'], { word: { 'found-in': 'header' } }, 'no'],
    [['/money/'], { word: { 'found-in': 'header' } }, 'no'],
    [['friend'], { word: { 'found-in': 'header' } }, 'no'],
    [['friend'], { word: { 'found-in': 'body' } }, 'yes'],
    [['friend', 'nobody'], { word: { 'found-in': 'body' } }, 'yes'],
    [['nobody'], { word: { 'found-in': 'body' } }, 'no'],
    [[''], { word: { 'found-in': 'body' } }, 'no'],
    [[], { word: { 'found-in': 'body' } }, 'no'],
    [['5 friend'], { word: { 'found-in': 'body', is: 5 } }, 'no'],
    [['friend'], { word: { 'found-in': 'body', is: 0 } }, 'yes'],
    [['friend'], { word: { 'found-in': 'body', is: 1 } }, 'no'],
  ] as const)
    test(`${JSON.stringify(values)} and ${JSON.stringify(written)} are ${truth}`, async () => {
      const evaluation = createEvaluation(createFacts({ message }));
      for (const value of values) evaluation.properties.add('message', 'word', value);
      assert.equal(
        (await ask(compileWritten(propertyCondition, written), evaluation)).truth,
        truth,
      );
    });

  for (const part of ['header', 'body'])
    test(`is in no ${part} before there is one`, async () => {
      const evaluation = evaluationWith({ word: ['friend'] });
      const condition = compileWritten(propertyCondition, { word: { 'found-in': part } });
      const { truth, notes } = await ask(condition, evaluation);
      assert.deepEqual([truth, notes], ['no', [`no value of word is in the ${part}`]]);
    });

  test('needs what it is found in, and the end of the message for that', () => {
    const needed = { macros: [], headers: true, body: true, text: true, rawHeaders: false };
    const value = {
      a: { 'found-in': 'header' },
      b: { 'found-in': 'body' },
      c: { over: 5 },
    } as const;
    assert.deepEqual(propertyCondition.needs?.(value), needed);
    assert.equal(propertyCondition.stageOf?.(value), 'eom');
    assert.equal(propertyCondition.stageOf({ c: { over: 5 } }), 'connect');
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
