import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isNarrowPass, isTellingPass, NO_PROOF } from '../../../src/greylist/identity.js';
import type { SpfResult } from '../../../src/rules/lookups.js';

describe('SPF shows who a client is', () => {
  const rows: readonly (readonly [SpfResult, prefix: number | undefined, 4 | 6, boolean])[] = [
    ['pass', 32, 4, true],
    ['pass', 12, 4, true],
    ['pass', 11, 4, false],
    ['pass', 8, 4, false],
    ['pass', 0, 4, false],
    ['pass', 32, 6, true],
    ['pass', 128, 6, true],
    ['pass', 31, 6, false],
    ['pass', 24, 6, false],
    // all, exists, ptr
    ['pass', undefined, 4, false],
    ['softfail', 32, 4, false],
    ['neutral', 32, 4, false],
    ['fail', 32, 4, false],
    ['none', undefined, 6, false],
  ];
  for (const [result, prefix, family, isNarrow] of rows) {
    test(`${result} by /${prefix ?? 'nothing'} of IPv${family}: ${isNarrow ? 'yes' : 'no'}`, () => {
      const finding = { result, prefix, domain: 'example.org', term: undefined };
      assert.equal(isNarrowPass(finding, family), isNarrow);
    });
  }
});

for (const [result, term, isTelling] of [
  ['pass', 'ip4:192.0.2.0/24', true],
  ['pass', 'include:all.example ip4:192.0.2.1', true],
  ['pass', undefined, true],
  ['pass', 'all', false],
  ['pass', 'include:open.example all', false],
  ['softfail', 'ip4:192.0.2.0/24', false],
  ['none', undefined, false],
] as const)
  test(`${result} by ${term ?? 'no term'} says ${isTelling ? 'something' : 'nothing'} of a client`, () =>
    assert.equal(isTellingPass({ result, term, domain: 'example.org' }), isTelling));

test('nothing is proven, and nothing speaks against anybody', () => {
  assert.deepEqual(NO_PROOF, { sameAs: new Map(), spfFails: false });
});
