import type { Decision } from '../greylist/decision.js';
import type { ReplyValues } from '../greylist/reply-template.js';
import type { MacroSource } from './macro-source.js';
import type { Ruling } from '../rules/rule.js';
import type { Terms } from './terms.js';
import { textContext } from './text-context.js';

/** What a reply's text may show. */
export function replyValues(
  decision: Pick<Decision, 'attempt' | 'at' | 'reason' | 'verdict'>,
  waitMs: number,
  { ruling, terms }: { readonly ruling: Ruling | undefined; readonly terms: Terms },
  macros: MacroSource,
): ReplyValues {
  const { attempt, at: now, reason, verdict } = decision;
  const { delayMs } = terms.greylist;
  return {
    waitMs,
    delayMs,
    client: attempt.clientAddress?.text,
    name: attempt.clientName,
    from: attempt.sender.text,
    to: attempt.recipient.text,
    id: attempt.id,
    host: macros.macro('j'),
    dnsbl: ruling?.found?.get('dnsbl'),
    // Most texts show none of it, and it costs more than all else here.
    get context() {
      return textContext(terms.surroundings, {
        ...{ attempt, now, macros, ruling },
        remainingMs: waitMs,
        elapsedMs: waitMs === 0 ? 0 : delayMs - waitMs,
        decision: { verdict, reason },
      });
    },
  };
}
