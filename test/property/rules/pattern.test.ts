import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { parsePattern } from '../../../src/rules/pattern.js';
import { fc } from '../../support/properties.js';

/** One of these characters. */
function oneOf(characters: string): fc.Arbitrary<string> {
  return fc.nat(characters.length - 1).map((index) => characters.charAt(index));
}

const character = oneOf('abAB.-^$\\[]()|*+?{}1,@ ');
const text = fc.string({ unit: character, maxLength: 12 });

/** What is found by a pattern, or that it is none. */
function find(source: string, ignoreCase: boolean, subject: string): boolean | 'refused' {
  const parsed = parsePattern(`/${source}/`, { ignoreCase });
  return 'ok' in parsed ? parsed.ok.matches(subject) : 'refused';
}

/** The same by the engine of JavaScript. */
function findNaively(source: string, ignoreCase: boolean, subject: string): boolean {
  return new RegExp(source, ignoreCase ? 'i' : '').test(subject);
}

describe('patterns', () => {
  test('are read or refused, whatever they are, and never throw', () => {
    fc.assert(
      fc.property(text, fc.boolean(), text, (source, ignoreCase, subject) => {
        assert.doesNotThrow(() => find(source, ignoreCase, subject));
      }),
      { numRuns: 500 },
    );
  });

  test('of plain text find what another engine finds', () => {
    const literal = fc
      .string({ unit: oneOf('abAB.-@$^+'), minLength: 1, maxLength: 3 })
      .map((plain) => plain.replace(/[.$^+]/g, String.raw`\$&`));
    const source = fc
      .tuple(fc.constantFrom('', '^'), literal, fc.constantFrom('', '$'))
      .map((parts) => parts.join(''));
    const subject = fc.string({ unit: oneOf('abAB.-@$^+\n'), maxLength: 5 });
    fc.assert(
      fc.property(source, fc.boolean(), subject, (written, ignoreCase, among) => {
        const expected = findNaively(written, ignoreCase, among);
        assert.equal(find(written, ignoreCase, among), expected);
      }),
      { numRuns: 500 },
    );
  });
});
