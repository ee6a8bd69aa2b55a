import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  describeFault,
  describeReaction,
  isFatal,
} from '../../../../src/cli/probe/probe-faults.js';
import { faultCodes, type FilterFault } from '../../../../src/protocols/milter/index.js';

const faults = Object.keys(faultCodes) as readonly FilterFault[]; // keys of the table

describe('the words for a fault', () => {
  test('tell each from every other', () => {
    const words = faults.map(describeFault);
    assert.equal(new Set(words).size, faults.length);
    assert.ok(words.every((text) => text.length > 20));
  });

  test('say that a filter is dropped exactly where the MTA does that', () => {
    const isSaid = faults.flatMap((fault) =>
      (['postfix', 'sendmail'] as const).map(
        (mta) => (describeReaction(fault, mta) === 'drops the filter') === isFatal(fault, mta),
      ),
    );
    assert.ok(isSaid.every(Boolean));
  });

  const known: readonly (readonly [FilterFault, postfix: string, sendmail: string])[] = [
    ['reply-percent', 'leaves the % out', 'tells the client a permanent 550 instead'],
    ['reply-class', 'drops the filter', 'passes it on as it is'],
    ['progress-misplaced', 'puts up with it', 'drops the filter'],
    ['agreement-actions', 'drops the filter', 'drops the filter'],
    ['macro-lists-unannounced', 'puts up with it', 'puts up with it'],
  ];
  for (const [fault, postfix, sendmail] of known) {
    test(`${fault}: Postfix ${postfix}, Sendmail ${sendmail}`, () =>
      assert.deepEqual(
        [describeReaction(fault, 'postfix'), describeReaction(fault, 'sendmail')],
        [postfix, sendmail],
      ));
  }
});
