import type { Decision } from '../../greylist/decision.js';
import type { MacroSource } from './macro-source.js';
import type { Recipient } from './recipient-judge.js';
import { renderReply, replyFormOf } from './reply-forms.js';
import { DecisionValues } from './reply-values.js';
import type { Told } from './text-context.js';

/** A decision with what the client is told because of it. */
export function toldOf(
  decision: Decision,
  { ruling, terms }: Pick<Recipient, 'ruling' | 'terms'>,
  macros: MacroSource,
): Told {
  const { attempt, at: now, verdict, reason, would } = decision;
  const told = { attempt, now, macros, ruling, decision: { verdict, reason } };
  if (verdict === 'accept' || verdict === 'discard' || verdict === 'quarantine') {
    return { ...told, elapsedMs: would === 'accept' ? decision.delayedMs : undefined };
  }
  const waitMs = would === 'tempfail' ? (decision.waitMs ?? 0) : 0;
  const form = replyFormOf(terms.replyForms, decision);
  const values = new DecisionValues(decision, waitMs, { ruling, terms }, macros);
  const { code, enhanced } = form;
  return {
    ...told,
    remainingMs: waitMs,
    elapsedMs: values.elapsedMs,
    reply: { code, enhanced, text: renderReply(form, values) },
  };
}
