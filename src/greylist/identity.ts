import type { SpfFinding } from '../rules/lookups.js';

/** What shows that a client is one that has tried before. */
export type Identity = 'network' | 'spf' | 'host-name';

/** Which proofs are looked for where the network is new. */
export interface IdentitySettings {
  readonly spf: boolean;
  readonly hostName: boolean;
}

/** What was found out about an attempt's client before it is judged. */
export interface Proof {
  /** What shows that it is the same client as a source of the pair, by that source's address. */
  readonly sameAs: ReadonlyMap<string, 'spf' | 'host-name'>;
  /** By SPF it must not send mail of this sender. */
  readonly spfFails: boolean;
}

/** Nothing was found out. */
export const NO_PROOF: Proof = { sameAs: new Map(), spfFails: false };

/**
 * The widest networks that say something about who sends: large providers list no wider ones, and who
 * wants all the world to pass must not make all the world one client.
 */
const WIDEST = { 4: 12, 6: 32 } as const;

/**
 * Whether SPF shows that a client belongs to the sender's domain: it passes, by a term that lists
 * addresses, and not too many of them. `all`, `exists` and `ptr` match whom the domain's owner has
 * never heard of.
 */
export function isNarrowPass({ result, prefix }: SpfFinding, family: 4 | 6): boolean {
  return result === 'pass' && prefix !== undefined && prefix >= WIDEST[family];
}

/** Whether SPF passes, and not by `all`, which says of no client more than of any other. */
export function isTellingPass({ result, term }: SpfFinding): boolean {
  return result === 'pass' && !/(?:^| )all$/.test(term ?? '');
}
