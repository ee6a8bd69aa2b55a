import { renderReplyTemplate, type ReplyTemplate } from '../greylist/reply-template.js';
import { actions, type PolicyAction } from '../protocols/postfix-policy/index.js';
import type { RuleSettings } from '../rules/rule.js';
import type { Replies } from './decision-reply.js';
import { laterText, refusedText } from './milter-replies.js';
import type { Policy } from './policy.js';

/**
 * The replies for what holds for one recipient. Postfix has words for refusals, for which it chooses
 * the code; a rule that names a code gets that one.
 */
export function postfixRepliesOf(
  { reply, postfixReply }: Pick<Policy, 'reply' | 'postfixReply'>,
  { code, enhanced, text }: RuleSettings,
): Replies<PolicyAction> {
  return {
    greylist: postfixReplyOf({
      word: String(code ?? postfixReply.action),
      enhanced: enhanced ?? postfixReply.enhanced,
      text: text ?? reply.text,
    }),
    tempfail: postfixReplyOf({
      word: String(code ?? 'DEFER_IF_PERMIT'),
      enhanced: enhanced ?? '4.7.1',
      text: text ?? laterText,
    }),
    reject: postfixReplyOf({
      word: String(code ?? 'REJECT'),
      enhanced: enhanced ?? '5.7.1',
      text: text ?? refusedText,
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
