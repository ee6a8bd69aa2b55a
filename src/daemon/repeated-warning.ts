import type { LogFields, Logger } from '../telemetry/logger.js';
import type { Clock } from './clock.js';

const intervalMs = 60_000;

/**
 * A warning that a peer can cause as often as it likes: logged when it first happens, then at most
 * once a minute with the number of times it happened since.
 */
export class RepeatedWarning {
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #message: string;
  #loggedAt = -Infinity;
  #since = 0;

  constructor(message: string, logger: Logger, clock: Clock) {
    this.#message = message;
    this.#logger = logger;
    this.#clock = clock;
  }

  warn(fields: LogFields): void {
    const now = this.#clock.now();
    this.#since++;
    if (Math.abs(now - this.#loggedAt) < intervalMs) return;
    this.#logger.warn(this.#message, {
      ...fields,
      times: this.#since > 1 ? this.#since : undefined,
    });
    this.#loggedAt = now;
    this.#since = 0;
  }
}
