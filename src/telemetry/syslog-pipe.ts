import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogFile } from './log-file.js';
import { LogError, type LogDestination } from './logger.js';

/** Where syslog puts lines, and what it calls us. */
export type SyslogDestination = Extract<LogDestination, { kind: 'syslog' }>;

/** The longest line: what rsyslog takes unless it is told otherwise. */
const MAX_LINE = '8KiB';

/** How long to leave a logger alone that has ended, doubled each time up to the second. */
const RESTART_MS = 1000;
const MAX_RESTART_MS = 60_000;

/** One that has run for so long has worked, whatever ended it. */
const WORKED_MS = 10_000;

/**
 * The service manager stops all of our processes at once, and a terminal interrupts them all. The
 * last lines come after that; end of file is what ends it.
 */
const UNINTERRUPTED = 'trap "" HUP INT TERM; exec "$@"';

/** Whom the process that writes to syslog is to run as; undefined: as we do. */
export interface SyslogUser {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Opens a way to the local syslog. Node.js has no Unix datagram sockets, so `logger` of util-linux
 * reads our lines from a pipe and sends them. The pipe has a name for a moment only, since Node.js
 * makes no other that both sides can open. We keep both of its ends: what is in it when logger dies
 * waits for the next one.
 *
 * @throws LogError if there is no such program
 */
export function openSyslog(to: SyslogDestination, user?: SyslogUser): LogFile {
  try {
    execFileSync('logger', ['--version'], { stdio: 'ignore' });
  } catch (error) {
    throw refusal('the program logger (util-linux) does not run here', error);
  }
  const { readFd, writeFd } = openPipe();
  const supervisor = new LoggerSupervisor(to, readFd, user);
  return { fd: writeFd, isRegular: false, isOwned: true, onClose: () => supervisor.stop() };
}

function refusal(problem: string, cause: unknown): LogError {
  return new LogError('LOG_CANNOT_OPEN', `cannot log to syslog: ${problem}`, { cause });
}

function openPipe(): { readonly readFd: number; readonly writeFd: number } {
  let directory: string | undefined;
  try {
    directory = mkdtempSync(join(tmpdir(), 'greymilter-log-'));
    const path = join(directory, 'pipe');
    execFileSync('mkfifo', ['-m', '600', path], { stdio: 'ignore' });
    // Each end waits for the other, unless told not to. Writing must never wait, logger must.
    const first = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const writeFd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
    const readFd = openSync(path, constants.O_RDONLY);
    closeSync(first);
    return { readFd, writeFd };
  } catch (error) {
    throw refusal(`no pipe can be made: ${error instanceof Error ? error.message : ''}`, error);
  } finally {
    if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
  }
}

/** Keeps a logger running for as long as the log is open. */
class LoggerSupervisor {
  readonly #command: readonly string[];
  readonly #user: SyslogUser | undefined;
  readonly #readFd: number;
  #child: ChildProcess | undefined;
  #startedAt = 0;
  #pauseMs = RESTART_MS;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor({ facility, tag }: SyslogDestination, readFd: number, user: SyslogUser | undefined) {
    const priority = `${facility}.info`;
    this.#command = [
      ...['logger', '--tag', tag, '--priority', priority, '--prio-prefix'],
      // Without that it would read on and lose all where no syslog runs.
      ...['--socket-errors=on', '--size', MAX_LINE, `--id=${process.pid}`],
    ];
    this.#readFd = readFd;
    this.#user = user;
    this.#start();
  }

  /** The end of the log: once all ends of the pipe are closed logger has read it, and ends. */
  stop(): void {
    if (this.#isStopped) return;
    clearTimeout(this.#timer);
    // What the last one has left in the pipe.
    if (this.#child === undefined) this.#start();
    this.#isStopped = true;
    closeSync(this.#readFd);
  }

  #start(): void {
    // By a clock that nobody sets.
    this.#startedAt = performance.now();
    const child = spawn('/bin/sh', ['-c', UNINTERRUPTED, 'sh', ...this.#command], {
      // What it complains of, a syslog that is not there, is told where we would complain.
      stdio: [this.#readFd, 'ignore', 'inherit'],
      ...this.#user,
    });
    this.#child = child;
    child.unref();
    child.once('error', () => this.#ended(child));
    child.once('exit', () => this.#ended(child));
  }

  #ended(child: ChildProcess): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    if (this.#isStopped) return;
    if (performance.now() - this.#startedAt >= WORKED_MS) this.#pauseMs = RESTART_MS;
    this.#timer = setTimeout(() => this.#start(), this.#pauseMs).unref();
    this.#pauseMs = Math.min(this.#pauseMs * 2, MAX_RESTART_MS);
  }
}
