import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { editDistance, nearest } from '../../../src/config/nearest.js';

describe('edit distance', () => {
  const cases: readonly (readonly [string, string, number])[] = [
    ['', '', 0],
    ['delay', 'delay', 0],
    ['', 'abc', 3],
    ['abc', '', 3],
    ['dealy', 'delay', 1],
    ['dlay', 'delay', 1],
    ['delayy', 'delay', 1],
    ['retry_window', 'retry-window', 1],
    ['kitten', 'sitting', 3],
    ['ab', 'ba', 1],
  ];
  for (const [a, b, expected] of cases) {
    test(`${a} and ${b}`, () => {
      assert.equal(editDistance(a, b), expected);
      assert.equal(editDistance(b, a), expected);
    });
  }
});

describe('the nearest word', () => {
  const known = ['mode', 'delay', 'retry-window', 'autowhite'];
  const cases: readonly (readonly [string, string | undefined])[] = [
    ['dealy', 'delay'],
    ['Delay', 'delay'],
    ['retryWindow', 'retry-window'],
    ['auto-white', 'autowhite'],
    ['node', 'mode'],
    ['sender', undefined],
    ['', undefined],
    ['delay'.repeat(20), undefined],
  ];
  for (const [word, expected] of cases) {
    test(JSON.stringify(word), () => assert.equal(nearest(word, known), expected));
  }
});
