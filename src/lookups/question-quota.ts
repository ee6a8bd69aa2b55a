import { networkOf } from '../mail/network.js';
import type { IpAddress } from '../mail/ip-address.js';

/** How much may be asked because of what clients send. */
export interface QuotaLimits {
  /** Questions under way, over all clients. */
  readonly inFlight: number;
  /** Questions under way for one client network. */
  readonly inFlightPerNetwork: number;
  /** Questions for one client network in a minute. */
  readonly perMinute: number;
}

/**
 * A single lookup can cost a hundred questions (ten exchangers of each of ten `mx` terms), and a
 * busy network has many senders, whose answers are mostly cached. Beyond these it is more likely
 * that somebody makes us ask.
 */
export const defaultQuota: QuotaLimits = {
  inFlight: 1000,
  inFlightPerNetwork: 64,
  perMinute: 1200,
};

interface NetworkUse {
  asked: number;
  inFlight: number;
}

const MINUTE_MS = 60_000;
/** What one customer of a provider has at least: a /24, and a /48 by RFC 6177. */
const PREFIXES = { 4: 24, 6: 48 } as const;

/** Keeps one sender from making us ask for ever. */
export class QuestionQuota {
  readonly #limits: QuotaLimits;
  readonly #networks = new Map<string, NetworkUse>();
  #inFlight = 0;
  #minute = 0;

  constructor(limits: QuotaLimits = defaultQuota) {
    this.#limits = limits;
  }

  /**
   * Takes one question's share; undefined if there is none left, else what {@link release} wants
   * back.
   *
   * @param now - epoch milliseconds
   */
  take(client: IpAddress | undefined, now: number): string | undefined {
    this.#beginMinute(Math.floor(now / MINUTE_MS));
    const key = client === undefined ? '' : networkOf(client, PREFIXES[client.family]).text;
    const use = this.#networks.get(key) ?? { asked: 0, inFlight: 0 };
    const { inFlight, inFlightPerNetwork, perMinute } = this.#limits;
    if (this.#inFlight >= inFlight) return undefined;
    if (use.inFlight >= inFlightPerNetwork || use.asked >= perMinute) return undefined;
    use.asked++;
    use.inFlight++;
    this.#inFlight++;
    this.#networks.set(key, use);
    return key;
  }

  release(key: string): void {
    const use = this.#networks.get(key);
    if (use !== undefined) use.inFlight--;
    this.#inFlight--;
  }

  /** Only networks with a question under way outlive their minute, so the map stays small. */
  #beginMinute(minute: number): void {
    if (minute === this.#minute) return;
    this.#minute = minute;
    for (const [key, use] of this.#networks) {
      use.asked = 0;
      if (use.inFlight === 0) this.#networks.delete(key);
    }
  }
}
