import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync, renameSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { createLogger } from '../../src/telemetry/winston-logger.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { waitUntil } from '../support/wait-until.js';
import { parseTextLine } from '../unit/telemetry/parse-line.js';
import { sampleDecision } from '../unit/telemetry/sample-decision.js';

const LOGGER = new URL('../../src/telemetry/winston-logger.ts', import.meta.url).href;

/** How a process ended, and what it wrote. */
interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Running {
  readonly pid: number | undefined;
  readonly ended: Promise<Ended>;
  /** Lets the process go on where it waits for a word. */
  readonly say: () => void;
  /** What it wrote to standard output so far. */
  readonly heard: () => string;
}

/**
 * Runs a program in a process of its own, below a shell that has run `setUp`. In the program,
 * `logger` goes to the given destination (a path, or `console`) and is flushed at exit, as the
 * daemon does it; `heard()` waits for a word.
 */
function run(t: TestContext, to: string, program: string, setUp = ':'): Running {
  const destination = to === 'console' ? { kind: 'console' } : { kind: 'file', path: to };
  const source = `
    import { once } from 'node:events';
    import { createLogger } from ${JSON.stringify(LOGGER)};
    const heard = () => once(process.stdin, 'data');
    const logger = createLogger({
      level: 'info', format: 'text', to: ${JSON.stringify(destination)}, now: Date.now,
    });
    process.on('exit', () => logger.flush());
    ${program}
  `;
  const node = [process.execPath, '--import', 'tsx', '--input-type=module', '--eval', source];
  const child = spawn('sh', ['-c', `${setUp}; exec "$@"`, 'sh', ...node], { timeout: 60_000 });
  t.after(() => child.kill('SIGKILL'));
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (data: string) => (stdout += data));
  child.stderr.setEncoding('utf8').on('data', (data: string) => (stderr += data));
  const ended = once(child, 'close').then(() => ({ code: child.exitCode, stdout, stderr }));
  return { pid: child.pid, ended, say: () => child.stdin.write('.'), heard: () => stdout };
}

function linesOf(path: string): readonly string[] {
  return readFileSync(path, 'utf8').split('\n').slice(0, -1);
}

/** The field `n` of each line that has one. */
function numbersIn(lines: readonly string[]): readonly number[] {
  return lines.flatMap((line) => {
    const n = / n=(\d+)$/.exec(line)?.[1];
    return n === undefined ? [] : [Number(n)];
  });
}

function upTo(count: number): readonly number[] {
  return Array.from({ length: count }, (_, n) => n);
}

describe('no line is lost', () => {
  const exits: readonly (readonly [string, number, string])[] = [
    [
      'by process.exit in the turn in which they were logged',
      3,
      `for (let n = 0; n < 1000; n++) logger.info('line', { n });
       process.exit(3);`,
    ],
    [
      'by an uncaught exception while lines are being written',
      1,
      `let n = 0;
       const some = () => {
         for (let i = 0; i < 100; i++) logger.info('line', { n: n++ });
         if (n === 1000) throw new Error('a bug');
         setImmediate(some);
       };
       some();`,
    ],
    [
      'when the process has nothing left to do',
      0,
      `for (let n = 0; n < 1000; n++) logger.info('line', { n });`,
    ],
    [
      'when it closes the log and then leaves',
      4,
      `for (let n = 0; n < 1000; n++) logger.info('line', { n });
       await logger.close();
       process.exit(4);`,
    ],
  ];

  for (const [name, code, program] of exits) {
    test(`${name}: file`, async (t) => {
      const path = join(createTempDirectory(t), 'log');
      const ended = await run(t, path, program).ended;
      assert.equal(ended.code, code);
      assert.deepEqual(numbersIn(linesOf(path)), upTo(1000));
    });

    test(`${name}: console, which is standard error`, async (t) => {
      const ended = await run(t, 'console', program).ended;
      assert.equal(ended.code, code);
      assert.deepEqual(numbersIn(ended.stderr.split('\n')), upTo(1000));
      assert.equal(ended.stdout, '');
    });
  }

  test('a console that is a socket, as that of the journal is', async (t) => {
    const path = join(createTempDirectory(t), 'socket');
    let text = '';
    const server = createServer((socket) => socket.on('data', (data) => (text += String(data))));
    server.listen(path);
    t.after(() => server.close());
    await once(server, 'listening');
    const peer = connect(path);
    await once(peer, 'connect');
    const source = `
      import { createLogger } from ${JSON.stringify(LOGGER)};
      const logger = createLogger({ level: 'info', format: 'text', to: { kind: 'console' }, now: Date.now });
      let n = 0;
      const some = () => {
        for (let i = 0; i < 100; i++) logger.info('line', { n: n++ });
        if (n === 500) { logger.flush(); process.exit(0); }
        setImmediate(some);
      };
      some();`;
    const argv = ['--import', 'tsx', '--input-type=module', '--eval', source];
    const child = spawn(process.execPath, argv, { stdio: ['ignore', 'ignore', peer] });
    await once(child, 'close');
    peer.destroy();
    assert.equal(child.exitCode, 0);
    await waitUntil(() => numbersIn(text.split('\n')).length === 500, 'all lines are there');
    assert.deepEqual(numbersIn(text.split('\n')), upTo(500));
  });

  test('a console that is a file keeps what others write to it', async (t) => {
    const path = join(createTempDirectory(t), 'log');
    const program = `
      import { writeSync } from 'node:fs';
      logger.info('line', { n: 0 });
      logger.flush();
      writeSync(2, 'somebody else\\n');
      logger.info('line', { n: 1 });`;
    const ended = await run(t, 'console', program, `exec 2>'${path}'`).ended;
    assert.equal(ended.code, 0);
    const lines = linesOf(path);
    assert.deepEqual(numbersIn(lines), [0, 1]);
    assert.equal(lines[1], 'somebody else');
  });
});

test('logrotate under load: each line once, in order, none torn', async (t) => {
  const directory = createTempDirectory(t);
  const path = join(directory, 'log');
  const to = { kind: 'file', path } as const;
  const logger = createLogger({ level: 'info', format: 'text', to, now: Date.now });
  const rotations = 30;
  let n = 0;
  for (let round = 0; round < rotations; round++) {
    for (let spell = 0; spell < 10; spell++) {
      for (let i = 0; i < 200; i++) logger.decision(sampleDecision({ id: String(n++) }));
      // Turns of different length: a rotation may meet lines that wait, and a write under way.
      await pause(spell % 3);
    }
    renameSync(path, join(directory, `log.${String(round).padStart(2, '0')}`));
    for (let i = 0; i < 50; i++) logger.decision(sampleDecision({ id: String(n++) }));
    if (round % 2 === 0) logger.reopen();
    else logger.reconfigure({ level: 'info', format: 'text', to });
  }
  await logger.close();
  const files = readdirSync(directory).sort((a, b) => order(a).localeCompare(order(b)));
  assert.equal(files.length, rotations + 1);
  const ids = files
    .flatMap((file) => linesOf(join(directory, file)))
    .map((line) => Number(parseTextLine(line).fields.get('id')));
  assert.deepEqual(ids, upTo(n));
  assert.equal(logger.droppedLines, 0);
});

/** The log without a number is the newest. */
function order(file: string): string {
  return file === 'log' ? 'log.zz' : file;
}

describe('a disk that is full', () => {
  test('for a while: the daemon goes on, and the log catches up, no line torn or lost', async (t) => {
    const path = join(createTempDirectory(t), 'log');
    const program = `
      let n = 0;
      const some = (until) => { while (n < until) logger.info('line', { n: n++ }); };
      some(1000);
      setTimeout(() => { some(1500); process.stdout.write('alive'); }, 100);
      await heard();
      some(2000);
      process.stdout.write(' and dropped ' + logger.droppedLines);
      await heard();
      process.exit(0);`;
    // 8 or 16 KiB, depending on the shell; the lines take more.
    const child = run(t, path, program, 'ulimit -S -f 16');
    await waitUntil(() => child.heard() === 'alive', 'it goes on');
    assert.ok(numbersIn(linesOf(path)).length < 1000);
    execFileSync('prlimit', ['--pid', String(child.pid), '--fsize=unlimited:']);
    child.say();
    await waitUntil(() => numbersIn(linesOf(path)).length === 2000, 'the log catches up by itself');
    child.say();
    const ended = await child.ended;
    assert.deepEqual([ended.code, ended.stdout], [0, 'alive and dropped 0']);
    assert.deepEqual(numbersIn(linesOf(path)), upTo(2000));
    assert.equal(linesOf(path).length, 2000);
  });

  test('/dev/full: the daemon goes on, counts, and tells of it on the next disk', async (t) => {
    const path = join(createTempDirectory(t), 'log');
    const program = `
      import { readFileSync } from 'node:fs';
      let n = 0;
      for (; n < 200000; n++) logger.info('a line of a hundred bytes, more or less '.repeat(3), { n });
      await new Promise((resolve) => setTimeout(resolve, 50));
      const { droppedLines } = logger;
      logger.reconfigure({ level: 'info', format: 'text', to: { kind: 'file', path: ${JSON.stringify(path)} } });
      // By then there is room again for what comes.
      while (!readFileSync(${JSON.stringify(path)}, 'utf8').includes(' log lines were dropped '))
        await new Promise((resolve) => setTimeout(resolve, 20));
      logger.info('after', { n });
      process.stdout.write(String(droppedLines));
      process.exit(0);`;
    const ended = await run(t, '/dev/full', program).ended;
    assert.deepEqual([ended.code, ended.stderr], [0, '']);
    const dropped = Number(ended.stdout);
    assert.ok(dropped > 0);
    const lines = linesOf(path);
    const loss = lines.findIndex((line) => line.includes(' warn log lines were dropped '));
    const told = parseTextLine(lines[loss] ?? '').fields;
    assert.deepEqual(
      [...told],
      [
        ['dropped', String(dropped)],
        ['error', 'ENOSPC'],
      ],
    );
    assert.deepEqual(numbersIn(lines.slice(0, loss)), upTo(200_000 - dropped));
    assert.deepEqual(numbersIn(lines.slice(loss)), [200_000]);
  });
});
