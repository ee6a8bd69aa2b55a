import { macrosOf } from '../../greylist/general-placeholder.js';
import type { Parsed } from '../../config/parsed.js';
import type { CompileContext, Condition, ConditionKind, SchemaKinds } from '../condition.js';
import type { Facts } from '../facts.js';
import { latestStage } from '../latest-stage.js';
import { formatRateKey, parseRateKey, renderRateKey, stageOfRateKey } from '../rate-key.js';
import type { RateKey } from '../rate-key.js';

const SECOND = 1000;
const DAY = 24 * 60 * 60 * SECOND;

const MOST = 1_000_000;
const MOST_BYTES = 1024 ** 4;

const schema = ({
  choice,
  duration,
  either,
  optional,
  required,
  section,
  size,
  text,
  whole,
  withChecks,
}: SchemaKinds) => {
  const rate = section({
    over: required(either(whole(0, MOST), size(0, MOST_BYTES)), {
      meaning: 'How many are fine; the next one matches. For bytes a size.',
      expects: 'a whole number such as 20, or a size such as 10MiB',
    }),
    in: required(duration(1 * SECOND, 366 * DAY), {
      meaning: 'The window of time that is looked at, which slides.',
      expects: 'a duration such as 90s, 5m or 2d',
    }),
    per: optional(
      text(parseRateKey, formatRateKey, {
        examples: ['client', 'sender', '{network} {sender-domain}'],
      }),
      {
        meaning:
          'What is counted apart: `client` (the default), `all` for nothing, `network`, `name`, `helo`, `sender`, `sender-domain`, `recipient`, `recipient-domain`, `login`, or several as in `{client} {sender}`, in which the placeholders of any text are fine, too.',
        expects: "a field such as client, or a template such as '{client} {sender}'",
      },
    ),
    count: optional(choice(['recipients', 'messages', 'sessions', 'bytes', 'bytes-before']), {
      meaning:
        'What is counted: each recipient (the default), each message, each session, or in `message-rules` the bytes of messages; `bytes-before` counts nothing, and asks what those of the same `name` have counted.',
      expects: 'recipients, messages, sessions, bytes or bytes-before',
    }),
    name: optional(
      text(parseName, (name) => name, { examples: ['burst'] }),
      {
        meaning: 'Conditions of the same name, window and kind count together.',
        expects: 'a word such as burst',
      },
    ),
  });
  return withChecks(rate, checkCount);
};

function checkCount({ over, count, name }: Pick<Value, 'over' | 'count' | 'name'>) {
  const isOfBytes = count === 'bytes' || count === 'bytes-before';
  if (!isOfBytes && over > MOST) {
    const hint = 'write count: bytes, or a smaller number';
    return [{ path: ['over'], problem: 'is a size', hint }];
  }
  if (count !== 'bytes-before' || name !== undefined) return [];
  const hint = 'name it as the condition in message-rules that counts the bytes';
  return [{ path: ['count'], problem: 'needs a name', hint }];
}

function parseName(written: string): Parsed<string> {
  if (/^[!-~](?:[ -~]{0,62}[!-~])?$/.test(written)) return { ok: written };
  return { problem: 'is no name', hint: 'write up to 64 characters of US-ASCII' };
}

type What = 'recipients' | 'messages' | 'sessions' | 'bytes' | 'bytes-before';

interface Value {
  readonly over: number;
  readonly in: number;
  readonly per?: RateKey | undefined;
  readonly count?: What | undefined;
  readonly name?: string | undefined;
}

const PER_CLIENT: RateKey = { text: 'client', fields: ['client'], literals: ['', ''] };

/** How much comes from somebody. */
export const rateCondition: ConditionKind<ReturnType<typeof schema>> = {
  name: 'rate',
  about: {
    meaning:
      'How many recipients, messages, sessions or bytes somebody has had in a sliding window. Each rule counts for itself unless it gives a name, and only what all else in it lets through, lookups included. In an `all` the order of its steps holds.',
    expects: 'a mapping with over and in, and per, count and name if need be',
    example: 'rate: {over: 20, in: 10m, per: client}',
  },
  stage: 'connect',
  stageOf: ({ per, count }) =>
    latestStage([stageOfRateKey(per ?? PER_CLIENT), STAGE_OF_COUNTED[count ?? 'recipients']]),
  isLookup: false,
  schema: (kinds) => schema(kinds),
  needs: ({ per, count }) => ({
    macros: macrosOf(per?.fields ?? []),
    // Bytes are those that the filter is sent.
    ...(count === 'bytes' && { headers: true, body: true }),
  }),
  compile: compileRate,
};

const STAGE_OF_COUNTED = {
  sessions: 'connect',
  messages: 'mail',
  recipients: 'rcpt',
  bytes: 'eom',
  'bytes-before': 'connect',
} as const;

function compileRate(value: Value, context: CompileContext): Condition {
  const { over, in: windowMs, per = PER_CLIENT, count = 'recipients', name } = value;
  const counted = count === 'bytes-before' ? 'bytes' : count;
  // No id of a rule begins with a blank.
  const counter = name === undefined ? context.id : ` ${counted} ${windowMs} ${name}`;
  const about = { counter: name ?? context.id, over, counted };
  return {
    name: 'rate',
    isLookup: false,
    isCounting: true,
    test: ({ facts, rates, texts, effects, note }) => {
      const rendered = renderRateKey(per, texts);
      const key = `${counter}\0${rendered.key}`;
      const times = timesOf(count, facts, `${context.id}\0${key}`);
      const seen = rates.hit(key, windowMs, facts.now, times);
      note?.(`${seen} ${counted} of ${rendered.text}`);
      if (seen <= over) return 'no';
      const seconds = windowMs / SECOND;
      effects?.exceedRate(facts.attempt, { ...about, seen, seconds, key: rendered.text });
      return 'yes';
    },
  };
}

/**
 * How much of what is counted a rule has not seen yet.
 *
 * @param by what stands for the rule and for whom it counts
 */
function timesOf(
  what: What,
  { message, recipientsBefore, acceptedBefore, counted }: Facts,
  by: string,
): number {
  switch (what) {
    case 'recipients':
      // Rules after the message are asked once for it, and for all of its recipients.
      return message === undefined ? 1 : (acceptedBefore ?? recipientsBefore);
    case 'messages':
      return counted?.ofMessage.count(by) === false ? 0 : 1;
    case 'sessions':
      return counted?.ofSession.count(by) === false ? 0 : 1;
    case 'bytes':
      return message?.bytes ?? 0;
    case 'bytes-before':
      return 0;
  }
}
