import type { Config } from '../../config/schema.js';
import type { Outcome } from '../../greylist/advance.js';
import { networkOf } from '../../mail/network.js';
import { verdictOnFailure } from '../policy/failure-policy.js';
import type { Impairments } from '../process/impairments.js';
import type { PendingCaps, PendingTriplets } from '../stores/pending-triplets.js';
import type { Judgement, Question } from './greylister.js';

/** As `NetworkCounts` has them. */
const PREFIXES = { 4: 24, 6: 48 } as const;

/** What a configuration says of it. */
export function pendingCaps({ limits }: Pick<Config, 'limits'>): PendingCaps {
  return { all: limits.pending, perNetwork: limits['pending-per-network'] };
}

/** Keeps more triplets from being remembered than may wait: nobody fills the store with them. */
export class PendingGate {
  readonly #pending: PendingTriplets;
  readonly #impairments: Pick<Impairments, 'networkFlood' | 'pendingFull'>;

  constructor(
    pending: PendingTriplets,
    impairments: Pick<Impairments, 'networkFlood' | 'pendingFull'>,
  ) {
    this.#pending = pending;
    this.#impairments = impairments;
  }

  /**
   * What becomes of an attempt that must not be remembered; undefined if it may be. A triplet that is
   * stored already, or passes, always may.
   */
  judge({ source, settings, failure }: Question, outcome: Outcome): Judgement | undefined {
    // What is learnt does not wait.
    if (outcome.reason !== 'greylist-new' || settings.learnForMs !== undefined) return undefined;
    const { address } = source;
    const excess = this.#pending.excessFor(address);
    if (excess === undefined) return undefined;
    const { cap, pending } = excess;
    const most = this.#pending.caps[cap];
    if (cap === 'perNetwork') {
      const network = networkOf(address, PREFIXES[address.family]).text;
      this.#impairments.networkFlood.meet({ network, pending, most });
      return outcome;
    }
    const verdict = verdictOnFailure('store-full', failure);
    this.#impairments.pendingFull.meet({ verdict, pending, most });
    return verdict === 'stand' ? outcome : { kind: 'undecided', verdict, reason: 'overload' };
  }
}
