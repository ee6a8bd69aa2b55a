import type { Decision } from '../../greylist/decision.js';
import type { LogFields, Logger, LogLevel } from '../../telemetry/logger.js';

/** Hears of a decision. Must neither throw nor take long: it is called on the way to the answer. */
export type DecisionListener = (decision: Decision) => void;

/** A logger by which others hear of every decision too, whatever level its line has. */
export class DecisionTap implements Logger {
  readonly #logger: Logger;
  #listeners: readonly DecisionListener[] = [];

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
    for (const listener of this.#listeners) listener(decision);
    this.#logger.decision(decision, level);
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
