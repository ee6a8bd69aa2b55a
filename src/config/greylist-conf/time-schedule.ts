/** The fields of a schedule as of cron, with their bounds. */
const FIELDS = [
  { name: 'a minute', first: 0, last: 59 },
  { name: 'an hour', first: 0, last: 23 },
  { name: 'a day of the month', first: 1, last: 31 },
  { name: 'a month', first: 1, last: 12 },
  { name: 'a day of the week', first: 0, last: 7 },
] as const;

type Field = (typeof FIELDS)[number];

const PART = /^(?:\*|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/;
const HINT = 'write minute, hour, day, month and weekday with numbers, * or 8-16/2 each';

/** What is wrong with the schedule of a `time` clause, and whether it is refused for that. */
export interface ScheduleFault {
  readonly isFatal: boolean;
  readonly problem: string;
  readonly hint: string;
}

/** Looks at a schedule such as `0-30 8-16/2 1,15 * 1-5`; undefined if all is well. */
export function checkSchedule(text: string): ScheduleFault | undefined {
  const fields = text.trim().split(/[ \t]+/);
  if (fields.length !== FIELDS.length || fields[0] === '') {
    const count = fields[0] === '' ? 0 : fields.length;
    return { isFatal: true, problem: `has a time of ${count} fields instead of 5`, hint: HINT };
  }
  let doubt: ScheduleFault | undefined;
  for (const [index, field] of fields.entries()) {
    const fault = checkField(field, FIELDS[index] ?? FIELDS[0]);
    if (fault?.isFatal === true) return fault;
    doubt ??= fault;
  }
  return doubt;
}

/**
 * The schedule without what never comes in it, which milter-greylist only warns of: `1,70` is `1`.
 *
 * @returns undefined if nothing is left of a field, so that all of it never comes
 */
export function whatComes(text: string): string | undefined {
  const fields = text
    .trim()
    .split(/[ \t]+/)
    .map((field, index) => {
      const bounds = FIELDS[index] ?? FIELDS[0];
      const parts = field.split(',').filter((part) => doubtOf(part, bounds) === undefined);
      return parts.map(shortNumbers).join(',');
    });
  return fields.includes('') ? undefined : fields.join(' ');
}

/** More than any field goes up to, so that a step of it is as good as one of any more. */
const LONG_STEP = 99;

/** Numbers as short as they can be: `007` is 7. */
function shortNumbers(part: string): string {
  return part.replace(/\d+/g, (digits) => String(Math.min(Number(digits), LONG_STEP)));
}

function checkField(field: string, bounds: Field): ScheduleFault | undefined {
  let doubt: ScheduleFault | undefined;
  for (const part of field.split(',')) {
    if (!PART.test(part)) {
      return { isFatal: true, problem: `has "${part}" for ${bounds.name}`, hint: HINT };
    }
    doubt ??= doubtOf(part, bounds);
  }
  return doubt;
}

/** Why one of the things between commas never comes. */
function doubtOf(part: string, { name, first, last }: Field): ScheduleFault | undefined {
  const [, from, to = from, step] = PART.exec(part) ?? [];
  const never = (what: string, hint: string): ScheduleFault => {
    return { isFatal: false, problem: `has ${what} for ${name}, which never comes`, hint };
  };
  const hint = `write ${first} to ${last}`;
  const wrong = [from, to].find(
    (digits) => digits !== undefined && (Number(digits) < first || Number(digits) > last),
  );
  if (wrong !== undefined) return never(wrong, hint);
  if (Number(from ?? first) > Number(to ?? last)) {
    const halves = `${from ?? ''}-${last},${first}-${to ?? ''}`;
    return never(part, `write both halves: ${halves}`);
  }
  return Number(step ?? 1) === 0 ? never(part, 'write a step of 1 or more') : undefined;
}
