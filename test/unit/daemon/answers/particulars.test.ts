import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseConfig } from '../../../../src/config/load.js';
import { particularsOf } from '../../../../src/daemon/answers/particulars.js';
import type { Particulars } from '../../../../src/greylist/particulars.js';

function clausesOf(rule: string): Particulars['clauses'] {
  const { program } = parseConfig({ text: `rules: [${rule}]\n` });
  const [first] = program.rules;
  return particularsOf({ action: 'accept', rule: first, settings: {} }).clauses;
}

describe('what a rule asks, for the words of milter-greylist', () => {
  test('is the kinds of its conditions, on either side', () => {
    const rule = '{when: {client: 192.0.2.1}, unless: {helo: localhost}, then: accept}';
    assert.deepEqual(clausesOf(rule), [
      { kind: 'client', isNegated: false },
      { kind: 'helo', isNegated: true },
    ]);
  });

  test('is what stands in all, exceptions and alternatives included', () => {
    const steps =
      "{client: 192.0.2.1}, {not: {sender: '@a.example'}}, {any: [{spf: pass}, {helo: x}]}";
    const named = [
      { kind: 'client', isNegated: false },
      { kind: 'sender', isNegated: true },
      { kind: 'spf', isNegated: false },
      { kind: 'helo', isNegated: false },
    ];
    assert.deepEqual(clausesOf(`{when: {all: [${steps}]}, then: accept}`), named);
    const opposite = named.map(({ kind, isNegated }) => ({ kind, isNegated: !isNegated }));
    assert.deepEqual(clausesOf(`{unless: {all: [${steps}]}, then: accept}`), opposite);
  });

  test('is nothing where no rule decides', () =>
    assert.deepEqual(particularsOf(undefined).clauses, []));
});
