import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { LineQueue, type Chunk } from '../../../src/telemetry/line-queue.js';
import type { LogFile } from '../../../src/telemetry/log-file.js';

const ONE: LogFile = { fd: -1, isRegular: true, isOwned: false };
const OTHER: LogFile = { fd: -2, isRegular: true, isOwned: false };

function textOf(chunk: Chunk): string {
  return chunk.bytes.toString('utf8', chunk.offset, chunk.length);
}

function headOf(queue: LineQueue): Chunk {
  assert.ok(queue.head);
  return queue.head;
}

describe('lines that wait', () => {
  test('gather in one chunk, each with its line feed', () => {
    const queue = new LineQueue();
    for (const line of ['one', 'zwölf', '三', '']) assert.ok(queue.add(ONE, line));
    assert.deepEqual(queue.chunks.map(textOf), ['one\nzwölf\n三\n\n']);
  });

  test('do not join what is being written, nor what is for another file', () => {
    const queue = new LineQueue();
    queue.add(ONE, 'a');
    queue.seal(headOf(queue));
    queue.add(ONE, 'b');
    queue.add(OTHER, 'c');
    assert.deepEqual(
      queue.chunks.map((chunk) => [chunk.file, textOf(chunk)]),
      [
        [ONE, 'a\n'],
        [ONE, 'b\n'],
        [OTHER, 'c\n'],
      ],
    );
  });

  test('may be longer than a chunk', () => {
    const queue = new LineQueue();
    const long = '三'.repeat(100_000);
    queue.add(ONE, 'a');
    queue.add(ONE, long);
    queue.add(ONE, 'b');
    assert.equal(queue.chunks.map(textOf).join(''), `a\n${long}\nb\n`);
  });

  test('are written into a buffer that was used before, without a trace of what was there', () => {
    const queue = new LineQueue();
    queue.add(ONE, 'a longer line');
    const first = headOf(queue);
    queue.remove(first);
    queue.add(ONE, 'short');
    assert.equal(headOf(queue).bytes, first.bytes);
    assert.equal(textOf(headOf(queue)), 'short\n');
  });

  test('are bounded, and there is room again when some have been written', () => {
    const queue = new LineQueue();
    const line = 'x'.repeat(999);
    let kept = 0;
    while (queue.add(ONE, line)) kept++;
    assert.ok(kept > 15_000 && kept < 17_000, String(kept));
    assert.equal(queue.add(ONE, line), false);
    queue.remove(headOf(queue));
    assert.ok(queue.add(ONE, line));
  });

  test('are counted when they are given up, also those of a chunk that was broken off', () => {
    const queue = new LineQueue();
    for (const line of ['one', 'two', 'three']) queue.add(ONE, line);
    headOf(queue).offset = 'one\ntw'.length;
    queue.add(OTHER, 'four');
    assert.equal(queue.discard(), 3);
    assert.equal(queue.head, undefined);
    assert.equal(queue.discard(), 0);
  });
});

describe('a chunk that was broken off begins in another file with a whole line', () => {
  const rows: readonly (readonly [number, string])[] = [
    [0, 'one\ntwo\n'],
    [2, 'one\ntwo\n'],
    [3, 'one\ntwo\n'],
    [4, 'two\n'],
    [6, 'two\n'],
    [7, 'two\n'],
  ];
  for (const [offset, rest] of rows) {
    test(`after ${offset} bytes`, () => {
      const queue = new LineQueue();
      queue.add(ONE, 'one');
      queue.add(ONE, 'two');
      const chunk = headOf(queue);
      chunk.offset = offset;
      queue.move([chunk], OTHER);
      assert.equal(chunk.file, OTHER);
      assert.equal(textOf(chunk), rest);
    });
  }
});
