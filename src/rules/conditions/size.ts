import type { Condition, ConditionKind, SchemaKinds } from '../condition.js';

/** No MTA takes messages that are larger. */
const MOST = 1024 ** 4;

const schema = ({ optional, section, size, withChecks }: SchemaKinds) =>
  withChecks(
    section({
      over: optional(size(0, MOST), {
        meaning: 'Messages that are larger than this.',
        expects: 'a size such as 10MiB',
      }),
      'up-to': optional(size(0, MOST), {
        meaning: 'Messages that are as large as this, or smaller.',
        expects: 'a size such as 64KiB',
      }),
    }),
    ({ over, 'up-to': upTo }) => {
      if (over === undefined && upTo === undefined) {
        return [{ path: [], problem: 'needs a size', hint: 'write {over: 10MiB}' }];
      }
      if (over === undefined || upTo === undefined || over < upTo) return [];
      return [{ path: ['up-to'], problem: 'can never hold, as over is not less' }];
    },
  );

/** How large the message is. */
export const sizeCondition: ConditionKind<ReturnType<typeof schema>> = {
  name: 'size',
  about: {
    meaning:
      'The size of the message, header and body. To know it the filter has to be sent the whole message.',
    expects: 'a mapping with over, up-to or both',
    example: 'size: {over: 10MiB}',
  },
  stage: 'eom',
  isLookup: false,
  schema: (kinds) => schema(kinds),
  needs: () => ({ headers: true, body: true }),
  compile: ({ over = -1, 'up-to': upTo = Infinity }): Condition => ({
    name: 'size',
    isLookup: false,
    test: ({ facts, note }) => {
      const { message } = facts;
      if (message === undefined) return 'no';
      note?.(`${message.bytes} bytes`);
      return message.bytes > over && message.bytes <= upTo ? 'yes' : 'no';
    },
  }),
};
