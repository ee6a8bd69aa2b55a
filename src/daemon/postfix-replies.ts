import { renderReplyTemplate, type ReplyTemplate } from '../greylist/reply-template.js';
import { actions, type PolicyAction } from '../protocols/postfix-policy/index.js';
import type { RuleSettings } from '../rules/rule.js';
import type { Replies } from './decision-reply.js';
import { codesFor, laterText } from './milter-replies.js';
import type { Policy } from './policy.js';

/**
 * The replies for what holds for one recipient. Postfix has words for refusals, for which it chooses
 * the code; a rule that names a code gets that one.
 */
export function postfixRepliesOf(
  { reply, postfixReply, refusal }: Pick<Policy, 'reply' | 'postfixReply' | 'refusal'>,
  settings: RuleSettings,
): Replies<PolicyAction> {
  const { text } = settings;
  const later = codesFor(4, settings);
  const never = codesFor(5, settings);
  return {
    greylist: postfixReplyOf({
      word: String(later.code ?? postfixReply.action),
      enhanced: later.enhanced ?? postfixReply.enhanced,
      text: text ?? reply.text,
    }),
    tempfail: postfixReplyOf({
      word: String(later.code ?? 'DEFER_IF_PERMIT'),
      enhanced: later.enhanced ?? '4.7.1',
      text: text ?? laterText,
    }),
    reject: postfixReplyOf({
      word: String(never.code ?? refusal.code ?? 'REJECT'),
      enhanced: never.enhanced ?? refusal.enhanced,
      text: text ?? refusal.text,
    }),
  };
}

interface PostfixReply {
  /** A word of access(5), or a code. */
  readonly word: string;
  readonly enhanced: string;
  readonly text: ReplyTemplate | string;
}

function postfixReplyOf({ word, enhanced, text }: PostfixReply): Replies<PolicyAction>['greylist'] {
  if (typeof text !== 'string') {
    return (values) => actions.other(word, `${enhanced} ${renderReplyTemplate(text, values)}`);
  }
  const usual = actions.other(word, `${enhanced} ${text}`);
  return () => usual;
}
