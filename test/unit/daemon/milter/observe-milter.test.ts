import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Impairments } from '../../../../src/daemon/process/impairments.js';
import { observeMilter } from '../../../../src/daemon/milter/observe-milter.js';
import { MilterProtocolError } from '../../../../src/protocols/milter/index.js';
import { ProtocolCounts } from '../../../../src/telemetry/protocol-counts.js';
import { createManualClock, type ManualClock } from '../../../support/manual-clock.js';
import { RecordingLogger, type LogEntry } from '../../../support/recording-logger.js';

function observe(): {
  readonly observer: ReturnType<typeof observeMilter>;
  readonly logger: RecordingLogger;
  readonly clock: ManualClock;
  readonly counts: Parameters<typeof observeMilter>[2];
  readonly logged: () => readonly LogEntry[];
} {
  const logger = new RecordingLogger();
  const clock = createManualClock();
  const counts = { milter: new ProtocolCounts(), impairments: new Impairments(logger, clock) };
  const observer = observeMilter(logger, clock, counts);
  return { observer, logger, clock, counts, logged: () => logger.entries.splice(0) };
}

describe('what is logged of milter connections', () => {
  test('one that ends as it should: nothing', () => {
    const { observer, logged } = observe();
    observer.disconnected?.(undefined);
    assert.deepEqual(logged(), []);
  });

  test('one that an error ends: a warning with its code, once a minute', () => {
    const { observer, logged } = observe();
    const error = new MilterProtocolError('MILTER_PACKET_EMPTY', 'a length of 0');
    observer.disconnected?.(error);
    observer.disconnected?.(error);
    assert.deepEqual(logged(), [
      {
        level: 'warn',
        message: 'milter connection ended by an error',
        fields: { code: 'MILTER_PACKET_EMPTY', error: 'a length of 0', times: undefined },
      },
    ]);
  });

  test('more of them than the limit: a warning with their number', () => {
    const { observer, logged } = observe();
    observer.overloaded?.(1000);
    assert.deepEqual(
      logged().map(({ level, fields }) => [level, fields]),
      [['warn', { reason: 'overload', connections: 1000, passed: 1, times: undefined }]],
    );
  });

  test('how many sessions have passed so is counted through, between the warnings too', () => {
    const { observer, clock, logged } = observe();
    for (let sessions = 0; sessions < 5; sessions++) observer.overloaded?.(1000);
    clock.advance(60_000);
    observer.overloaded?.(1000);
    assert.deepEqual(
      logged().map(({ fields }) => [fields['passed'], fields['times']]),
      [
        [1, undefined],
        [6, 5],
      ],
    );
  });

  test('more of them than can even pass: a warning with their number', () => {
    const { observer, logged } = observe();
    observer.refused?.(11_000);
    assert.deepEqual(
      logged().map(({ level, fields }) => [level, fields['connections']]),
      [['warn', 11_000]],
    );
  });

  test('odd packets: for who debugs', () => {
    const { observer, logged } = observe();
    observer.incident?.('malformed', 'rcpt');
    assert.deepEqual(logged(), [
      {
        level: 'debug',
        message: 'odd milter packet',
        fields: { kind: 'malformed', command: 'rcpt' },
      },
    ]);
  });

  test('a handler that failed: nothing, for the filter has said it; unless nobody asked it', () => {
    const { observer, logger, logged } = observe();
    observer.handlerFailed?.('rcpt', new Error('lost'));
    assert.deepEqual(logged(), []);
    observer.handlerFailed?.('close', new Error('lost'));
    observer.handlerFailed?.('abort', new Error('lost'));
    assert.deepEqual(
      logged().map(({ level, fields }) => [level, fields['event'], fields['error']]),
      [
        ['error', 'close', 'lost'],
        ['error', 'abort', 'lost'],
      ],
    );
    assert.equal(logger.unexpected, 2);
  });
});
