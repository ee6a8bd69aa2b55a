import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Transaction } from '../../../src/daemon/transaction.js';
import { NULL_SENDER } from '../../../src/mail/envelope-address.js';

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
    assert.deepEqual([transaction.passedAny, transaction.delayedMs], [false, undefined]);
    for (const [delayedMs, expected] of [
      [undefined, undefined],
      [0, undefined],
      [200, 200],
      [100, 200],
      [undefined, 200],
      [300, 300],
    ] as const) {
      transaction.passed(delayedMs);
      assert.deepEqual([transaction.passedAny, transaction.delayedMs], [true, expected]);
    }
  });
});
