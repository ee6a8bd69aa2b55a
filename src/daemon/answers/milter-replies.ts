import { customReply, type Reply } from '../../protocols/milter/index.js';
import type { RuleSettings } from '../../rules/rule.js';
import type { Replies } from './decision-reply.js';
import { createGreylistReply } from '../policy/greylist-reply.js';
import type { Policy } from '../policy/policy.js';
import { replyFormsOf, type AnyReplyForm } from './reply-forms.js';

/** The milter's replies for what holds for one recipient. */
export function milterRepliesOf(
  policy: Pick<Policy, 'reply' | 'refusal'>,
  settings: RuleSettings,
): Replies<Reply<'replycode'>> {
  const { greylist, tempfail, reject } = replyFormsOf(policy, settings);
  return {
    greylist: createGreylistReply(greylist),
    tempfail: ownReply(tempfail),
    reject: ownReply(reject),
  };
}

function ownReply({ code, enhanced, text }: AnyReplyForm): Replies<Reply<'replycode'>>['reject'] {
  if (typeof text !== 'string') return createGreylistReply({ code, enhanced, text });
  const usual = customReply({ code, enhanced, text });
  return () => usual;
}
