import type { CompileContext, Condition, ConditionKind, SchemaKinds } from '../condition.js';
import { createLocalClock, isInWindow, parseTimeWindow, parseTimeZone } from '../time-window.js';
import type { LocalTime, TimeWindow } from '../time-window.js';
import { formatEntry } from '../sets/compile-entries.js';

type Value =
  | readonly TimeWindow[]
  | { readonly within: readonly TimeWindow[]; readonly zone?: string | undefined };

const schema = ({ either, list, optional, required, section, text }: SchemaKinds) => {
  const windows = list<TimeWindow>(parseTimeWindow, formatEntry, {
    examples: ['09:00-17:00', 'mon-fri 22:00-06:00', 'sat,sun'],
  });
  return either(
    windows,
    section({
      within: required(windows, {
        meaning: 'The hours and days of the week.',
        expects: 'times such as mon-fri 09:00-17:00, or a list of them',
      }),
      zone: optional(
        text(parseTimeZone, (zone) => zone, { examples: ['Europe/Berlin', 'UTC'] }),
        {
          meaning: 'The time zone whose clock counts.',
          expects: 'a time zone such as Europe/Berlin',
        },
      ),
    }),
  );
};

/** What the clock shows. */
export const timeCondition: ConditionKind<ReturnType<typeof schema>> = {
  name: 'time',
  about: {
    meaning:
      "The time of day, the weekday, or both, in the system's time zone or in another. Hours over midnight belong to the day on which they begin.",
    expects: 'a time such as mon-fri 09:00-17:00, or a list of them; or {within: …, zone: …}',
    example: "time: {within: ['mon-fri 18:00-08:00', 'sat,sun'], zone: Europe/Berlin}",
  },
  stage: 'connect',
  isLookup: false,
  schema: (kinds) => schema(kinds),
  compile: compileTime,
};

function compileTime(value: Value, context: CompileContext): Condition {
  const {
    within,
    zone = context.timeZone,
    path,
  } = 'within' in value ? { ...value, path: ['within'] } : { within: value, path: [] };
  const clock = createLocalClock(zone);
  const entries = within.map((window, index) => ({
    value: window,
    place: context.place([...path, index]),
  }));
  return {
    name: 'time',
    isLookup: false,
    test: ({ facts, note }) => {
      const local = clock(facts.now);
      const found = entries.find((entry) => isInWindow(entry.value, local));
      const match = found ? `in ${found.value.text} (${found.place})` : 'in no window';
      note?.(`${formatLocal(local)} ${zone}: ${match}`);
      return found ? 'yes' : 'no';
    },
  };
}

const DAY_NAMES = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

function formatLocal({ weekday, minute }: LocalTime): string {
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${String(DAY_NAMES[weekday])} ${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}
