import type { Decision } from '../../greylist/decision.js';
import type { Logger } from '../../telemetry/logger.js';

/** How many decisions are looked at together, and how many of one client are too many of them. */
const windowSize = 1000;
const tooMany = 950;

/**
 * Warns when nearly all mail comes from one trusted address: then something in front of the MTA, a
 * NAT or a proxy, hides the clients, and nobody is greylisted although all seems well.
 */
export class TrustedWatch {
  readonly #logger: Logger;
  readonly #counts = new Map<string, number>();
  #seen = 0;
  #warnedOf: string | undefined;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Hears of a decision. */
  see({ reason, attempt }: Pick<Decision, 'reason' | 'attempt'>): void {
    this.#seen++;
    const client = attempt.clientAddress?.text;
    if (reason === 'trusted' && client !== undefined) {
      this.#counts.set(client, (this.#counts.get(client) ?? 0) + 1);
    }
    if (this.#seen < windowSize) return;
    this.#look();
    this.#counts.clear();
    this.#seen = 0;
  }

  // Once for an address: whoever wants it so has read it then.
  #look(): void {
    for (const [client, count] of this.#counts) {
      if (count < tooMany || client === this.#warnedOf) continue;
      this.#warnedOf = client;
      this.#logger.warn(
        'nearly all mail comes from one trusted address: if a NAT or a proxy in front of the MTA hides the clients, nobody is greylisted; take it off `trusted`, or let it tell the MTA who they are (XCLIENT, PROXY)',
        { client, of: windowSize, count },
      );
    }
  }
}
