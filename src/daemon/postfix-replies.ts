import {
  renderReplyTemplate,
  type ReplyTemplate,
  type ReplyValues,
} from '../greylist/reply-template.js';
import { actions, type PolicyAction } from '../protocols/postfix-policy/index.js';
import type { RuleSettings } from '../rules/rule.js';
import { laterText, refusedText } from './greylist-reply.js';
import type { Policy } from './policy.js';

/** How Postfix is told what a milter says with a reply. */
export interface PostfixReplies {
  /** What who has to wait is told. */
  readonly greylist: (values: ReplyValues) => PolicyAction;
  /** What a rule's own tempfail and reject say. */
  readonly tempfail: (values: ReplyValues) => PolicyAction;
  readonly reject: (values: ReplyValues) => PolicyAction;
}

/**
 * The replies for what holds for one recipient. Postfix has words for refusals, for which it chooses
 * the code; a rule that names a code gets that one.
 */
export function postfixRepliesOf(
  { reply, postfixReply }: Pick<Policy, 'reply' | 'postfixReply'>,
  { code, enhanced, text }: RuleSettings,
): PostfixReplies {
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

function postfixReplyOf({ word, enhanced, text }: PostfixReply): PostfixReplies['greylist'] {
  if (typeof text !== 'string') {
    return (values) => actions.other(word, `${enhanced} ${renderReplyTemplate(text, values)}`);
  }
  const usual = actions.other(word, `${enhanced} ${text}`);
  return () => usual;
}
