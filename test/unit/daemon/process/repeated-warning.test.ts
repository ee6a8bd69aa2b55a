import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RepeatedWarning } from '../../../../src/daemon/process/repeated-warning.js';
import { createManualClock } from '../../../support/manual-clock.js';
import { RecordingLogger } from '../../../support/recording-logger.js';

test('a warning is logged when it first happens, then once a minute with its count', () => {
  const logger = new RecordingLogger();
  const clock = createManualClock();
  const warning = new RepeatedWarning('trouble', logger, clock);
  const warnings = (): readonly unknown[] => logger.entries.splice(0).map(({ fields }) => fields);

  warning.warn({ peer: 'a' });
  assert.deepEqual(warnings(), [{ peer: 'a', times: undefined }]);
  warning.warn({ peer: 'b' });
  clock.advance(59_999);
  warning.warn({ peer: 'c' });
  assert.deepEqual(warnings(), []);
  clock.advance(1);
  warning.warn({ peer: 'd' });
  assert.deepEqual(warnings(), [{ peer: 'd', times: 3 }]);
  clock.advance(60_000);
  warning.warn({});
  assert.deepEqual(warnings(), [{ times: undefined }]);
  assert.equal(logger.take('trouble').level, 'warn');
});

test('a clock that is set back does not silence it', () => {
  const logger = new RecordingLogger();
  const clock = createManualClock();
  const warning = new RepeatedWarning('trouble', logger, clock);
  warning.warn({});
  clock.advance(-3_600_000);
  warning.warn({});
  assert.equal(logger.entries.length, 2);
});

test('an error is one', () => {
  const logger = new RecordingLogger();
  new RepeatedWarning('trouble', logger, createManualClock(), 'error').warn({ code: 'X' });
  const { level, fields } = logger.take('trouble');
  assert.deepEqual([level, fields], ['error', { code: 'X', times: undefined }]);
});
