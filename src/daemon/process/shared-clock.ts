import type { TimeGap } from '../../greylist/time-gap.js';
import type { ServerTime } from '../../store/redis/server-time.js';
import type { Logger } from '../../telemetry/logger.js';
import { expiryTime, shownTime, type Clock, type ClockDoubt } from './clock.js';

/** A difference that somebody should do something about: no clock that is kept is so far off. */
const NOTABLE_MS = 2_000;

/**
 * The clock that all daemons on one store go by: each one's own, put right by what the store's server
 * says. So a first attempt at one and a second at another are as far apart as they are, whatever the
 * hosts' clocks say. A store that says nothing leaves it as it is.
 */
export class SharedClock implements Clock {
  readonly #local: Clock;
  readonly #logger: Pick<Logger, 'warn' | 'info'>;
  #offsetMs = 0;
  #toldMs = 0;

  constructor(local: Clock, logger: Pick<Logger, 'warn' | 'info'>) {
    this.#local = local;
    this.#logger = logger;
  }

  now(): number {
    return this.#local.now() + this.#offsetMs;
  }

  wallNow(): number {
    return shownTime(this.#local) + this.#offsetMs;
  }

  expiryNow(): number {
    return expiryTime(this.#local) + this.#offsetMs;
  }

  /** Only a store of this machine goes by its clock, and no server puts that right. */
  get gap(): TimeGap | undefined {
    return this.#local.gap;
  }

  get doubt(): ClockDoubt | undefined {
    return this.#local.doubt;
  }

  /** Takes over what the server says; `localNow` is what this clock said then. */
  hear({ serverNow, localNow, errorMs }: ServerTime): void {
    const wrongMs = serverNow - localNow;
    // Within what the way to the server makes uncertain it would only jump to and fro.
    if (Math.abs(wrongMs) <= errorMs + 1) return;
    this.#offsetMs = Math.round(this.#offsetMs + wrongMs);
    const isNotable = Math.abs(this.#offsetMs) >= NOTABLE_MS;
    const seconds = this.#offsetMs / 1000;
    if (isNotable && Math.abs(this.#offsetMs - this.#toldMs) >= NOTABLE_MS) {
      this.#toldMs = this.#offsetMs;
      const what = 'the clock of this machine differs from that of the store, which counts';
      this.#logger.warn(what, { seconds });
    } else if (!isNotable && this.#toldMs !== 0) {
      this.#toldMs = 0;
      this.#logger.info('the clock of this machine agrees with that of the store again', {
        seconds,
      });
    }
  }
}
