import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
} from 'node:fs';
import { open as openFile } from 'node:fs/promises';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises';
import { LineWriter } from '../../../src/telemetry/line-writer.js';
import { openLogFile, type LogFile } from '../../../src/telemetry/log-file.js';
import { openFiles } from '../../support/open-files.js';
import { createTempDirectory } from '../../support/temp-directory.js';
import { waitUntil } from '../../support/wait-until.js';

const FULL = '/dev/full';

function open(path: string): LogFile {
  return openLogFile({ kind: 'file', path });
}

function createWriter(path: string): LineWriter {
  return new LineWriter(open(path), (lines, code) => `lost ${lines} ${code}`);
}

function linesOf(path: string): readonly string[] {
  const text = readFileSync(path, 'utf8');
  assert.ok(text === '' || text.endsWith('\n'), 'the last line is whole');
  return text.split('\n').slice(0, -1);
}

/** A reader may see a line half, while it is being written. */
function countIn(path: string): number {
  return readFileSync(path, 'utf8').split('\n').length - 1;
}

/** To read all of a large file again and again would hold up the writing of it. */
function endOf(path: string): string {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(200);
    const length = readSync(file, bytes, 0, bytes.length, Math.max(0, fstatSync(file).size - 200));
    return bytes.toString('utf8', 0, length);
  } finally {
    closeSync(file);
  }
}

function numbered(from: number, to: number): readonly string[] {
  return Array.from({ length: to - from }, (_, i) => `line ${from + i}`);
}

function writeAll(writer: LineWriter, lines: readonly string[]): void {
  for (const line of lines) writer.write(line);
}

/**
 * Fills the writer beyond its bound; returns how many lines it was given. The last one is so short
 * that it would have room, and must be dropped all the same: nothing is kept behind a gap.
 */
function overfill(writer: LineWriter): number {
  let lines = 0;
  for (; writer.droppedLines < 100; lines++) writer.write(`line ${lines} ${'x'.repeat(1000)}`);
  writer.write('short');
  return lines + 1;
}

interface OccupiedPool {
  /** Asks another process to let the threads go; so it also works while this one waits. */
  letGo(): void;
  /** Ends when all are free. */
  readonly free: Promise<unknown>;
}

/** Opens a file a moment after it has been told to. */
const openLater =
  '$| = 1; print "ready"; <STDIN>; select undef, undef, undef, 0.05; open my $pipe, ">", shift';

/**
 * Keeps all threads of the pool busy until they are let go: each opens a named pipe, which waits
 * for somebody to open the other end.
 */
async function occupyPool(directory: string): Promise<OccupiedPool> {
  const pipe = join(directory, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const opener = spawn('perl', ['-e', openLater, pipe], { stdio: ['pipe', 'pipe', 'inherit'] });
  // What is let go is not to wait for another process to start.
  await once(opener.stdout, 'data');
  const openings = Array.from({ length: 4 }, async () => {
    await (await openFile(pipe, 'r')).close();
  });
  return {
    letGo: () => opener.stdin.end('go\n'),
    free: Promise.all([...openings, once(opener, 'exit')]),
  };
}

function assertKeptThenLoss(lines: readonly string[], writer: LineWriter, given: number): void {
  const loss = lines.at(-1);
  const kept = lines.slice(0, -1).map((line) => line.replace(/ x+$/, ''));
  assert.deepEqual(kept, numbered(0, kept.length));
  assert.equal(kept.length + writer.droppedLines, given);
  assert.match(loss ?? '', new RegExp(`^lost ${writer.droppedLines} `));
}

describe('lines arrive', () => {
  test('by themselves, in order, without flush or close', async (t) => {
    const path = join(createTempDirectory(t), 'log');
    const writer = createWriter(path);
    writeAll(writer, numbered(0, 5000));
    await waitUntil(() => countIn(path) === 5000, 'the lines of the first turn');
    writeAll(writer, numbered(5000, 10_000));
    await waitUntil(() => countIn(path) === 10_000, 'the lines of the next turn');
    assert.deepEqual(linesOf(path), numbered(0, 10_000));
    await writer.close();
  });

  test('within the call of flush', async (t) => {
    const path = join(createTempDirectory(t), 'log');
    const writer = createWriter(path);
    writeAll(writer, numbered(0, 1000));
    writer.flush();
    assert.deepEqual(linesOf(path), numbered(0, 1000));
    await writer.close();
    assert.deepEqual(linesOf(path), numbered(0, 1000));
  });

  test('once and in order when flush meets a write that is under way', async (t) => {
    const path = join(createTempDirectory(t), 'log');
    const writer = createWriter(path);
    for (let round = 0; round < 20; round++) {
      writeAll(writer, numbered(round * 2000, round * 2000 + 1000));
      await turn();
      writeAll(writer, numbered(round * 2000 + 1000, round * 2000 + 2000));
      writer.flush();
      assert.equal(linesOf(path).length, (round + 1) * 2000);
    }
    await writer.close();
    assert.deepEqual(linesOf(path), numbered(0, 40_000));
  });

  test('before close ends; what comes later is dropped and counted', async (t) => {
    const path = join(createTempDirectory(t), 'log');
    const writer = createWriter(path);
    writeAll(writer, numbered(0, 3000));
    const closed = writer.close();
    writer.write('late');
    await closed;
    writer.write('later');
    writer.flush();
    writer.redirect(open(path), 'move');
    await writer.close();
    assert.deepEqual(linesOf(path), numbered(0, 3000));
    assert.equal(writer.droppedLines, 2);
  });
});

test('close lets a write that is under way end, and does not write it again', async (t) => {
  const directory = createTempDirectory(t);
  const path = join(directory, 'log');
  const writer = createWriter(path);
  const pool = await occupyPool(directory);
  writeAll(writer, numbered(0, 5000));
  await turn();
  assert.equal(countIn(path), 0);
  pool.letGo();
  await writer.close();
  assert.deepEqual(linesOf(path), numbered(0, 5000));
  await pool.free;
});

test('flush waits for a write that is under way and slow', async (t) => {
  const directory = createTempDirectory(t);
  const path = join(directory, 'log');
  const writer = createWriter(path);
  const pool = await occupyPool(directory);
  writer.write('line 0');
  await turn();
  assert.equal(countIn(path), 0);
  writer.write('line 1');
  pool.letGo();
  writer.flush();
  assert.deepEqual(linesOf(path), numbered(0, 2));
  await writer.close();
  await pool.free;
});

describe('another file', () => {
  test('gets what waits, if it is the same log', async (t) => {
    const directory = createTempDirectory(t);
    const path = join(directory, 'log');
    const writer = createWriter(path);
    writer.write('a');
    renameSync(path, `${path}.1`);
    writer.redirect(open(path), 'move');
    writer.write('b');
    await writer.close();
    assert.deepEqual(linesOf(`${path}.1`), []);
    assert.deepEqual(linesOf(path), ['a', 'b']);
  });

  test('gets only what comes later, if it is another log', async (t) => {
    const directory = createTempDirectory(t);
    const writer = createWriter(join(directory, 'one'));
    writer.write('a');
    writer.redirect(open(join(directory, 'two')), 'stay');
    writer.write('b');
    writer.redirect(open(join(directory, 'three')), 'stay');
    writer.write('c');
    await writer.close();
    const read = ['one', 'two', 'three'].map((name) => linesOf(join(directory, name)));
    assert.deepEqual(read, [['a'], ['b'], ['c']]);
  });

  test('leaves no file open that is done with', async (t) => {
    const directory = createTempDirectory(t);
    const isOpen = (): boolean => openFiles().some((path) => path.startsWith(directory));
    const writer = createWriter(join(directory, 'log'));
    for (let i = 0; i < 50; i++) {
      writer.write(`line ${i}`);
      if (i % 3 === 0) await turn();
      writer.redirect(open(join(directory, 'log')), i % 2 === 0 ? 'move' : 'stay');
    }
    assert.ok(isOpen());
    await writer.close();
    await waitUntil(() => !isOpen(), 'all are closed');
    assert.deepEqual(linesOf(join(directory, 'log')), numbered(0, 50));
  });

  test('takes over from one that fails', async (t) => {
    const path = join(createTempDirectory(t), 'log');
    const writer = createWriter(FULL);
    writeAll(writer, numbered(0, 1000));
    await turn();
    // Under way now, and refused after this.
    writer.redirect(open(path), 'stay');
    writeAll(writer, numbered(1000, 2000));
    await writer.close();
    assert.deepEqual(linesOf(path), numbered(0, 2000));
    assert.equal(writer.droppedLines, 0);
  });

  test('takes over from one that fails in flush', async (t) => {
    const path = join(createTempDirectory(t), 'log');
    const writer = createWriter(FULL);
    writer.write('line 0');
    writer.redirect(open(path), 'stay');
    writer.write('line 1');
    writer.flush();
    assert.deepEqual(linesOf(path), numbered(0, 2));
    await writer.close();
  });
});

describe('a disk that is full', () => {
  test('costs no more than the lines beyond the bound, and they are counted', async (t) => {
    const path = join(createTempDirectory(t), 'log');
    const writer = createWriter(FULL);
    const given = overfill(writer);
    // Long enough for it to have been tried and refused.
    await pause(50);
    writer.flush();
    writer.redirect(open(path), 'move');
    await waitUntil(() => endOf(path).includes('lost'), 'it is told');
    assertKeptThenLoss(linesOf(path), writer, given);
    assert.match(linesOf(path).at(-1) ?? '', / ENOSPC$/);
    writer.write('after');
    await writer.close();
    assert.equal(linesOf(path).at(-1), 'after');
  });

  test('does not keep close from ending', async () => {
    const writer = createWriter(FULL);
    writeAll(writer, numbered(0, 10));
    await writer.close();
    assert.equal(writer.droppedLines, 10);
  });

  test('is told by flush, too, when there is room again', async (t) => {
    const path = join(createTempDirectory(t), 'log');
    const writer = createWriter(FULL);
    const given = overfill(writer);
    writer.flush();
    writer.redirect(open(path), 'move');
    writer.flush();
    assertKeptThenLoss(linesOf(path), writer, given);
    await writer.close();
  });
});

describe('a reader that does not read', () => {
  test('holds up nobody; what has no room is counted and told when it reads again', async (t) => {
    const path = join(createTempDirectory(t), 'fifo');
    execFileSync('mkfifo', [path]);
    const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const writer = createWriter(path);
    const given = overfill(writer);
    await turn();
    writer.flush();
    await pause(50);
    let text = '';
    const stream = new Socket({ fd: reader, readable: true, writable: false });
    stream.on('data', (data) => (text += data.toString('latin1')));
    const ended = once(stream, 'end');
    await waitUntil(() => text.includes('lost'), 'the loss is told');
    await writer.close();
    await ended;
    assertKeptThenLoss(text.split('\n').slice(0, -1), writer, given);
  });

  for (const [moment, waiting] of [
    ['has stopped', 'stay'],
    ['is about to stop', 'move'],
  ] as const) {
    test(`or ${moment} gives way when the log goes elsewhere`, async (t) => {
      const directory = createTempDirectory(t);
      const fifo = join(directory, 'fifo');
      execFileSync('mkfifo', [fifo]);
      const reader = openSync(fifo, constants.O_RDONLY | constants.O_NONBLOCK);
      t.after(() => closeSync(reader));
      const writer = createWriter(fifo);
      const lines = numbered(0, 20_000);
      // These leave too little room in the pipe for the first large write, which is broken off.
      writeAll(writer, lines.slice(0, 1000));
      writer.flush();
      writeAll(writer, lines.slice(1000));
      await (waiting === 'move' ? turn() : pause(50));
      writer.redirect(open(join(directory, 'log')), waiting);
      await writer.close();
      const buffer = Buffer.alloc(1_000_000);
      const inPipe = buffer.toString('latin1', 0, readSync(reader, buffer)).split('\n');
      // The last one was broken off, and stands whole in the file.
      assert.deepEqual([...inPipe.slice(0, -1), ...linesOf(join(directory, 'log'))], lines);
      assert.equal(writer.droppedLines, 0);
    });
  }

  test('that went away is a failure like any other', async (t) => {
    const path = join(createTempDirectory(t), 'fifo');
    execFileSync('mkfifo', [path]);
    const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const writer = createWriter(path);
    writer.write('a');
    writer.flush();
    const buffer = Buffer.alloc(10);
    assert.equal(buffer.toString('utf8', 0, readSync(reader, buffer)), 'a\n');
    closeSync(reader);
    writer.write('b');
    await writer.close();
    assert.equal(writer.droppedLines, 1);
  });
});
