import type { Decision } from '../../greylist/decision.js';
import type { Reply } from '../../protocols/milter/index.js';
import type { MacroSource } from '../answers/macro-source.js';
import { answerTo } from '../answers/decision-reply.js';
import { milterForm } from '../milter/milter-form.js';
import type { Recipient } from '../answers/recipient-judge.js';

/** Length and letter stand before the text of a custom reply, a NUL behind it. */
const headBytes = 5;

/** What the client is told by a decision, as SMTP has it; undefined if it may go on. */
export function describeReply(
  decision: Decision,
  recipient: Pick<Recipient, 'ruling' | 'terms'>,
  context: MacroSource,
): string | undefined {
  const reply = answerTo(milterForm, decision, recipient, context);
  if (reply.kind === 'continue') return undefined;
  return reply.kind === 'tempfail' ? "451 in the MTA's own words" : textOf(reply);
}

function textOf({ bytes }: Reply): string {
  return bytes.toString('latin1', headBytes, bytes.length - 1).replaceAll('%%', '%');
}
