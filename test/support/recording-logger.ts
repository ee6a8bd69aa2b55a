import assert from 'node:assert/strict';
import type { Decision } from '../../src/greylist/decision.js';
import type {
  LogFields,
  LogLevel,
  LogSettings,
  ManagedLogger,
} from '../../src/telemetry/logger.js';

/** One message, as it was logged. */
export interface LogEntry {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: LogFields;
}

/**
 * Keeps what is logged. Warnings and errors that a test does not ask for by `take` make
 * `assertQuiet` fail, so that nothing goes wrong unseen.
 */
export class RecordingLogger implements ManagedLogger {
  readonly decisions: Decision[] = [];
  readonly entries: LogEntry[] = [];
  /** What reloads have asked for. */
  readonly reconfigured: LogSettings[] = [];
  readonly droppedLines = 0;
  /** Makes the next reloads fail with this. */
  refuse: Error | undefined;
  readonly #unexpected: LogEntry[] = [];

  error(message: string, fields: LogFields = {}): void {
    this.#expectNot({ level: 'error', message, fields });
  }

  warn(message: string, fields: LogFields = {}): void {
    this.#expectNot({ level: 'warn', message, fields });
  }

  info(message: string, fields: LogFields = {}): void {
    this.entries.push({ level: 'info', message, fields });
  }

  debug(message: string, fields: LogFields = {}): void {
    this.entries.push({ level: 'debug', message, fields });
  }

  decision(decision: Decision): void {
    this.decisions.push(decision);
  }

  setLevel(): void {
    // Everything is kept, whatever the level.
  }

  reconfigure(settings: LogSettings): void {
    if (this.refuse !== undefined) throw this.refuse;
    this.reconfigured.push(settings);
  }

  reopen(): void {
    if (this.refuse !== undefined) throw this.refuse;
  }

  flush(): void {
    // There is nothing to write.
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** The oldest warning or error with this message, which from now on counts as expected. */
  take(message: string): LogEntry {
    const index = this.#unexpected.findIndex((entry) => entry.message === message);
    const [entry] = index < 0 ? [] : this.#unexpected.splice(index, 1);
    assert.ok(entry, `not logged: "${message}"; but: ${describe(this.#unexpected)}`);
    return entry;
  }

  /** All warnings and errors that nobody has taken, or those with this message. */
  takeAll(message?: string): readonly LogEntry[] {
    const all = this.#unexpected.splice(0);
    if (message === undefined) return all;
    this.#unexpected.push(...all.filter((entry) => entry.message !== message));
    return all.filter((entry) => entry.message === message);
  }

  /** How many warnings and errors nobody has taken. */
  get unexpected(): number {
    return this.#unexpected.length;
  }

  /** Fails if a warning or an error was logged that nobody has taken. */
  assertQuiet(): void {
    assert.equal(this.#unexpected.length, 0, `logged: ${describe(this.#unexpected)}`);
  }

  #expectNot(entry: LogEntry): void {
    this.entries.push(entry);
    this.#unexpected.push(entry);
  }
}

/** A logger that fails the test in the end if a warning or an error was not asked for. */
export function createRecordingLogger(cleanUp: {
  after(check: () => void): void;
}): RecordingLogger {
  const logger = new RecordingLogger();
  cleanUp.after(() => logger.assertQuiet());
  return logger;
}

function describe(entries: readonly LogEntry[]): string {
  return entries.length === 0
    ? 'nothing'
    : entries.map((entry) => `${entry.message} ${JSON.stringify(entry.fields)}`).join('; ');
}
