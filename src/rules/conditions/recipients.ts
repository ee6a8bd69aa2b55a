import type { Condition, ConditionKind, SchemaKinds } from '../condition.js';
import type { Facts } from '../facts.js';
import { checkComparison, compares, comparisonShape } from './comparison.js';

const MOST = 1_000_000;

const schema = (kinds: SchemaKinds) =>
  kinds.withChecks(
    kinds.section({
      ...comparisonShape(kinds, kinds.whole(0, MOST), 'a whole number such as 10'),
      accepted: kinds.optional(kinds.flag(), {
        meaning: 'Count those before this one that may get the message, and no others.',
        expects: 'true or false',
      }),
    }),
    (value) => checkComparison(value, '{over: 10} or {up-to: 1}'),
  );

/** How many recipients the message has so far. */
export const recipientsCondition: ConditionKind<ReturnType<typeof schema>> = {
  name: 'recipients',
  about: {
    meaning:
      'How many recipients the client has named for this message, this one included: `over: 10` holds from the eleventh on. Each is judged when it is named, so the first ten never know. With `accepted: true` those before this one count that were neither refused nor put off.',
    expects: 'a mapping with over, at-least, under, up-to, is or is-not, and accepted if need be',
    example: 'recipients: {over: 10}',
  },
  stage: 'rcpt',
  isLookup: false,
  schema: (kinds) => schema(kinds),
  compile: (value): Condition => ({
    name: 'recipients',
    isLookup: false,
    test: (evaluation) => {
      const { facts, note } = evaluation;
      const count = value.accepted === true ? acceptedOf(facts) : namedOf(facts);
      note?.(`${count} so far`);
      return compares(count, value, evaluation) ? 'yes' : 'no';
    },
  }),
};

function namedOf({ recipientsBefore, message }: Facts): number {
  // After the message there is none that is being named.
  return recipientsBefore + (message === undefined ? 1 : 0);
}

function acceptedOf({ recipientsBefore, acceptedBefore = recipientsBefore }: Facts): number {
  return acceptedBefore;
}
