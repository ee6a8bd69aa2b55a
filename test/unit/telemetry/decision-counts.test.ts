import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Decision, Passing } from '../../../src/greylist/decision.js';
import { DecisionCounts } from '../../../src/telemetry/decision-counts.js';
import { sampleDecision } from './sample-decision.js';

function passing(changes: Partial<Passing & Pick<Decision, 'mode'>> = {}): Decision {
  const { attempt, stage, at, tookUs } = sampleDecision();
  return {
    ...{ attempt, stage, at, tookUs, mode: 'enforce', rule: undefined },
    ...{ verdict: 'accept', would: 'accept', reason: 'greylist-passed' },
    ...{ delayedMs: 240_000, attempts: 2, identity: 'network' },
    ...changes,
  };
}

const shown = (counts: DecisionCounts): readonly string[] =>
  counts
    .read('enforce')
    .filter(({ count }) => count > 0)
    .map(({ verdict, reason, mode, would, count }) =>
      [verdict, reason, mode, would, count].join(' '),
    );

describe('decisions are counted', () => {
  test('by verdict, reason, mode and what would have been told', () => {
    const counts = new DecisionCounts();
    const shadow: Decision = { ...sampleDecision(), mode: 'shadow', verdict: 'accept' };
    for (const decision of [sampleDecision(), sampleDecision(), shadow, passing()]) {
      counts.count(decision);
    }
    assert.deepEqual(shown(counts), [
      'tempfail greylist-new enforce tempfail 2',
      'accept greylist-new shadow tempfail 1',
      'accept greylist-passed enforce accept 1',
    ]);
  });

  test('with zeros for what may come in the mode of now, so that the first one shows as a rise', () => {
    const usual = new DecisionCounts().read('shadow');
    assert.ok(usual.every(({ count, mode }) => count === 0 && mode === 'shadow'));
    const refused = usual.find(({ reason, would }) => reason === 'rule' && would === 'reject');
    assert.equal(refused?.verdict, 'accept');
    assert.ok(usual.some(({ reason }) => reason === 'error'));
    assert.equal(new Set(usual.map(({ reason, would }) => reason + would)).size, usual.length);
  });

  test('with the time to pass of those who were told to wait', () => {
    const counts = new DecisionCounts();
    counts.count(passing());
    counts.count(passing({ reason: 'patience', delayedMs: 5 * 3_600_000 }));
    counts.count(passing({ reason: 'greylist-known', delayedMs: 1000 }));
    counts.count(passing({ delayedMs: undefined }));
    counts.count(passing({ mode: 'learn' }));
    counts.count(sampleDecision());
    const { timeToPass } = counts;
    assert.deepEqual([timeToPass.count, timeToPass.sum], [2, 240 + 5 * 3600]);
    assert.equal(timeToPass.cumulative()[timeToPass.bounds.indexOf(300)], 1);
  });

  test('with the time to the answer', () => {
    const counts = new DecisionCounts();
    counts.count({ ...sampleDecision(), tookUs: 300 });
    counts.count({ ...sampleDecision(), tookUs: 20_000_000 });
    assert.equal(counts.answerTime.sum, 20.0003);
    assert.equal(counts.answerTime.cumulative().at(-1), 1);
  });
});
