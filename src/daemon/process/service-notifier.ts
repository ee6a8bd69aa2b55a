import { spawn } from 'node:child_process';
import type { Logger } from '../../telemetry/logger.js';

/** What the service manager is told; undefined where nobody wants to know. */
export interface ServiceNotifier {
  /** The start is over: whoever connects is served. */
  ready(): void;
  /** A reload begins; it ends with {@link ready}, whatever came of it. */
  reloading(): void;
  /** Something has changed that the status tells. */
  changed(): void;
  stopping(): void;
}

/** What a notifier needs. */
export interface ServiceNotifierOptions {
  /** The environment that the service manager has made. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly pid: number;
  readonly logger: Logger;
  /** A line for people, such as `systemctl status` shows; it goes along with what is sent anyway. */
  readonly status: () => string;
  /** Ends when the daemon works; without that the watchdog is told nothing. */
  readonly awaitHealth: () => Promise<void>;
  /** Takes the place of systemd-notify, in tests. */
  readonly program?: string | undefined;
}

/** What waits for its turn is one message for each moment in a life, so this is never reached. */
const MAX_WAITING = 16;

/**
 * Talks to the service manager as sd_notify(3) says: a datagram to the socket that `NOTIFY_SOCKET`
 * names. Node.js cannot send one, so systemd-notify, which is there wherever systemd is, does; the
 * unit needs NotifyAccess=all for that. It waits until its message has been taken, so one at a time
 * keeps their order.
 */
export function createServiceNotifier(options: ServiceNotifierOptions): ServiceNotifier {
  const { NOTIFY_SOCKET: socket } = options.environment;
  if (socket === undefined || socket === '') {
    return {
      ready: () => undefined,
      changed: () => undefined,
      reloading: () => undefined,
      stopping: () => undefined,
    };
  }
  const { status } = options;
  const messenger = new Messenger(options.program ?? 'systemd-notify', options.logger);
  let isStopping = false;
  let isReady = false;
  let watchdog: NodeJS.Timeout | undefined;
  const startWatchdog = (): void => {
    const intervalMs = watchdogInterval(options);
    if (intervalMs === undefined || watchdog !== undefined) return;
    // One look at a time: a store that does not answer must not gather questions.
    const feed = async (): Promise<void> => {
      await options.awaitHealth();
      messenger.send(['WATCHDOG=1', `STATUS=${status()}`]);
    };
    let looking: Promise<void> | undefined;
    const look = (): void => {
      looking ??= feed().finally(() => (looking = undefined));
    };
    watchdog = setInterval(look, intervalMs).unref();
  };
  return {
    ready: () => {
      if (isStopping) return;
      isReady = true;
      messenger.send(['READY=1', `STATUS=${status()}`]);
      startWatchdog();
    },
    reloading: () => {
      if (isStopping) return;
      // The clock that Node.js counts by is the one that systemd compares with.
      const now = process.hrtime.bigint() / 1000n;
      messenger.send(['RELOADING=1', `MONOTONIC_USEC=${now}`]);
    },
    changed: () => {
      if (isReady && !isStopping) messenger.send([`STATUS=${status()}`]);
    },
    stopping: () => {
      isStopping = true;
      messenger.send(['STOPPING=1', `STATUS=${status()}`]);
    },
  };
}

/**
 * How often the watchdog of sd_watchdog_enabled(3) is to hear of us: twice in its time.
 *
 * @returns milliseconds; undefined if it is not for us
 */
export function watchdogInterval({
  environment,
  pid,
}: Pick<ServiceNotifierOptions, 'environment' | 'pid'>): number | undefined {
  const { WATCHDOG_USEC: limit = '', WATCHDOG_PID: addressee = String(pid) } = environment;
  if (!/^[1-9]\d{0,14}$/.test(limit) || addressee !== String(pid)) return undefined;
  return Math.min(Math.max(Number(limit) / 2000, 1), 2 ** 31 - 1);
}

/** Sends one message after the other, and complains once if that cannot be done. */
class Messenger {
  readonly #program: string;
  readonly #logger: Logger;
  readonly #waiting: (readonly string[])[] = [];
  #isSending = false;
  #hasComplained = false;

  constructor(program: string, logger: Logger) {
    this.#program = program;
    this.#logger = logger;
  }

  send(message: readonly string[]): void {
    if (this.#waiting.length >= MAX_WAITING) return;
    this.#waiting.push(message);
    if (!this.#isSending) this.#sendNext();
  }

  #sendNext(): void {
    const message = this.#waiting.shift();
    this.#isSending = message !== undefined;
    if (message === undefined) return;
    const child = spawn(this.#program, message, { stdio: 'ignore' });
    // What it is told last is that we stop, and then nobody waits for it.
    child.unref();
    child.once('error', (error) => {
      this.#complain(error.message);
      this.#sendNext();
    });
    child.once('exit', (code, signal) => {
      if (code !== 0) this.#complain(`${this.#program} ended with ${signal ?? code ?? 'nothing'}`);
      this.#sendNext();
    });
  }

  // Also a problem that lasts is one line: it is the same each time.
  #complain(error: string): void {
    if (this.#hasComplained) return;
    this.#hasComplained = true;
    this.#logger.warn('the service manager cannot be told how we are', { error });
  }
}
