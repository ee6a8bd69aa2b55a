import type { Decision } from '../greylist/decision.js';
import type { MilterContext, Reply } from '../protocols/milter/index.js';
import { replyValues } from './reply-values.js';
import type { Terms } from './terms.js';

/** Length and letter stand before the text of a custom reply, a NUL behind it. */
const headBytes = 5;

/** What the client is told by a decision, as SMTP has it; undefined if it may go on. */
export function describeReply(
  decision: Decision,
  terms: Terms,
  context: Pick<MilterContext, 'macro'>,
): string | undefined {
  switch (decision.verdict) {
    case 'accept':
    case 'discard':
    case 'quarantine':
      return undefined;
    case 'reject':
      return textOf(terms.rejectReply(replyValues(decision, 0, terms, context)));
    case 'tempfail': {
      const { reason, waitMs } = decision;
      if (reason === 'rule') {
        return textOf(terms.tempfailReply(replyValues(decision, 0, terms, context)));
      }
      if (waitMs === undefined) return "451 in the MTA's own words";
      return textOf(terms.greylistReply(replyValues(decision, waitMs, terms, context)));
    }
  }
}

function textOf({ bytes }: Reply<'replycode'>): string {
  return bytes.toString('latin1', headBytes, bytes.length - 1).replaceAll('%%', '%');
}
