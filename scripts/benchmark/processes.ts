import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isListening } from '../../test/support/is-listening.js';
import type { LoadOrder, LoadResult, LoadWish } from './load.js';
import { filterAddress } from './address.js';
import { killAtExit } from './at-exit.js';

/** A filter under test, in a process of its own. */
export interface Subject {
  readonly name: string;
  /** A path, or an address such as `inet:10033@127.0.0.1`. */
  readonly path: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** How long a filter may take to begin listening. */
const startMs = 150_000;

/** Short, for the time to the first answer is measured. */
const pollMs = 5;

/** Starts a filter with these arguments for node, or for another program, and waits until it listens. */
export async function startSubject(
  name: string,
  path: string,
  args: readonly string[],
  program = process.execPath,
): Promise<Subject> {
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  killAtExit(child);
  // Without a listener it would be thrown where nobody can catch it.
  child.once('error', () => undefined);
  const isOver = (): boolean =>
    child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
  const stop = async (): Promise<void> => {
    if (isOver()) return;
    const ended = once(child, 'exit');
    // Postgrey loses some.
    const again = setInterval(() => child.kill('SIGTERM'), 500);
    child.kill('SIGTERM');
    await ended;
    clearInterval(again);
  };
  const until = performance.now() + startMs;
  while (!(await isListening(filterAddress(path)))) {
    if (isOver() || performance.now() > until) {
      await stop();
      throw new Error(`${name} does not listen on ${path}`);
    }
    await pause(pollMs);
  }
  if (child.pid === undefined) throw new Error(`${name} could not be started`);
  return { name, path, pid: child.pid, stop };
}

/** What the load process says of a turn. */
type LoadMessage = { readonly result: LoadResult } | { readonly error: string };

/** The process that makes the load; one for the whole run, so that it is warm. */
export class LoadProcess {
  readonly #child: ChildProcess;
  #told: (message: LoadMessage) => void = () => undefined;
  /** Why there is none any more. */
  #failure: string | undefined;

  /** @param program what runs it: Node.js */
  constructor(program: string = process.execPath) {
    const file = fileURLToPath(new URL('load.ts', import.meta.url));
    // By its place, for its name would be looked for from where the caller is.
    const execArgv = ['--import', import.meta.resolve('tsx')];
    this.#child = fork(file, { execPath: program, execArgv });
    killAtExit(this.#child);
    this.#child.on('message', (message: LoadMessage) => this.#told(message));
    this.#child.on('error', ({ message }) => this.#fail(`the load process: ${message}`));
    this.#child.on('exit', () => this.#fail('the load process has ended'));
  }

  /** Throws if it could not be started. */
  get pid(): number {
    const { pid } = this.#child;
    if (pid === undefined) throw new Error(this.#failure ?? 'there is no load process');
    return pid;
  }

  #fail(error: string): void {
    this.#failure ??= error;
    this.#told({ error: this.#failure });
  }

  /**
   * Runs one turn. Rejects if any session was not answered as expected.
   *
   * @param until the turn ends when that has, even if not all sessions have begun
   */
  run(order: LoadOrder, until?: Promise<unknown>): Promise<LoadResult> {
    return new Promise((resolve, reject) => {
      let isOver = false;
      this.#told = (message) => {
        isOver = true;
        if ('result' in message) resolve(message.result);
        else reject(new Error(message.error));
      };
      if (this.#failure === undefined) this.#send(order);
      else this.#told({ error: this.#failure });
      const end = (): void => {
        if (!isOver) this.#send('enough');
      };
      until?.then(end, end);
    });
  }

  #send(wish: LoadWish): void {
    this.#child.send(wish);
  }

  stop(): void {
    this.#child.kill('SIGKILL');
  }
}
