import type { Decision } from '../../greylist/decision.js';
import type { LogFields, Logger, LogLevel } from '../../telemetry/logger.js';
import { describeError } from '../process/describe-error.js';

/** Hears of a decision. Must neither throw nor take long: it is called between answers. */
export type DecisionListener = (decision: Decision) => void;

/** A decision, and the level of its line. */
type Made = readonly [decision: Decision, level: LogLevel | undefined];

/**
 * A logger by which others hear of every decision too, whatever level its line has. Whoever was decided about is
 * answered first: decisions are told when all is done that the event loop is at.
 */
export class DecisionTap implements Logger {
  readonly #logger: Logger;
  #listeners: readonly DecisionListener[] = [];
  #made: Made[] = [];

  /** @param logger where all goes that is said here */
  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** @returns ends it */
  listen(listener: DecisionListener): () => void {
    this.#listeners = [...this.#listeners, listener];
    return () => {
      this.#listeners = this.#listeners.filter((other) => other !== listener);
    };
  }

  get isDebug(): boolean {
    return this.#logger.isDebug ?? false;
  }

  decision(decision: Decision, level?: LogLevel): void {
    if (this.#made.length === 0) process.nextTick(() => this.#tell());
    this.#made.push([decision, level]);
  }

  #tell(): void {
    const all = this.#made;
    this.#made = [];
    for (const made of all) {
      try {
        this.#tellOf(made);
      } catch (error) {
        // Nobody is there who could hear of it.
        this.#logger.error('bug: a decision could not be told', describeError(error));
      }
    }
  }

  #tellOf([decision, level]: Made): void {
    // Whatever becomes of the rest, there is its line.
    this.#logger.decision(decision, level);
    for (const listener of this.#listeners) listener(decision);
  }

  error(message: string, fields?: LogFields): void {
    this.#logger.error(message, fields);
  }

  warn(message: string, fields?: LogFields): void {
    this.#logger.warn(message, fields);
  }

  info(message: string, fields?: LogFields): void {
    this.#logger.info(message, fields);
  }

  debug(message: string, fields?: LogFields): void {
    this.#logger.debug(message, fields);
  }
}
