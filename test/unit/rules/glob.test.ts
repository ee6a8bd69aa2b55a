import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { matchesGlob } from '../../../src/rules/glob.js';

describe('globs', () => {
  for (const [glob, text, matches] of [
    ['', '', true],
    ['*', '', true],
    ['**', 'abc', true],
    ['a*c', 'abbbc', true],
    ['a*c', 'abbb', false],
    ['a*b*c', 'axbxbxc', true],
    ['?', 'a', true],
    ['?', '', false],
    ['A?C', 'abc', true],
    ['[a-c]x', 'Bx', true],
    ['[a-c]x', 'dx', false],
    ['[!a-c]', 'd', true],
    ['[^a-c]', 'a', false],
    ['[]]', ']', true],
    ['[!]]', ']', false],
    ['[abc', '[abc', true],
    ['[xyz]', 'y', true],
    ['[a-]', '-', true],
    ['\\*', '*', true],
    ['\\*', 'x', false],
    ['a\\', 'a\\', true],
    ['*@example.org', 'joe@Example.ORG', true],
    ['abc', 'abcd', false],
    ['abcd', 'abc', false],
  ] as const)
    test(`"${glob}" and "${text}": ${matches}`, () => {
      assert.equal(matchesGlob(glob, text), matches);
    });

  test('many stars take no more time than they should', () => {
    assert.equal(matchesGlob(`${'a*'.repeat(1000)}b`, 'a'.repeat(4000)), false);
  });
});
