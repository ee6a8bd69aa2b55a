import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Decision } from '../../../src/greylist/decision.js';
import { hearDecisions } from '../../../src/telemetry/hear-decisions.js';
import { RecordingLogger } from '../../support/recording-logger.js';
import { sampleDecision } from './sample-decision.js';

test('decisions are heard and logged, and messages are logged', () => {
  const inner = new RecordingLogger();
  const heard: Decision[] = [];
  const logger = hearDecisions(inner, (decision) => heard.push(decision));
  logger.decision(sampleDecision(), 'debug');
  assert.equal(heard.length, 1);
  assert.deepEqual(inner.decisions, heard);
  for (const level of ['error', 'warn', 'info', 'debug'] as const) logger[level](level, { a: 1 });
  assert.deepEqual(
    inner.entries.map(({ level, message, fields }) => [level, message, fields]),
    ['error', 'warn', 'info', 'debug'].map((level) => [level, level, { a: 1 }]),
  );
  assert.equal(logger.isDebug, false);
});

test('whether debug lines are written is asked each time', () => {
  const level = { isDebug: false };
  const inner = Object.assign(new RecordingLogger(), level);
  const logger = hearDecisions(inner, () => undefined);
  assert.equal(logger.isDebug, false);
  inner.isDebug = true;
  assert.equal(logger.isDebug, true);
});
