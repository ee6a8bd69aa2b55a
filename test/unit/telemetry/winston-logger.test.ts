import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import type { LogLevel, LogSettings, ManagedLogger } from '../../../src/telemetry/logger.js';
import { createLogger } from '../../../src/telemetry/winston-logger.js';
import { createTempDirectory } from '../../support/temp-directory.js';
import { SAMPLE_AT, sampleDecision } from './sample-decision.js';

const AT = '2026-11-21T04:55:00.123Z';
const LATER = '2026-11-21T04:55:00.124Z';

interface Fixture {
  readonly logger: ManagedLogger;
  readonly path: string;
  readonly directory: string;
  /** Everything logged so far. */
  readonly read: (path?: string) => readonly string[];
  readonly settings: LogSettings;
}

function openFixture(t: TestContext, changes: Partial<LogSettings> = {}): Fixture {
  const directory = createTempDirectory(t);
  const path = join(directory, 'log');
  const settings: LogSettings = {
    level: 'info',
    format: 'text',
    to: { kind: 'file', path },
    ...changes,
  };
  // A millisecond after the decision's own time, so that the two can be told apart.
  const logger = createLogger({ ...settings, now: () => SAMPLE_AT + 1 });
  t.after(() => logger.close());
  const read = (file = path): readonly string[] => {
    logger.flush();
    return readFileSync(file, 'utf8').split('\n').slice(0, -1);
  };
  return { logger, path, directory, read, settings };
}

function logAtAllLevels(logger: ManagedLogger): void {
  logger.error('an error');
  logger.warn('a warning');
  logger.info('news');
  logger.decision(sampleDecision());
  logger.debug('details');
}

/** The third word of each line: whether it is there is what counts. */
function thirdWords(lines: readonly string[]): readonly string[] {
  return lines.map((line) => line.split(' ').slice(1, 3).join(' '));
}

describe('levels', () => {
  const all = ['error an', 'warn a', 'info news', 'info verdict=tempfail', 'debug details'];
  const rows: readonly (readonly [LogLevel, number])[] = [
    ['error', 1],
    ['warn', 2],
    ['info', 4],
    ['debug', 5],
  ];
  for (const [level, count] of rows) {
    test(`${level} shows ${count} of 5`, (t) => {
      const { logger, read } = openFixture(t, { level });
      logAtAllLevels(logger);
      assert.deepEqual(thirdWords(read()), all.slice(0, count));
    });

    test(`${level} can be set while running`, (t) => {
      const { logger, read } = openFixture(t, { level: level === 'error' ? 'debug' : 'error' });
      logger.setLevel(level);
      logAtAllLevels(logger);
      assert.deepEqual(thirdWords(read()), all.slice(0, count));
    });
  }
});

describe('formats', () => {
  test('text: a message has the time of the call, a decision its own', (t) => {
    const { logger, read } = openFixture(t);
    logger.info('listening', { socket: 'unix:/run/x' });
    logger.decision(sampleDecision());
    const [message = '', decision = ''] = read();
    assert.equal(message, `${LATER} info listening socket=unix:/run/x`);
    assert.ok(decision.startsWith(`${AT} info verdict=tempfail reason=greylist-new id=4Qxyz1 `));
  });

  test('JSON', (t) => {
    const { logger, read } = openFixture(t, { format: 'json' });
    logger.warn('odd', { code: 'X', count: 1 });
    logger.decision(sampleDecision());
    const [message, decision] = read().map((line): unknown => JSON.parse(line));
    assert.deepEqual(message, { time: LATER, level: 'warn', message: 'odd', code: 'X', count: 1 });
    assert.deepEqual(decision, {
      time: AT,
      level: 'info',
      verdict: 'tempfail',
      reason: 'greylist-new',
      id: '4Qxyz1',
      client: '192.0.2.1',
      name: 'mail.example.org',
      helo: 'mx.example.org',
      from: '<a@example.org>',
      to: '<c@example.net>',
      wait: 180,
      attempt: 1,
      stage: 'rcpt',
      via: 'milter',
      took: 123,
    });
  });
});

describe("lines in milter-greylist's words", () => {
  /** Without the head that syslog would put there. */
  const bodies = (lines: readonly string[]) => lines.map((line) => line.replace(/^.*?\]: /, ''));
  const rate = { rate: 'a', seen: 2, over: 1, counted: 'recipients', seconds: 60, key: 'x' };

  test('have more beside them at debug level', (t) => {
    const { logger, read } = openFixture(t, { style: 'milter-greylist', level: 'debug' });
    logger.decision(sampleDecision());
    logger.info('triplet expired', { client: '192.0.2.1', from: 'a@b', to: 'c@d' });
    const lines = bodies(read());
    assert.deepEqual(
      lines.map((line) => /removed|created|delayed|timed out/.exec(line)?.[0]),
      ['created', 'delayed', 'removed', 'timed out'],
    );
  });

  test('are at the levels that they have there', (t) => {
    const { logger, read, settings } = openFixture(t, { style: 'milter-greylist', level: 'warn' });
    logger.decision(sampleDecision());
    logger.debug('a rate is exceeded', rate);
    assert.deepEqual(bodies(read()), [
      'ratelimit overflow for class a: 2, limit is 1 recipients / 60 sec, key = "x"',
    ]);
    logger.reconfigure({ ...settings, style: 'greymilter' });
    logger.debug('a rate is exceeded', rate);
    assert.equal(read().length, 1);
  });
});

describe('a reload', () => {
  test('takes level, format and file over together', (t) => {
    const { logger, directory, read } = openFixture(t);
    const path = join(directory, 'new');
    logger.info('before');
    logger.reconfigure({ level: 'debug', format: 'json', to: { kind: 'file', path } });
    logger.debug('after');
    assert.deepEqual(read(), [`${LATER} info before`]);
    assert.deepEqual(read(path), [`{"time":"${LATER}","level":"debug","message":"after"}`]);
  });

  test('that cannot open its file changes nothing', (t) => {
    const { logger, directory, read } = openFixture(t);
    const path = join(directory, 'missing', 'log');
    assert.throws(
      () => logger.reconfigure({ level: 'debug', format: 'json', to: { kind: 'file', path } }),
      { code: 'LOG_CANNOT_OPEN' },
    );
    logger.info('still here');
    logger.debug('not shown');
    assert.deepEqual(read(), [`${LATER} info still here`]);
  });

  test('that changes nothing makes a removed file anew', (t) => {
    const { logger, path, settings, read } = openFixture(t);
    rmSync(path);
    logger.reconfigure(settings);
    logger.info('here');
    assert.deepEqual(read(), [`${LATER} info here`]);
  });

  test('goes to the console and back', (t) => {
    const { logger, settings, read } = openFixture(t);
    logger.info('one');
    logger.reconfigure({ ...settings, level: 'error', to: { kind: 'console' } });
    logger.reconfigure({ ...settings, to: { kind: 'console' }, level: 'error' });
    logger.reconfigure(settings);
    logger.info('two');
    assert.deepEqual(read(), [`${LATER} info one`, `${LATER} info two`]);
  });
});

describe('reopen', () => {
  test('makes a removed file anew', (t) => {
    const { logger, path, read } = openFixture(t);
    rmSync(path);
    logger.reopen();
    logger.info('here');
    assert.deepEqual(read(), [`${LATER} info here`]);
  });

  test('that fails leaves the open file in use', (t) => {
    const { logger, directory, path } = openFixture(t);
    rmSync(directory, { recursive: true });
    assert.throws(() => logger.reopen(), { code: 'LOG_CANNOT_OPEN', message: new RegExp(path) });
    logger.info('to where nobody looks');
    logger.flush();
    assert.equal(logger.droppedLines, 0);
  });
});

test('a file that cannot be opened at the start is an error', (t) => {
  const path = join(createTempDirectory(t), 'missing', 'log');
  assert.throws(
    () =>
      createLogger({ level: 'info', format: 'text', to: { kind: 'file', path }, now: Date.now }),
    { name: 'LogError', code: 'LOG_CANNOT_OPEN' },
  );
});

test('dropped lines are told in the format of the log', (t) => {
  for (const format of ['text', 'json'] as const) {
    const { logger, settings, read } = openFixture(t, { to: { kind: 'file', path: '/dev/full' } });
    const path = join(createTempDirectory(t), 'log');
    const text = 'x'.repeat(4000);
    while (logger.droppedLines < 3) logger.info(text);
    logger.flush();
    logger.reconfigure({ ...settings, format, to: { kind: 'file', path } });
    const last = read(path).at(-1) ?? '';
    if (format === 'text') {
      assert.equal(last, `${LATER} warn log lines were dropped dropped=3 error=ENOSPC`);
    } else {
      assert.deepEqual(JSON.parse(last), {
        time: LATER,
        level: 'warn',
        message: 'log lines were dropped',
        dropped: 3,
        error: 'ENOSPC',
      });
    }
  }
});

test('logging after close is harmless', async (t) => {
  const { logger, read } = openFixture(t);
  logger.info('one');
  await logger.close();
  logger.info('two');
  logger.flush();
  await logger.close();
  assert.deepEqual(read(), [`${LATER} info one`]);
  assert.equal(logger.droppedLines, 1);
});

describe("Postgrey's style", () => {
  test('is that of lines of text, and of no JSON', (t) => {
    const { logger, read, settings } = openFixture(t, { style: 'postgrey' });
    logger.decision(sampleDecision());
    logger.reconfigure({ ...settings, style: 'postgrey', format: 'json' });
    logger.decision(sampleDecision());
    const [text, json] = read();
    assert.match(text ?? '', / postgrey\[\d+\]: 4Qxyz1: action=greylist, reason=new, /);
    assert.match(json ?? '', /^\{"time":/);
  });
});
