import { replies, type Reply } from '../../protocols/milter/index.js';
import type { AnswerForm } from '../answers/decision-reply.js';

/** What a milter may say before the end of a message. */
export type MilterAnswer = Reply<'continue' | 'tempfail' | 'replycode'>;

/** What was decided, in a milter's words. */
export const milterForm: AnswerForm<MilterAnswer> = {
  pass: replies.continue,
  tempfail: replies.tempfail,
  repliesOf: ({ milterReplies }) => milterReplies,
  showsEnd: true,
};
