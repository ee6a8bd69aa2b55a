import type { Finding } from '../../greylist/decision.js';
import type { Recipient } from './recipient-judge.js';

/** A recipient, and what was found about it. */
export interface Heard {
  readonly recipient: Recipient;
  readonly finding: Finding;
}

/** Who has to wait longest; one in another mode than enforce waits only where nobody else does. */
export function longestWait(
  heard: readonly Heard[],
): (Heard & { readonly finding: Finding & { readonly verdict: 'tempfail' } }) | undefined {
  let longest: (Heard & { readonly finding: Finding & { verdict: 'tempfail' } }) | undefined;
  for (const { recipient, finding } of heard) {
    if (finding.verdict !== 'tempfail') continue;
    const isEnforced = recipient.terms.mode === 'enforce';
    if (longest?.recipient.terms.mode === 'enforce' && !isEnforced) continue;
    const isMore =
      longest === undefined ||
      longest.recipient.terms.mode !== recipient.terms.mode ||
      (finding.waitMs ?? 0) > (longest.finding.waitMs ?? 0);
    if (isMore) longest = { recipient, finding };
  }
  return longest;
}
