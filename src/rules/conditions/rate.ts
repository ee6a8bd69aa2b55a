import { macrosOf } from '../../greylist/general-placeholder.js';
import type { CompileContext, Condition, ConditionKind, SchemaKinds } from '../condition.js';
import type { Facts } from '../facts.js';
import { latestStage } from '../latest-stage.js';
import { formatRateKey, parseRateKey, renderRateKey, stageOfRateKey } from '../rate-key.js';
import type { RateKey } from '../rate-key.js';

const SECOND = 1000;
const DAY = 24 * 60 * 60 * SECOND;

const schema = ({ choice, duration, optional, required, section, text, whole }: SchemaKinds) =>
  section({
    over: required(whole(0, 1_000_000), {
      meaning: 'How many are fine; the next one matches.',
      expects: 'a whole number such as 20',
    }),
    in: required(duration(1 * SECOND, 7 * DAY), {
      meaning: 'The window of time that is looked at, which slides.',
      expects: 'a duration such as 90s, 5m or 2d',
    }),
    per: optional(
      text(parseRateKey, formatRateKey, {
        examples: ['client', 'sender', '{network} {sender-domain}'],
      }),
      {
        meaning:
          'What is counted apart: `client` (the default), `network`, `name`, `helo`, `sender`, `sender-domain`, `recipient`, `recipient-domain`, `login`, or several as in `{client} {sender}`, in which the placeholders of any text are fine, too.',
        expects: "a field such as client, or a template such as '{client} {sender}'",
      },
    ),
    count: optional(choice(['recipients', 'messages', 'sessions']), {
      meaning: 'What is counted: each recipient (the default), each message, or each session.',
      expects: 'recipients, messages or sessions',
    }),
  });

type Counted = 'recipients' | 'messages' | 'sessions';

interface Value {
  readonly over: number;
  readonly in: number;
  readonly per?: RateKey | undefined;
  readonly count?: Counted | undefined;
}

const PER_CLIENT: RateKey = { text: 'client', fields: ['client'], literals: ['', ''] };

/** How much comes from somebody. */
export const rateCondition: ConditionKind<ReturnType<typeof schema>> = {
  name: 'rate',
  about: {
    meaning:
      'How many recipients, messages or sessions somebody has had in a sliding window. Each rule counts for itself, and only what the conditions before this one in it let through, so put it last.',
    expects: 'a mapping with over and in, and per and count if need be',
    example: 'rate: {over: 20, in: 10m, per: client}',
  },
  stage: 'connect',
  stageOf: ({ per, count }) =>
    latestStage([stageOfRateKey(per ?? PER_CLIENT), STAGE_OF_COUNTED[count ?? 'recipients']]),
  isLookup: false,
  schema: (kinds) => schema(kinds),
  needs: ({ per }) => ({ macros: macrosOf(per?.fields ?? []) }),
  compile: compileRate,
};

const STAGE_OF_COUNTED = { sessions: 'connect', messages: 'mail', recipients: 'rcpt' } as const;

function compileRate(value: Value, context: CompileContext): Condition {
  const { over, in: windowMs, per = PER_CLIENT, count = 'recipients' } = value;
  return {
    name: 'rate',
    isLookup: false,
    test: ({ facts, rates, texts, note }) => {
      const rendered = renderRateKey(per, texts);
      const key = `${context.id}\0${rendered.key}`;
      const seen = rates.hit(key, windowMs, facts.now, isFirst(count, facts) ? 1 : 0);
      note?.(`${seen} ${count} of ${rendered.text}`);
      return seen > over ? 'yes' : 'no';
    },
  };
}

/** Whether this is the first time that the rule sees what is counted. */
function isFirst(counted: Counted, facts: Facts): boolean {
  if (counted === 'recipients') return true;
  // Rules after the message are asked once for it.
  const isFirstOfMessage = facts.message !== undefined || facts.recipientsBefore === 0;
  return isFirstOfMessage && (counted === 'messages' || (facts.messagesBefore ?? 0) === 0);
}
