import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decide, verdictIn } from '../../../src/greylist/decision.js';
import type { Circumstances, Finding, Mode } from '../../../src/greylist/decision.js';
import { sampleAttempt } from '../telemetry/sample-decision.js';

const passes: Finding = {
  verdict: 'accept',
  reason: 'greylist-passed',
  delayedMs: 200_000,
  attempts: 2,
  identity: 'network',
};
const waits: Finding = {
  verdict: 'tempfail',
  reason: 'greylist-new',
  waitMs: 180_000,
  attempts: 1,
  identity: undefined,
};

function circumstancesIn(mode: Mode): Circumstances {
  return { attempt: sampleAttempt(), stage: 'rcpt', mode, rule: undefined, at: 1000, tookUs: 5 };
}

describe('a decision', () => {
  test('in enforce mode says what was found', () => {
    const circumstances = circumstancesIn('enforce');
    assert.deepEqual(decide(passes, circumstances), {
      ...circumstances,
      ...passes,
      would: 'accept',
    });
    assert.deepEqual(decide(waits, circumstances), {
      ...circumstances,
      ...waits,
      would: 'tempfail',
    });
  });

  for (const mode of ['learn', 'shadow'] as const) {
    test(`in ${mode} mode lets pass, and says what it would have said and why`, () => {
      const circumstances = circumstancesIn(mode);
      assert.deepEqual(decide(passes, circumstances), {
        ...circumstances,
        ...passes,
        would: 'accept',
      });
      assert.deepEqual(decide(waits, circumstances), {
        ...circumstances,
        ...waits,
        verdict: 'accept',
        would: 'tempfail',
      });
    });
  }
});

describe("a decision that is told in milter-greylist's words", () => {
  const particulars = { clauses: [{ kind: 'geo', isNegated: true }], country: 'DE' };

  test('has what they need, and how long it is known who passes', () => {
    const circumstances = { ...circumstancesIn('enforce'), particulars };
    const known: Finding = { ...passes, knownForMs: 60_000 };
    assert.deepEqual(decide(known, circumstances), {
      ...circumstances,
      ...known,
      would: 'accept',
    });
  });

  test('has what they need of who waits', () => {
    const circumstances = { ...circumstancesIn('enforce'), particulars };
    assert.deepEqual(decide(waits, circumstances), {
      ...circumstances,
      ...waits,
      would: 'tempfail',
    });
  });
});

describe('a decision of a rule', () => {
  for (const verdict of ['reject', 'discard', 'quarantine'] as const) {
    const refused: Finding = { verdict, reason: 'rule', attempts: undefined, identity: undefined };
    for (const mode of ['enforce', 'learn', 'shadow'] as const) {
      test(`${verdict} in ${mode} mode`, () => {
        const circumstances = { ...circumstancesIn(mode), rule: 'no spam' };
        assert.deepEqual(decide(refused, circumstances), {
          ...circumstances,
          ...refused,
          verdict: mode === 'enforce' ? verdict : 'accept',
          would: verdict,
        });
      });
    }
  }
});

describe('what is told', () => {
  const rows: readonly (readonly [Mode, 'accept' | 'tempfail', string])[] = [
    ['enforce', 'accept', 'accept'],
    ['enforce', 'tempfail', 'tempfail'],
    ['learn', 'accept', 'accept'],
    ['learn', 'tempfail', 'accept'],
    ['shadow', 'accept', 'accept'],
    ['shadow', 'tempfail', 'accept'],
  ];
  for (const [mode, would, expected] of rows) {
    test(`${mode}: ${would} is ${expected}`, () => assert.equal(verdictIn(mode, would), expected));
  }
});
