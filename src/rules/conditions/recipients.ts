import type { Condition, ConditionKind, SchemaKinds } from '../condition.js';

const MOST = 1_000_000;

const schema = ({ section, optional, whole, withChecks }: SchemaKinds) =>
  withChecks(
    section({
      over: optional(whole(0, MOST), {
        meaning: 'From the recipient after this many on.',
        expects: 'a whole number such as 10',
      }),
      'up-to': optional(whole(1, MOST), {
        meaning: 'For this many recipients, the first ones.',
        expects: 'a whole number such as 1',
      }),
    }),
    ({ over, 'up-to': upTo }) => {
      if (over === undefined && upTo === undefined) {
        return [{ path: [], problem: 'needs a number', hint: 'write {over: 10} or {up-to: 1}' }];
      }
      if (over === undefined || upTo === undefined || over < upTo) return [];
      return [{ path: ['up-to'], problem: `can never hold if over is ${over}` }];
    },
  );

/** How many recipients the message has so far. */
export const recipientsCondition: ConditionKind<ReturnType<typeof schema>> = {
  name: 'recipients',
  about: {
    meaning:
      'How many recipients the client has named for this message, this one included: `over: 10` holds from the eleventh on. Each is judged when it is named, so the first ten never know.',
    expects: 'a mapping with over, up-to or both',
    example: 'recipients: {over: 10}',
  },
  stage: 'rcpt',
  isLookup: false,
  schema: (kinds) => schema(kinds),
  compile: ({ over = -1, 'up-to': upTo = Infinity }): Condition => ({
    name: 'recipients',
    isLookup: false,
    test: ({ facts, note }) => {
      // After the message there is none that is being named.
      const count = facts.recipientsBefore + (facts.message === undefined ? 1 : 0);
      note?.(`${count} so far`);
      return count > over && count <= upTo ? 'yes' : 'no';
    },
  }),
};
