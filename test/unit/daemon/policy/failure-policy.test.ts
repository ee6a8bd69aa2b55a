import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  verdictOnFailure,
  type Failure,
  type FailureVerdict,
} from '../../../../src/daemon/policy/failure-policy.js';

/** With `on-failure` accept, and with tempfail. */
const table: readonly (readonly [
  failure: Failure,
  isRemembered: boolean,
  ifAccept: FailureVerdict,
  ifTempfail: FailureVerdict,
])[] = [
  ['store-read', false, 'accept', 'tempfail'],
  ['store-read', true, 'accept', 'tempfail'],
  ['store-write', false, 'accept', 'accept'],
  ['store-write', true, 'stand', 'stand'],
  ['store-full', false, 'accept', 'accept'],
  ['late', false, 'accept', 'tempfail'],
  ['late', true, 'accept', 'tempfail'],
  ['bug', false, 'tempfail', 'tempfail'],
  ['bug', true, 'tempfail', 'tempfail'],
];

describe('what a failure means for mail', () => {
  for (const [failure, isRemembered, ifAccept, ifTempfail] of table) {
    test(`${failure}${isRemembered ? ', remembered from before' : ''}`, () => {
      assert.equal(verdictOnFailure(failure, { onFailure: 'accept' }, isRemembered), ifAccept);
      assert.equal(verdictOnFailure(failure, { onFailure: 'tempfail' }, isRemembered), ifTempfail);
    });
  }

  test('nothing counts as remembered unless it is said', () =>
    assert.equal(verdictOnFailure('store-write', { onFailure: 'tempfail' }), 'accept'));
});
