import type { Condition, ConditionKind, SchemaKinds, TarpitState, Truth } from '../condition.js';
import type { RuleSettings } from '../rule.js';

const SECOND = 1000;
const LONGEST = 10 * 60 * SECOND;

interface Wait {
  readonly for: number;
  readonly scope?: 'session' | 'command' | undefined;
  readonly again?: boolean | undefined;
  readonly refusals?: boolean | undefined;
}

type Value = number | Wait;

const schema = ({ choice, duration, either, flag, optional, required, section }: SchemaKinds) =>
  either(
    duration(0, LONGEST),
    section({
      for: required(duration(SECOND, LONGEST), {
        meaning: 'How long the client waits for its answer; `limits.tarpit` at most.',
        expects: 'a duration such as 65s',
      }),
      scope: optional(choice(['session', 'command']), {
        meaning:
          'What counts: all of the waiting in the session (the default), or the longest wait in it.',
        expects: 'session or command',
      }),
      again: optional(flag(), {
        meaning: 'Whether who gave up has to wait again, in place of being told apart by that.',
        expects: 'true or false',
      }),
      refusals: optional(flag(), {
        meaning: 'Whether who is refused waits for that as well, as is usual.',
        expects: 'true or false',
      }),
    }),
  );

/** Makes the client wait for its answer, unless it gave up when it had to wait before. */
export const tarpitCondition: ConditionKind<ReturnType<typeof schema>> = {
  name: 'tarpit',
  about: {
    meaning:
      'Makes the client wait for the answer, which programs that only send spam do not do. Holds for who has not tried yet, and for who has waited, who then need not again; not for who gave up, nor while `limits.tarpits` others are waiting. With `0s` nobody waits: it only tells who gave up. The MTA must have patience: see `limits.tarpit`.',
    expects: 'a duration such as 65s, or a mapping with for, scope, again and refusals',
    example: 'tarpit: 65s',
  },
  stage: 'rcpt',
  isLookup: true,
  schema: (kinds) => schema(kinds),
  compile: compileTarpit,
};

const WORDS: Readonly<Record<TarpitState, readonly [words: string, truth: Truth]>> = {
  new: ['has not been made to wait yet', 'yes'],
  stayed: ['has waited before', 'yes'],
  left: ['gave up when it had to wait', 'no'],
  full: ['too many are waiting', 'no'],
  unknown: ['nobody knows whether it has waited', 'unknown'],
};

function compileTarpit(value: Value): Condition {
  const written: Wait = typeof value === 'number' ? { for: value } : value;
  const { for: tarpitMs, scope: tarpitScope = 'session', again = false } = written;
  const settings: RuleSettings = {
    ...{ tarpitMs, tarpitScope },
    ...(written.refusals === false && { tarpitsRefusals: false }),
  };
  return {
    name: 'tarpit',
    isLookup: true,
    test: (evaluation) => {
      const conclude = (found: TarpitState): Truth => {
        const state = again && found === 'left' ? 'new' : found;
        const [words, truth] = WORDS[state];
        evaluation.note?.(words);
        const waits = state === 'new' && tarpitMs > 0;
        if (waits) evaluation.overrides.push({ settings, forgetsClient: false });
        return truth;
      };
      const state = evaluation.tarpits?.stateOf(evaluation.facts.attempt) ?? 'new';
      return state instanceof Promise ? state.then(conclude) : conclude(state);
    },
  };
}
