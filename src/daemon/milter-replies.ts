import { customReply, type Reply } from '../protocols/milter/index.js';
import type { RuleSettings } from '../rules/rule.js';
import type { Replies } from './decision-reply.js';
import { createGreylistReply, type ReplyForm } from './greylist-reply.js';
import type { Policy } from './policy.js';

/** What a rule that refuses says if it has no text of its own. */
export const laterText = 'Please try again later';
export const refusedText = 'Mail refused';

/** The milter's replies for what holds for one recipient. */
export function milterRepliesOf(
  { reply }: Pick<Policy, 'reply'>,
  { code, enhanced, text }: RuleSettings,
): Replies<Reply<'replycode'>> {
  return {
    greylist: createGreylistReply({
      code: code ?? reply.code,
      enhanced: enhanced ?? reply.enhanced,
      text: text ?? reply.text,
    }),
    tempfail: ownReply({ code: code ?? 451, enhanced: enhanced ?? '4.7.1', text }, laterText),
    reject: ownReply({ code: code ?? 550, enhanced: enhanced ?? '5.7.1', text }, refusedText),
  };
}

function ownReply(
  {
    code,
    enhanced,
    text,
  }: Omit<ReplyForm, 'text'> & { readonly text: ReplyForm['text'] | undefined },
  usualText: string,
): Replies<Reply<'replycode'>>['reject'] {
  if (text !== undefined) return createGreylistReply({ code, enhanced, text });
  // Made when asked for: the codes of a rule that rejects fit no reply to come later, and vice versa.
  let usual: Reply<'replycode'> | undefined;
  return () => (usual ??= customReply({ code, enhanced, text: usualText }));
}
