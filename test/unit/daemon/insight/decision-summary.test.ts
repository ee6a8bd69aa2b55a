import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate as turnOfLoop } from 'node:timers/promises';

import { Delays, summariseDecisions } from '../../../../src/daemon/insight/decision-summary.js';
import { DecisionTap } from '../../../../src/daemon/insight/decision-tap.js';
import { decide, type Decision } from '../../../../src/greylist/decision.js';
import { DecisionCounts } from '../../../../src/telemetry/decision-counts.js';
import { createRecordingLogger } from '../../../support/recording-logger.js';
import { sampleAttempt, sampleDecision } from '../../telemetry/sample-decision.js';

const circumstances = {
  attempt: sampleAttempt(),
  stage: 'rcpt',
  mode: 'enforce',
  rule: undefined,
  at: 0,
  tookUs: 1,
} as const;

function passed(delayedMs: number, reason: 'greylist-passed' | 'pool' = 'greylist-passed') {
  return decide({ verdict: 'accept', reason, delayedMs, attempts: 2 }, circumstances);
}

describe('decisions', () => {
  test('are counted by verdict and reason, the most frequent first', () => {
    const counts = new DecisionCounts();
    const all: readonly Decision[] = [passed(1), sampleDecision(), passed(2), passed(0, 'pool')];
    for (const decision of all) counts.count(decision);
    const { reason, verdict } = sampleDecision();
    assert.deepEqual(summariseDecisions(counts, 7_200_000), {
      total: 4,
      perHour: 2,
      counts: [
        { verdict: 'accept', reason: 'greylist-passed', count: 2, perHour: 1 },
        { verdict, reason, count: 1, perHour: 0.5 },
        { verdict: 'accept', reason: 'pool', count: 1, perHour: 0.5 },
      ],
    });
  });

  test('in the first second are no reason for a rate without end', () => {
    const counts = new DecisionCounts();
    counts.count(passed(1));
    assert.equal(summariseDecisions(counts, 0).perHour, 3600);
  });

  test('that were told apart in shadow mode have the verdict that was told', () => {
    const counts = new DecisionCounts();
    const finding = {
      verdict: 'tempfail',
      reason: 'greylist-new',
      waitMs: 1,
      attempts: 1,
    } as const;
    counts.count(decide(finding, { ...circumstances, mode: 'shadow' }));
    counts.count(decide(finding, circumstances));
    assert.deepEqual(
      summariseDecisions(counts, 1000).counts.map(({ verdict, count }) => `${verdict} ${count}`),
      ['accept 1', 'tempfail 1'],
    );
  });
});

describe('delays', () => {
  test('are those of who had to wait, the median and the 95th percentile within 5 %', () => {
    const delays = new Delays();
    assert.equal(delays.summary(), undefined);
    delays.add(passed(9_999_000, 'pool'));
    for (let seconds = 1; seconds <= 1000; seconds++) delays.add(passed(seconds * 1000));
    const { count, medianSeconds = 0, p95Seconds = 0, longestSeconds } = delays.summary() ?? {};
    assert.deepEqual([count, longestSeconds], [1000, 1000]);
    assert.ok(medianSeconds >= 500 && medianSeconds <= 525, String(medianSeconds));
    assert.ok(p95Seconds >= 950 && p95Seconds <= 1000, String(p95Seconds));
  });

  test('of nothing are no seconds', () => {
    const delays = new Delays();
    delays.add(passed(0));
    const none = { count: 1, medianSeconds: 0, p95Seconds: 0, longestSeconds: 0 };
    assert.deepEqual(delays.summary(), none);
  });
});

test('who listens hears each decision until he ends it, and the log all that is said', async (t) => {
  const logger = createRecordingLogger(t);
  const tap = new DecisionTap(logger);
  const heard: Decision[] = [];
  const end = tap.listen((decision) => heard.push(decision));
  const other: Decision[] = [];
  tap.listen((decision) => other.push(decision));
  const decision = sampleDecision();
  tap.decision(decision, 'debug');
  assert.deepEqual(heard, [], 'whoever was decided about is answered first');
  await turnOfLoop();
  end();
  tap.decision(decision);
  await turnOfLoop();
  assert.deepEqual([heard.length, other.length, logger.decisions.length], [1, 2, 2]);
  for (const level of ['error', 'warn', 'info', 'debug'] as const) tap[level](level, { x: 1 });
  assert.deepEqual(
    logger.entries.map(({ level, message, fields }) => [level, message, fields['x']]),
    ['error', 'warn', 'info', 'debug'].map((level) => [level, level, 1]),
  );
  logger.take('error');
  logger.take('warn');
  assert.equal(tap.isDebug, false);
});

test('a decision that cannot be told keeps none of the others from being told', async (t) => {
  const logger = createRecordingLogger(t);
  const tap = new DecisionTap(logger);
  let calls = 0;
  tap.listen(() => {
    calls += 1;
    if (calls === 1) throw new Error('out of order');
  });
  tap.decision(sampleDecision());
  tap.decision(sampleDecision());
  await turnOfLoop();
  assert.deepEqual([calls, logger.decisions.length], [2, 2]);
  logger.take('bug: a decision could not be told');
});
