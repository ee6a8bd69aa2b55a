import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseSocketAddress } from '../../src/config/socket-address.js';
import { MtaPeer } from './mta-peer.js';
import type { NetworkHost } from './test-network.js';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const tsx = import.meta.resolve('tsx');

/** Options of `serve` and `explain`: this machine's name servers are none of a test's business. */
export const askNobody: readonly string[] = ['--set', 'greylist.providers=greylist'];
const askingCommands: ReadonlySet<string | undefined> = new Set(['serve', 'explain']);

/** How a process ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to run the program. */
export interface ProcessOptions {
  /** A file that the log goes to; without one, standard error. */
  readonly logFile?: string;
  /** Options of Node.js. */
  readonly nodeOptions?: readonly string[];
  readonly withinMs?: number;
  /** What it reads on standard input; nothing without it. */
  readonly input?: string;
  /** Variables beside our own. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** The machine that it runs on, in place of this one. */
  readonly machine?: Pick<NetworkHost, 'enter'> | undefined;
}

/** Runs the command line to its end. */
export async function runGreymilter(
  args: readonly string[],
  options: ProcessOptions = {},
): Promise<Ending> {
  return await new GreymilterProcess(args, options).ending;
}

/** With a file the admin socket would be the system's own, where one test finds the other's. */
export function withoutAdmin(args: readonly string[]): readonly string[] {
  const isServed = args[0] === 'serve' && args.includes('--config');
  return isServed && !args.some((arg) => arg.includes('listen.admin'))
    ? ['--set', 'listen.admin=null']
    : [];
}

/** The program in a process of its own, with what it has said so far. */
export class GreymilterProcess {
  readonly #child: ChildProcess;
  readonly #withinMs: number;
  readonly #logFile: string | undefined;
  #stdout = '';
  #stderr = '';
  /** Whoever waits for the log to grow; one process may be asked for several lines at a time. */
  readonly #waiting = new Set<() => void>();
  readonly #closed: Promise<Ending>;

  constructor(args: readonly string[], options: ProcessOptions = {}) {
    this.#withinMs = options.withinMs ?? 60_000;
    this.#logFile = options.logFile;
    const nodeOptions = ['--import', tsx, ...(options.nodeOptions ?? [])];
    const more = [...(askingCommands.has(args[0]) ? askNobody : []), ...withoutAdmin(args)];
    const [program, ...first] = [...(options.machine?.enter ?? []), process.execPath];
    this.#child = spawn(program, [...first, ...nodeOptions, main, ...args, ...more], {
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...options.environment },
    });
    this.#child.stdin?.end(options.input);
    this.#child.stdout?.on('data', (chunk: Buffer) => (this.#stdout += chunk.toString()));
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr += chunk.toString();
      this.#wake();
    });
    this.#closed = new Promise((resolve) => {
      this.#child.once('close', (code, signal) => {
        this.#wake();
        resolve({ code, signal, stdout: this.#stdout, stderr: this.#stderr });
      });
    });
  }

  /** How it ends; rejects if that takes too long from the moment on when it is asked for. */
  get ending(): Promise<Ending> {
    const ending = this.#within(this.#closed, 'it has not ended');
    // Who does not wait for it does not care.
    ending.catch(() => undefined);
    return ending;
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  /** All that it has logged. */
  get log(): string {
    if (this.#logFile === undefined) return this.#stderr;
    return existsSync(this.#logFile) ? readFileSync(this.#logFile, 'utf8') : '';
  }

  /** What it has written to standard error. */
  get stderr(): string {
    return this.#stderr;
  }

  /** What it has written to standard output. */
  get stdout(): string {
    return this.#stdout;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Waits until the log, behind `from`, has what is looked for; returns the whole line. */
  async logged(pattern: RegExp, from = 0): Promise<string> {
    const find = (): string | undefined =>
      this.log
        .slice(from)
        .split('\n')
        .find((line) => pattern.test(line));
    const wait = async (): Promise<string> => {
      for (;;) {
        const line = find();
        if (line !== undefined) return line;
        const { exitCode, signalCode } = this.#child;
        if (exitCode !== null || signalCode !== null) {
          throw new Error(`it has ended: ${this.#stderr}`);
        }
        // A log file tells nobody that it has grown.
        const later = setTimeout(() => this.#wake(), 20);
        await new Promise<void>((resolve) => this.#waiting.add(resolve));
        clearTimeout(later);
      }
    };
    return await this.#within(wait(), `not logged: ${String(pattern)}`);
  }

  /** Waits until it serves; returns its addresses. */
  async ready(): Promise<readonly string[]> {
    const line = await this.logged(/ ready /);
    const [, addresses = ''] = /listening="?([^"]*?)"?(?: store=|$)/.exec(line) ?? [];
    return addresses.split(' ');
  }

  /** An MTA that has connected. */
  async connect(address: string): Promise<MtaPeer> {
    const parsed = parseSocketAddress(address);
    if (!('ok' in parsed)) throw new Error(`${address} ${parsed.problem}`);
    return await MtaPeer.connect(parsed.ok);
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  async #within<T>(promise: Promise<T>, problem: string): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(new Error(`${problem} within ${this.#withinMs} ms; it said: ${this.#stderr}`));
      }, this.#withinMs);
    });
    try {
      return await Promise.race([promise, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Starts `serve`, and kills it in the end if it still runs. */
export function startGreymilter(
  cleanUp: { after(stop: () => Promise<void>): void },
  args: readonly string[],
  options: ProcessOptions = {},
): GreymilterProcess {
  const greymilter = new GreymilterProcess(['serve', ...args], options);
  cleanUp.after(async () => {
    greymilter.kill('SIGKILL');
    await greymilter.ending.catch(() => undefined);
  });
  return greymilter;
}
