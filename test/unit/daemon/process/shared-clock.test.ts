import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SharedClock } from '../../../../src/daemon/process/shared-clock.js';
import { createManualClock } from '../../../support/manual-clock.js';
import { RecordingLogger } from '../../../support/recording-logger.js';

const HOUR = 3_600_000;

test('two clocks an hour apart are one, by what the server says', () => {
  const logger = new RecordingLogger();
  const serverNow = createManualClock();
  const clocks = [HOUR, -HOUR].map((byMs) => {
    const local = createManualClock(serverNow.now() + byMs);
    return { local, shared: new SharedClock(local, logger) };
  });
  for (const { local, shared } of clocks) {
    assert.equal(shared.now(), local.now());
    shared.hear({ serverNow: serverNow.now(), localNow: shared.now(), errorMs: 2 });
    assert.equal(shared.now(), serverNow.now());
    local.advance(5000);
    assert.equal(shared.now(), serverNow.now() + 5000);
  }
  const seconds = [1, 2].map(() => {
    const what = 'the clock of this machine differs from that of the store, which counts';
    return logger.take(what).fields['seconds'];
  });
  assert.deepEqual(seconds, [-3600, 3600]);
});

test('what the way leaves in doubt moves nothing, and a difference is told of once', () => {
  const logger = new RecordingLogger();
  const local = createManualClock();
  const shared = new SharedClock(local, logger);
  const hear = (aheadMs: number, errorMs = 1): void =>
    shared.hear({ serverNow: local.now() + aheadMs, localNow: shared.now(), errorMs });
  hear(40, 50);
  assert.equal(shared.now(), local.now());
  hear(40);
  assert.equal(shared.now(), local.now() + 40);
  logger.assertQuiet();
  hear(5000);
  hear(5500);
  logger.take('the clock of this machine differs from that of the store, which counts');
  logger.assertQuiet();
  hear(10);
  assert.ok(
    logger.entries.some(({ message }) => message.endsWith('agrees with that of the store again')),
  );
});
