import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, createWriteStream, openSync, type WriteStream } from 'node:fs';
import { fileProblem } from '../mail/file-problem.js';
import { LogError } from './logger.js';

/** Where records of activity go. */
export type ActivityTarget =
  | { readonly kind: 'file'; readonly path: string; readonly isAppended: boolean }
  /** A command for the shell, which reads them. */
  | { readonly kind: 'pipe'; readonly command: string };

/** Takes records of activity. */
export interface ActivitySink {
  /** Never waits and never throws; false if there is no room, and the record is left out. */
  write(text: string): boolean;
  /** Ends once what was written has left, or after some seconds. */
  close(): Promise<void>;
}

/** What may wait for a disk or a command that is slow, in bytes. */
const MAX_WAITING = 1024 * 1024;
/** How long a stopping daemon waits for them. */
const CLOSE_MS = 2000;
/** How long to leave a command alone that has ended, doubled each time up to the second. */
const RESTART_MS = 1000;
const MAX_RESTART_MS = 60_000;
/** One that has run for so long has worked, whatever ended it. */
const WORKED_MS = 10_000;
/** Whatever interrupts all of our processes at once: the last records come after that. */
const UNINTERRUPTED = 'trap "" HUP INT TERM; exec /bin/sh -c "$1"';

/**
 * Opens it.
 *
 * @param failed hears of what goes wrong later
 * @throws LogError if a file cannot be opened
 */
export function openActivitySink(
  target: ActivityTarget,
  failed: (error: unknown) => void,
): ActivitySink {
  return target.kind === 'file' ? new FileSink(target, failed) : new PipeSink(target, failed);
}

class FileSink implements ActivitySink {
  readonly #stream: WriteStream;

  constructor(
    { path, isAppended }: Extract<ActivityTarget, { kind: 'file' }>,
    failed: (error: unknown) => void,
  ) {
    try {
      // Emptied at once, and then appended to, so that it may be emptied again while it is open.
      if (!isAppended) closeSync(openSync(path, 'w', 0o640));
      const fd = openSync(path, 'a', 0o640);
      this.#stream = createWriteStream(path, { fd });
    } catch (error) {
      const problem = fileProblem(error, 'write');
      throw new LogError('LOG_CANNOT_OPEN', `cannot write activity to ${path}: ${problem}`, {
        cause: error,
      });
    }
    this.#stream.on('error', failed);
  }

  write(text: string): boolean {
    if (this.#stream.destroyed || this.#stream.writableLength > MAX_WAITING) return false;
    this.#stream.write(text);
    return true;
  }

  close(): Promise<void> {
    return endInTime((done) => {
      if (this.#stream.destroyed) done();
      else this.#stream.end(done);
    });
  }
}

/** Keeps a command running for as long as records are written. */
class PipeSink implements ActivitySink {
  readonly #command: string;
  readonly #failed: (error: unknown) => void;
  #child: ChildProcess | undefined;
  #startedAt = 0;
  #pauseMs = RESTART_MS;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(
    { command }: Extract<ActivityTarget, { kind: 'pipe' }>,
    failed: (error: unknown) => void,
  ) {
    this.#command = command;
    this.#failed = failed;
    this.#start();
  }

  write(text: string): boolean {
    const stdin = this.#child?.stdin;
    if (stdin?.writable !== true || stdin.writableLength > MAX_WAITING) return false;
    stdin.write(text);
    return true;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    const child = this.#child;
    await endInTime((done) => {
      if (child === undefined) done();
      else {
        child.once('exit', done);
        child.stdin?.end();
      }
    });
    // One that reads nothing would stay behind.
    child?.kill('SIGKILL');
  }

  #start(): void {
    // By a clock that nobody sets.
    this.#startedAt = performance.now();
    const child = spawn('/bin/sh', ['-c', UNINTERRUPTED, 'sh', this.#command], {
      stdio: ['pipe', 'inherit', 'inherit'],
    });
    this.#child = child;
    child.stdin.on('error', () => undefined);
    child.once('error', (error) => this.#ended(child, error));
    child.once('exit', (code) =>
      this.#ended(child, new Error(`it ended with ${code ?? 'a signal'}`)),
    );
  }

  #ended(child: ChildProcess, error: Error): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    if (this.#isClosed) return;
    this.#failed(error);
    if (performance.now() - this.#startedAt >= WORKED_MS) this.#pauseMs = RESTART_MS;
    this.#timer = setTimeout(() => this.#start(), this.#pauseMs).unref();
    this.#pauseMs = Math.min(this.#pauseMs * 2, MAX_RESTART_MS);
  }
}

function endInTime(end: (done: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, CLOSE_MS);
    end(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
