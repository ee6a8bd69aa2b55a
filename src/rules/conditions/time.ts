import type { CompileContext, Condition, ConditionKind, SchemaKinds } from '../condition.js';
import { isAtCronTime, parseCronTime } from '../cron-time.js';
import type { CronTime } from '../cron-time.js';
import { createLocalClock, isInWindow, parseTimeWindow, parseTimeZone } from '../time-window.js';
import type { LocalTime, TimeWindow } from '../time-window.js';
import { formatEntry } from '../sets/compile-entries.js';

interface Times {
  readonly within?: readonly TimeWindow[] | undefined;
  readonly cron?: readonly CronTime[] | undefined;
  readonly zone?: string | undefined;
}

type Value = readonly TimeWindow[] | Times;

const schema = ({ either, list, optional, section, text, withChecks }: SchemaKinds) => {
  const windows = list<TimeWindow>(parseTimeWindow, formatEntry, {
    examples: ['09:00-17:00', 'mon-fri 22:00-06:00', 'sat,sun'],
  });
  return either(windows, withChecks(times(), checkTimes));

  function times() {
    return section({
      within: optional(windows, {
        meaning: 'The hours and days of the week.',
        expects: 'times such as mon-fri 09:00-17:00, or a list of them',
      }),
      cron: optional(
        list<CronTime>(parseCronTime, formatEntry, { examples: ['*/5 8-16 * * 1-5'] }),
        {
          meaning:
            'The same as in a crontab: minute, hour, day, month and weekday, all of which must match.',
          expects: "five fields such as '*/5 8-16 1,15 * 1-5', or a list of them",
        },
      ),
      zone: optional(
        text(parseTimeZone, (zone) => zone, { examples: ['Europe/Berlin', 'UTC'] }),
        {
          meaning: 'The time zone whose clock counts.',
          expects: 'a time zone such as Europe/Berlin',
        },
      ),
    });
  }
};

function checkTimes({ within, cron }: Times) {
  return within === undefined && cron === undefined
    ? [{ path: [], problem: 'names no time', hint: "write {within: 'mon-fri'}, for example" }]
    : [];
}

/** What the clock shows. */
export const timeCondition: ConditionKind<ReturnType<typeof schema>> = {
  name: 'time',
  about: {
    meaning:
      "The time of day, the weekday, or both, in the system's time zone or in another. Hours over midnight belong to the day on which they begin.",
    expects:
      'a time such as mon-fri 09:00-17:00, or a list of them; or {within: …, cron: …, zone: …}',
    example: "time: {within: ['mon-fri 18:00-08:00', 'sat,sun'], zone: Europe/Berlin}",
  },
  stage: 'connect',
  isLookup: false,
  schema: (kinds) => schema(kinds),
  compile: compileTime,
};

function compileTime(value: Value, context: CompileContext): Condition {
  const {
    within = [],
    cron = [],
    zone = context.timeZone(),
  } = isWindows(value) ? { within: value } : value;
  const clock = createLocalClock(zone);
  const path = isWindows(value) ? [] : ['within'];
  const entries = [
    ...within.map((window, index) => ({
      text: window.text,
      isNow: (local: LocalTime) => isInWindow(window, local),
      place: context.place([...path, index]),
    })),
    ...cron.map((time, index) => ({
      text: time.text,
      isNow: (local: LocalTime) => isAtCronTime(time, local),
      place: context.place(['cron', index]),
    })),
  ];
  return {
    name: 'time',
    isLookup: false,
    test: ({ facts, note }) => {
      const local = clock(facts.shownNow ?? facts.now);
      const found = entries.find(({ isNow }) => isNow(local));
      const match = found ? `in ${found.text} (${found.place})` : 'in no window';
      note?.(`${formatLocal(local)} ${zone}: ${match}`);
      return found ? 'yes' : 'no';
    },
  };
}

function isWindows(value: Value): value is readonly TimeWindow[] {
  return Array.isArray(value);
}

const DAY_NAMES = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

function formatLocal({ weekday, minute }: LocalTime): string {
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${String(DAY_NAMES[weekday])} ${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}
