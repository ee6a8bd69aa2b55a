import type { Decision } from '../../greylist/decision.js';
import type { ReplyValues } from '../../greylist/reply-template.js';
import type { MacroSource } from './macro-source.js';
import type { Recipient } from './recipient-judge.js';
import { DecisionValues } from './reply-values.js';
import type { Terms } from './terms.js';

/** What a recipient is told that may not pass, in one protocol's words. */
export interface Replies<Answer> {
  /** Who has to wait. */
  readonly greylist: (values: ReplyValues) => Answer;
  /** A rule's own tempfail and reject. */
  readonly tempfail: (values: ReplyValues) => Answer;
  readonly reject: (values: ReplyValues) => Answer;
}

/** One protocol's words for what was decided. */
export interface AnswerForm<Answer> {
  /** The recipient, or the message, may go on. */
  readonly pass: Answer;
  /** It is put off in the MTA's own words. */
  readonly tempfail: Answer;
  readonly repliesOf: (terms: Terms) => Replies<Answer>;
  /** Whether the MTA always shows the end of a message that goes on, where records of it are written. */
  readonly showsEnd: boolean;
}

/** What the MTA is told of a decision about one recipient. */
export function answerTo<Answer>(
  form: AnswerForm<Answer>,
  decision: Decision,
  { ruling, terms }: Pick<Recipient, 'ruling' | 'terms'>,
  context: MacroSource,
): Answer {
  const values = (waitMs: number) =>
    new DecisionValues(decision, waitMs, { ruling, terms }, context);
  const { greylist, tempfail, reject } = form.repliesOf(terms);
  switch (decision.verdict) {
    case 'accept':
    // The message goes on to the others; at its end this recipient is taken off it.
    case 'discard':
    case 'quarantine':
      return form.pass;
    case 'reject':
      return reject(values(0));
    case 'tempfail': {
      if (decision.reason === 'rule') return tempfail(values(0));
      const { waitMs } = decision;
      if (waitMs === undefined) return form.tempfail;
      return greylist(values(waitMs));
    }
  }
}
