import assert from 'node:assert/strict';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import type { ManagedLogger } from '../../src/telemetry/logger.js';
import { createLogger } from '../../src/telemetry/winston-logger.js';
import { GreymilterProcess } from '../support/daemon-process.js';
import { receiveDatagrams } from '../support/datagram-receiver.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { waitUntil } from '../support/wait-until.js';
import { isRoot, nobody } from '../support/without-rights.js';

const to = { kind: 'syslog', facility: 'mail', tag: 'grey' } as const;

interface Rig {
  readonly directory: string;
  /** Where syslog listens, once somebody receives there. */
  readonly socket: string;
  /** The processes that were started to write to syslog, as `PID UID`. */
  readonly started: () => readonly string[];
  readonly open: () => ManagedLogger;
}

/** Puts a `logger` first in PATH that is the machine's, but writes to a syslog of ours. */
function createRig(t: TestContext): Rig {
  const directory = createTempDirectory(t);
  chmodSync(directory, 0o755);
  const socket = join(directory, 'log');
  const startedFile = join(directory, 'started');
  writeFileSync(startedFile, '');
  chmodSync(startedFile, 0o666);
  const { PATH: path = '' } = process.env;
  const script =
    `#!/bin/sh\nPATH='${path}'\n[ "$1" = --version ] || echo "$$ $(id -u)" >>${startedFile}\n` +
    `exec logger --socket ${socket} "$@"\n`;
  writeFileSync(join(directory, 'logger'), script, { mode: 0o755 });
  process.env['PATH'] = `${directory}:${path}`;
  t.after(() => {
    process.env['PATH'] = path;
  });
  const open = (): ManagedLogger => {
    const logger = createLogger({ level: 'debug', format: 'text', to, now: () => Date.now() });
    t.after(() => logger.close());
    return logger;
  };
  const started = (): readonly string[] =>
    readFileSync(startedFile, 'utf8').trim().split('\n').filter(Boolean);
  return { directory, socket, started, open };
}

/** Whether a process has ended, and nothing that it had open is still open. */
function isOver(pid: string): boolean {
  try {
    return /^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    // Nobody of that number.
    return true;
  }
}

describe('the log in syslog', () => {
  test('has facility, severity, tag and our process number', async (t) => {
    const { socket, open } = createRig(t);
    const syslog = await receiveDatagrams(t, socket);
    const logger = open();
    logger.error('bad', { port: 25 });
    logger.warn('doubtful');
    logger.info('x'.repeat(3000));
    logger.debug('small');
    await logger.close();
    await syslog.until(/ debug small$/);
    const lines = syslog.received.map((line) => line.replace(/>\S+ +\d+ \S+ /, '> '));
    const us = `grey[${process.pid}]:`;
    assert.deepEqual(lines, [
      `<19> ${us} error bad port=25`,
      `<20> ${us} warn doubtful`,
      `<22> ${us} info ${'x'.repeat(3000)}`,
      `<23> ${us} debug small`,
    ]);
  });

  test('goes on when the program that writes it is killed', async (t) => {
    const { socket, started, open } = createRig(t);
    const syslog = await receiveDatagrams(t, socket);
    const logger = open();
    logger.info('before');
    await syslog.until(/before$/);
    const [pid = ''] = started()[0]?.split(' ') ?? [];
    process.kill(Number(pid), 'SIGKILL');
    await waitUntil(() => isOver(pid), 'it has ended');
    for (let number = 1; number <= 500; number++) logger.info('line', { number });
    await syslog.until(/number=500$/);
    const numbers = syslog.received.flatMap((line) => /number=(\d+)$/.exec(line)?.[1] ?? []);
    assert.deepEqual(
      numbers,
      Array.from({ length: 500 }, (_, index) => String(index + 1)),
    );
    assert.equal(logger.droppedLines, 0);
  });

  test('waits for a syslog that is not there yet, and never holds anything up', async (t) => {
    const { socket, started, open } = createRig(t);
    const logger = open();
    for (let number = 1; number <= 2000; number++) logger.info('line', { number });
    await waitUntil(() => started().length > 1, 'it is tried again');
    const syslog = await receiveDatagrams(t, socket);
    await syslog.until(/number=2000$/);
    const numbers = syslog.received.flatMap((line) => /number=(\d+)$/.exec(line)?.[1] ?? []);
    assert.deepEqual(numbers.length, 2000);
    assert.equal(logger.droppedLines, 0);
  });

  test('can be left for a file, and come back to; no process is left behind', async (t) => {
    const { directory, socket, started, open } = createRig(t);
    const syslog = await receiveDatagrams(t, socket);
    const logger = open();
    logger.info('first');
    const file = { kind: 'file', path: join(directory, 'file') } as const;
    logger.reconfigure({ level: 'info', format: 'text', to: file });
    logger.info('second');
    logger.reconfigure({ level: 'info', format: 'json', to });
    logger.info('third');
    logger.reopen();
    logger.info('fourth');
    await logger.close();
    await syslog.until(/ \{"time":.*fourth/);
    await syslog.until(/ info first$/);
    assert.match(readFileSync(file.path, 'utf8'), /^\S+Z info second\n$/);
    await waitUntil(() => started().length === 3, 'three processes have written');
    const pids = started().map((line) => line.split(' ')[0] ?? '');
    await waitUntil(() => pids.every(isOver), 'all of them have ended');
  });

  test('needs the program logger', (t) => {
    const { directory, open } = createRig(t);
    process.env['PATH'] = join(directory, 'nothing');
    assert.throws(open, {
      code: 'LOG_CANNOT_OPEN',
      message: 'cannot log to syslog: the program logger (util-linux) does not run here',
    });
  });
});

describe('a daemon that logs to syslog', () => {
  function start(t: TestContext, directory: string, args: readonly string[]): GreymilterProcess {
    const bug = `process.on('SIGUSR2', () => { throw new TypeError('oops'); })`;
    const greymilter = new GreymilterProcess(
      [
        ...['serve', '--listen', 'inet:0@127.0.0.1', '--store', join(directory, 'lib/db')],
        ...['--set', 'log.to=syslog:mail', ...args],
      ],
      { nodeOptions: ['--import', `data:text/javascript,${encodeURIComponent(bug)}`] },
    );
    t.after(async () => {
      greymilter.kill('SIGKILL');
      await greymilter.ending.catch(() => undefined);
    });
    return greymilter;
  }

  test('says all of it, to the last line, though all its processes are told to stop', async (t) => {
    const { directory, socket, started } = createRig(t);
    const syslog = await receiveDatagrams(t, socket);
    const greymilter = start(t, directory, []);
    await syslog.until(/: info ready listening=/);
    for (const line of started()) process.kill(Number(line.split(' ')[0]), 'SIGTERM');
    greymilter.kill('SIGTERM');
    assert.equal((await greymilter.ending).code, 0);
    await syslog.until(/ greymilter\[\d+\]: info stopped$/);
  });

  test('says what the bug was that ended it', async (t) => {
    const { directory, socket } = createRig(t);
    const syslog = await receiveDatagrams(t, socket);
    const greymilter = start(t, directory, []);
    await syslog.until(/: info ready listening=/);
    greymilter.kill('SIGUSR2');
    assert.equal((await greymilter.ending).code, 70);
    await syslog.until(/^<19>.* error bug: the daemon has to stop error=oops /);
  });

  test(
    'has it written by the user that it becomes',
    { skip: isRoot() ? false : 'only root can become another user' },
    async (t) => {
      const { directory, socket, started } = createRig(t);
      const syslog = await receiveDatagrams(t, socket);
      const greymilter = start(t, directory, ['--user', 'nobody']);
      await syslog.until(/: info ready listening=/);
      greymilter.kill('SIGHUP');
      await syslog.until(/: info configuration reloaded /);
      greymilter.kill('SIGTERM');
      assert.equal((await greymilter.ending).code, 0);
      const users = new Set(started().map((line) => line.split(' ')[1]));
      assert.deepEqual([...users], [String(nobody)]);
    },
  );
});
