import {
  renderReplyTemplate,
  type ReplyTemplate,
  type ReplyValues,
} from '../../greylist/reply-template.js';
import type { Decision } from '../../greylist/decision.js';
import type { RuleSettings } from '../../rules/rule.js';
import type { Policy } from '../policy/policy.js';

/** What a rule that puts off says if it has no text of its own. */
export const laterText = 'Please try again later';

/** Codes and text of a reply, be it always the same. */
export interface AnyReplyForm {
  readonly code: number;
  readonly enhanced: string;
  readonly text: ReplyTemplate | string;
}

/** What a recipient is told that may not pass. */
export interface ReplyForms {
  /** Who has to wait. */
  readonly greylist: AnyReplyForm & { readonly text: ReplyTemplate };
  /** A rule's own. */
  readonly tempfail: AnyReplyForm;
  readonly reject: AnyReplyForm;
}

/** What holds for one recipient. Codes that rules before it have set count where they fit. */
export function replyFormsOf(
  { reply, refusal }: Pick<Policy, 'reply' | 'refusal'>,
  { code, enhanced, text }: RuleSettings,
): ReplyForms {
  const fitting = (digit: '4' | '5') => ({
    code: String(code ?? '').startsWith(digit) ? code : undefined,
    enhanced: enhanced?.startsWith(digit) === true ? enhanced : undefined,
  });
  const [later, never] = [fitting('4'), fitting('5')];
  return {
    greylist: {
      code: later.code ?? reply.code,
      enhanced: later.enhanced ?? reply.enhanced,
      text: text ?? reply.text,
    },
    tempfail: {
      code: later.code ?? 451,
      enhanced: later.enhanced ?? '4.7.1',
      text: text ?? laterText,
    },
    reject: {
      code: never.code ?? refusal.code ?? 550,
      enhanced: never.enhanced ?? refusal.enhanced,
      text: text ?? refusal.text,
    },
  };
}

/** The one that a decision comes to. */
export function replyFormOf(
  { greylist, tempfail, reject }: ReplyForms,
  { verdict, reason }: Pick<Decision, 'verdict' | 'reason'>,
): AnyReplyForm {
  if (verdict === 'reject') return reject;
  return reason === 'rule' ? tempfail : greylist;
}

/** A reply's text with its values. */
export function renderReply({ text }: AnyReplyForm, values: ReplyValues): string {
  return typeof text === 'string' ? text : renderReplyTemplate(text, values);
}
