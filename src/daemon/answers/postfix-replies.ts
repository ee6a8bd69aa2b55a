import { renderReplyTemplate, type ReplyTemplate } from '../../greylist/reply-template.js';
import { actions, type PolicyAction } from '../../protocols/postfix-policy/index.js';
import type { RuleSettings } from '../../rules/rule.js';
import type { Replies } from './decision-reply.js';
import { laterText } from './reply-forms.js';
import type { Policy } from '../policy/policy.js';

/**
 * The replies for what holds for one recipient. Postfix has words for refusals, for which it chooses
 * the code; a rule that names a code gets that one.
 */
export function postfixRepliesOf(
  { reply, postfixReply, refusal }: Pick<Policy, 'reply' | 'postfixReply' | 'refusal'>,
  { code: anyCode, enhanced: anyEnhanced, text }: RuleSettings,
): Replies<PolicyAction> {
  // Codes that rules before it have set count where they fit.
  const codeOf = (digit: string) =>
    String(anyCode ?? '').startsWith(digit) ? String(anyCode) : undefined;
  const enhancedOf = (digit: string) =>
    anyEnhanced?.startsWith(digit) === true ? anyEnhanced : undefined;
  return {
    greylist: postfixReplyOf({
      word: codeOf('4') ?? String(postfixReply.action),
      enhanced: enhancedOf('4') ?? postfixReply.enhanced,
      text: text ?? reply.text,
    }),
    tempfail: postfixReplyOf({
      word: codeOf('4') ?? 'DEFER_IF_PERMIT',
      enhanced: enhancedOf('4') ?? '4.7.1',
      text: text ?? laterText,
    }),
    reject: postfixReplyOf({
      word: codeOf('5') ?? String(refusal.code ?? 'REJECT'),
      enhanced: enhancedOf('5') ?? refusal.enhanced,
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
