import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseConfig } from '../../../../src/config/load.js';
import { createPolicy } from '../../../../src/daemon/policy/policy.js';
import { createTermsFinder } from '../../../../src/daemon/answers/terms.js';
import { Transaction } from '../../../../src/daemon/answers/transaction.js';
import { NULL_SENDER } from '../../../../src/mail/envelope-address.js';
import { createAttempt } from '../../../support/rule-parts.js';

const recipient = {
  attempt: createAttempt(),
  ruling: undefined,
  terms: createTermsFinder(createPolicy(parseConfig({}).config))(undefined, false),
};

function begin(): Transaction {
  return new Transaction(NULL_SENDER, undefined);
}

describe('the clock of a transaction', () => {
  test('is none at first', () => assert.equal(begin().clockAt, undefined));

  test('is the earliest of its recipients', () => {
    const transaction = begin();
    for (const [at, expected] of [
      [undefined, undefined],
      [500, 500],
      [700, 500],
      [undefined, 500],
      [300, 300],
    ] as const) {
      transaction.shareClock(at);
      assert.equal(transaction.clockAt, expected);
    }
  });

  test('may be that of the epoch', () => {
    const transaction = begin();
    transaction.shareClock(0);
    transaction.shareClock(5);
    assert.equal(transaction.clockAt, 0);
  });
});

describe('the delay of a message', () => {
  test('is that of the recipient that waited longest', () => {
    const transaction = begin();
    assert.deepEqual([transaction.passed.length, transaction.delayedMs], [0, undefined]);
    let passed = 0;
    for (const [delayedMs, expected] of [
      [undefined, undefined],
      [0, undefined],
      [200, 200],
      [100, 200],
      [undefined, 200],
      [300, 300],
    ] as const) {
      transaction.pass(recipient, delayedMs);
      assert.deepEqual([transaction.passed.length, transaction.delayedMs], [++passed, expected]);
    }
  });
});
