import { customReply, type Reply } from '../protocols/milter/index.js';
import type { RuleSettings } from '../rules/rule.js';
import type { Replies } from './decision-reply.js';
import { createGreylistReply, type ReplyForm } from './greylist-reply.js';
import type { Policy } from './policy.js';

/** What a rule that puts off says if it has no text of its own. */
export const laterText = 'Please try again later';

/** The milter's replies for what holds for one recipient. */
export function milterRepliesOf(
  { reply, refusal }: Pick<Policy, 'reply' | 'refusal'>,
  settings: RuleSettings,
): Replies<Reply<'replycode'>> {
  const { text } = settings;
  const later = codesFor(4, settings);
  const never = codesFor(5, settings);
  return {
    greylist: createGreylistReply({
      code: later.code ?? reply.code,
      enhanced: later.enhanced ?? reply.enhanced,
      text: text ?? reply.text,
    }),
    tempfail: laterReply({
      code: later.code ?? 451,
      enhanced: later.enhanced ?? '4.7.1',
      text,
    }),
    reject: createGreylistReply({
      code: never.code ?? refusal.code ?? 550,
      enhanced: never.enhanced ?? refusal.enhanced,
      text: text ?? refusal.text,
    }),
  };
}

/**
 * The codes of a class that rules have set: one that only goes on does not know who decides, and
 * what fits no reply of that one is left.
 */
export function codesFor(
  kind: 4 | 5,
  { code, enhanced }: Pick<RuleSettings, 'code' | 'enhanced'>,
): Pick<RuleSettings, 'code' | 'enhanced'> {
  return {
    ...(code !== undefined && Math.floor(code / 100) === kind && { code }),
    ...(enhanced?.startsWith(`${kind}.`) === true && { enhanced }),
  };
}

function laterReply({
  code,
  enhanced,
  text,
}: Omit<ReplyForm, 'text'> & {
  readonly text: ReplyForm['text'] | undefined;
}): Replies<Reply<'replycode'>>['tempfail'] {
  if (text !== undefined) return createGreylistReply({ code, enhanced, text });
  const usual = customReply({ code, enhanced, text: laterText });
  return () => usual;
}
