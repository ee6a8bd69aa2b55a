import type { Decision } from '../greylist/decision.js';
import { replies, type Reply } from '../protocols/milter/index.js';
import type { MacroSource } from './macro-source.js';
import type { Recipient } from './recipient-judge.js';
import { replyValues } from './reply-values.js';

/** What the MTA is told of a decision about one recipient. */
export function replyTo(
  decision: Decision,
  { ruling, terms }: Pick<Recipient, 'ruling' | 'terms'>,
  context: MacroSource,
): Reply<'continue' | 'tempfail' | 'replycode'> {
  const shown = { attempt: decision.attempt, found: ruling?.found };
  switch (decision.verdict) {
    case 'accept':
    // The message goes on to the others; at its end this recipient is taken off it.
    case 'discard':
    case 'quarantine':
      return replies.continue;
    case 'reject':
      return terms.rejectReply(replyValues(shown, 0, terms, context));
    case 'tempfail': {
      if (decision.reason === 'rule') {
        return terms.tempfailReply(replyValues(shown, 0, terms, context));
      }
      const { waitMs } = decision;
      if (waitMs === undefined) return replies.tempfail;
      return terms.greylistReply(replyValues(shown, waitMs, terms, context));
    }
  }
}
