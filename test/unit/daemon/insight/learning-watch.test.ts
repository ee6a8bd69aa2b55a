import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { LearningWatch } from '../../../../src/daemon/insight/learning-watch.js';
import { createManualClock } from '../../../support/manual-clock.js';
import { RecordingLogger } from '../../../support/recording-logger.js';
import { sampleDecision } from '../../telemetry/sample-decision.js';
import type { Decision, Mode } from '../../../../src/greylist/decision.js';

const HOUR = 3_600_000;

function decisionSample(of: { at: number; isKnown: boolean; mode: Mode }): Decision {
  const { at, isKnown, mode } = of;
  const circumstances = { ...sampleDecision(), at, mode };
  return isKnown
    ? {
        ...circumstances,
        ...{ verdict: 'accept', would: 'accept', reason: 'greylist-known' },
        ...{ delayedMs: 0, attempts: 1 },
      }
    : {
        ...circumstances,
        ...{ verdict: 'accept', would: 'tempfail', reason: 'greylist-new' },
        ...{ waitMs: 1, attempts: 1 },
      };
}

function rig() {
  const clock = createManualClock(Date.UTC(2030, 0, 1));
  const logger = new RecordingLogger();
  const watch = new LearningWatch(clock, logger);
  /** An hour with so many attempts, of which so many are known. */
  const hour = (attempts: number, known: number): void => {
    for (let index = 0; index < attempts; index++) {
      watch.add(decisionSample({ at: clock.now(), isKnown: index < known, mode: 'learn' }));
    }
    clock.advance(HOUR);
  };
  const hours = (count: number, attempts: number, known: number): void => {
    for (let index = 0; index < count; index++) hour(attempts, known);
  };
  return { clock, logger, watch, hours };
}

describe('learning', () => {
  test('is nothing before anything was learnt, and in other modes', () => {
    const { watch, clock } = rig();
    watch.add(decisionSample({ at: clock.now(), isKnown: true, mode: 'enforce' }));
    assert.equal(watch.read(), undefined);
  });

  test('is enough when those who are known get no more', () => {
    const { watch, hours, logger } = rig();
    hours(24, 10, 2);
    assert.equal(watch.read()?.isEnough, false);
    hours(24, 10, 6);
    const { isEnough, attempts, knownShare, knownShareBefore } = watch.read() ?? {};
    assert.deepEqual([isEnough, attempts, knownShare], [false, 230, 0.6]);
    assert.ok((knownShareBefore ?? 1) < 0.3);
    assert.equal(logger.entries.length, 0);
    hours(30, 10, 6);
    assert.equal(watch.read()?.isEnough, true);
    const told = logger.entries.map(({ message }) => message);
    assert.deepEqual(told, ['learning has seen enough: greylist.mode can be enforce']);
  });

  test('is not judged by a few attempts, but a week is enough', () => {
    const { watch, hours } = rig();
    hours(7 * 24 - 1, 1, 1);
    assert.equal(watch.read()?.isEnough, false);
    hours(1, 1, 1);
    assert.equal(watch.read()?.isEnough, true);
  });

  test('begins anew after two days without any', () => {
    const { watch, hours, clock } = rig();
    hours(24, 10, 2);
    clock.advance(48 * HOUR);
    assert.equal(watch.read(), undefined);
    hours(1, 1, 0);
    assert.deepEqual([watch.read()?.attempts, watch.read()?.knownShareBefore], [1, undefined]);
  });
});
