import { write, writeSync } from 'node:fs';
import { codeOf } from '../mail/file-problem.js';
import { LineQueue, type Chunk } from './line-queue.js';
import { closeLogFile, sizeOf, type LogFile } from './log-file.js';

/**
 * The pause after a write, in which lines gather. The first line after a quiet time leaves in the
 * same turn of the event loop; under load there are at most twenty writes a second, each of which
 * costs as much processor time as ten lines do.
 */
const GATHER_MS = 50;

/** What a loss is told by where an error has no code. */
const UNKNOWN = 'UNKNOWN';

/** How long to wait for the reader of a pipe or terminal that is full. */
const BUSY_MS = 10;

/** How long to leave a destination alone that has refused a write. */
const RETRY_MS = 1000;

/** How long {@link LineWriter.flush} waits for a destination that is busy and does not move. */
const FLUSH_PATIENCE_MS = 1000;

/** How long it gives a write that nothing tells about: one to a pipe, socket or terminal. */
const BLIND_PAUSE_MS = 250;

/** Between two looks at a destination that is busy. */
const LOOK_MS = 1;

/**
 * - idle: nothing waits
 * - gathering: lines wait for the end of the turn or of the pause
 * - writing: the head of the queue is with the operating system
 * - failed: it was refused and is tried again later
 * - closed
 */
type Phase = 'idle' | 'gathering' | 'writing' | 'failed' | 'closed';

/**
 * The line that tells how many are missing before it; `code` says what was wrong with the
 * destination, and is empty if it was only slow.
 */
export type DescribeLoss = (lines: number, code: string) => string;

const sleeper = new Int32Array(new SharedArrayBuffer(4));

function sleep(ms: number): void {
  Atomics.wait(sleeper, 0, 0, ms);
}

/**
 * Writes lines with few system calls, in order, without ever waiting, throwing or growing beyond
 * its bound. One write at a time is under way, on a thread of libuv's pool: of those four, a stuck
 * disk or journal holds one and leaves three to the store.
 */
export class LineWriter {
  readonly #queue = new LineQueue();
  readonly #describeLoss: DescribeLoss;
  #file: LogFile;
  /** Files that chunks may still be bound to. */
  #retired: readonly LogFile[] = [];
  #phase: Phase = 'idle';
  #timer: NodeJS.Timeout | undefined;
  /** Size of the head's file before the write that is under way. */
  #sizeBefore = 0;
  /** Why the last write was refused; empty since one succeeded. */
  #lastCode = '';
  #droppedLines = 0;
  /** Dropped and not yet told in the log. While there are any, later lines are dropped, too. */
  #untoldLines = 0;
  #closing: Promise<void> | undefined;
  #onClosed: () => void = () => undefined;

  constructor(file: LogFile, describeLoss: DescribeLoss) {
    this.#file = file;
    this.#describeLoss = describeLoss;
  }

  /** Lines that are lost for good. */
  get droppedLines(): number {
    return this.#droppedLines;
  }

  /** Takes one line without its line feed. */
  write(line: string): void {
    const isRefused = this.#closing !== undefined || this.#untoldLines > 0;
    if (isRefused || !this.#queue.add(this.#file, line)) {
      this.#droppedLines++;
      this.#untoldLines++;
    } else if (this.#phase === 'idle') {
      this.#phase = 'gathering';
      setImmediate(this.#writeHead);
    }
  }

  /**
   * Sends later lines to another file. Those that wait go there as well (`move`, for the same log
   * under a new inode), or still to the one they were written for (`stay`), unless it refuses them.
   * The writer closes the old file when it is done with it.
   */
  redirect(file: LogFile, waiting: 'move' | 'stay'): void {
    if (this.#phase === 'closed') {
      closeLogFile(file);
      return;
    }
    const old = this.#file;
    this.#retired = [...this.#retired, old];
    this.#file = file;
    if (this.#phase === 'failed') {
      this.#queue.move(this.#queue.chunks, file);
      this.#again();
    } else if (waiting === 'move') {
      const underWay = this.#phase === 'writing' ? this.#queue.head : undefined;
      const isMovable = (chunk: Chunk): boolean =>
        chunk.file === old && chunk.offset === 0 && chunk !== underWay;
      this.#queue.move(this.#queue.chunks.filter(isMovable), file);
    }
    this.#closeRetired();
  }

  /**
   * Writes all that waits, and waits for it, though not for a destination that does not move for
   * a second. A write that is under way on another thread is let through first, so that lines
   * keep their order; when the process ends, Node itself lets that thread finish.
   */
  flush(): void {
    const underWay = this.#phase === 'writing' ? this.#queue.head : undefined;
    if (underWay !== undefined) this.#awaitWrite(underWay);
    while (this.#writeWaiting(underWay) && this.#untoldLines > 0 && this.#phase !== 'closed') {
      this.#tellLoss();
    }
    this.#closeRetired();
  }

  /** Ends when all that waited is written or refused. Lines that come from now on are dropped. */
  close(): Promise<void> {
    this.#closing ??= new Promise((resolve) => {
      this.#onClosed = resolve;
      if (this.#phase !== 'writing') this.#again();
    });
    return this.#closing;
  }

  /** Ends a pause early. */
  #again(): void {
    clearTimeout(this.#timer);
    this.#phase = 'gathering';
    setImmediate(this.#writeHead);
  }

  readonly #writeHead = (): void => {
    if (this.#phase === 'writing' || this.#phase === 'closed') return;
    const chunk = this.#queue.head;
    if (chunk === undefined) {
      this.#phase = 'idle';
      if (this.#closing !== undefined) this.#finish();
      return;
    }
    this.#phase = 'writing';
    this.#queue.seal(chunk);
    const { file, bytes, offset, length } = chunk;
    if (file.isRegular) this.#sizeBefore = sizeOf(file);
    write(file.fd, bytes, offset, length - offset, null, (error, written) => {
      if (error !== null) this.#refused(chunk, codeOf(error) ?? UNKNOWN);
      // Nothing written and no error: there is no sense in asking again at once.
      else if (written === 0) this.#refused(chunk, 'EAGAIN');
      else this.#wrote(chunk, written);
    });
  };

  #wrote(chunk: Chunk, written: number): void {
    this.#phase = 'gathering';
    chunk.offset += written;
    if (chunk.offset < chunk.length) {
      this.#writeHead();
      return;
    }
    this.#queue.remove(chunk);
    this.#closeRetired();
    if (this.#untoldLines > 0 && this.#closing === undefined) this.#tellLoss();
    this.#lastCode = '';
    if (this.#closing !== undefined || this.#queue.chunks.length > 1) this.#writeHead();
    else this.#timer = setTimeout(this.#writeHead, GATHER_MS);
  }

  #refused(chunk: Chunk, code: string): void {
    this.#lastCode = code;
    if (chunk.file !== this.#file) {
      this.#queue.move(this.#queue.chunks, this.#file);
      this.#closeRetired();
      this.#again();
    } else if (code === 'EAGAIN') {
      this.#phase = 'gathering';
      this.#timer = setTimeout(this.#writeHead, BUSY_MS);
    } else if (this.#closing !== undefined) {
      this.#finish();
    } else {
      this.#phase = 'failed';
      // Not a reason for the process to live on; flush tries once more when it ends.
      this.#timer = setTimeout(this.#writeHead, RETRY_MS).unref();
    }
  }

  #tellLoss(): void {
    const line = this.#describeLoss(this.#untoldLines, this.#lastCode);
    this.#untoldLines = 0;
    this.#queue.add(this.#file, line);
  }

  #finish(): void {
    this.#droppedLines += this.#queue.discard();
    this.#phase = 'closed';
    this.#closeRetired();
    closeLogFile(this.#file);
    this.#onClosed();
  }

  #closeRetired(): void {
    if (this.#retired.length === 0) return;
    const inUse = new Set(this.#queue.chunks.map((chunk) => chunk.file));
    for (const file of this.#retired) {
      if (!inUse.has(file)) closeLogFile(file);
    }
    this.#retired = this.#retired.filter((file) => inUse.has(file));
  }

  /** Sleeps until a write on another thread has arrived in its file. */
  #awaitWrite(chunk: Chunk): void {
    if (!chunk.file.isRegular) {
      sleep(BLIND_PAUSE_MS);
      return;
    }
    const size = this.#sizeBefore + chunk.length - chunk.offset;
    for (
      let waited = 0;
      waited < FLUSH_PATIENCE_MS && sizeOf(chunk.file) < size;
      waited += LOOK_MS
    ) {
      sleep(LOOK_MS);
    }
  }

  /** Returns false if something could not be written. */
  #writeWaiting(underWay: Chunk | undefined): boolean {
    for (const chunk of [...this.#queue.chunks]) {
      if (chunk === underWay) continue;
      if (!this.#writeNow(chunk)) {
        if (chunk.file === this.#file) return false;
        this.#queue.move([chunk], this.#file);
        if (!this.#writeNow(chunk)) return false;
      }
      this.#queue.remove(chunk);
    }
    return true;
  }

  #writeNow(chunk: Chunk): boolean {
    this.#queue.seal(chunk);
    const { file, bytes, length } = chunk;
    let patience = FLUSH_PATIENCE_MS;
    while (chunk.offset < length) {
      try {
        chunk.offset += writeSync(file.fd, bytes, chunk.offset, length - chunk.offset);
        patience = FLUSH_PATIENCE_MS;
      } catch (error) {
        if (codeOf(error) !== 'EAGAIN' || patience <= 0) {
          this.#lastCode = codeOf(error) ?? UNKNOWN;
          return false;
        }
        sleep(LOOK_MS);
        patience -= LOOK_MS;
      }
    }
    return true;
  }
}
