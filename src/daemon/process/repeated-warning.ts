import type { LogFields, Logger } from '../../telemetry/logger.js';
import type { Clock } from './clock.js';

const intervalMs = 60_000;

/**
 * A warning or an error that a peer can cause, or an outage repeat, as often as it likes: logged when it first happens, then at most
 * once a minute with the number of times it happened since.
 */
export class RepeatedWarning {
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #message: string;
  readonly #level: 'warn' | 'error';
  #loggedAt = -Infinity;
  #since = 0;

  constructor(message: string, logger: Logger, clock: Clock, level: 'warn' | 'error' = 'warn') {
    this.#message = message;
    this.#level = level;
    this.#logger = logger;
    this.#clock = clock;
  }

  warn(fields: LogFields): void {
    const now = this.#clock.now();
    this.#since++;
    if (Math.abs(now - this.#loggedAt) < intervalMs) return;
    this.#logger[this.#level](this.#message, {
      ...fields,
      times: this.#since > 1 ? this.#since : undefined,
    });
    this.#loggedAt = now;
    this.#since = 0;
  }
}
