/** A moment as the clock and the calendar of a place show it. */
interface Calendar {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** 0 is Sunday. */
  readonly weekday: number;
  /** From 1. */
  readonly dayOfYear: number;
  readonly offsetMinutes: number;
  readonly now: number;
}

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June'],
  ...['July', 'August', 'September', 'October', 'November', 'December'],
];
const DAY_MS = 24 * 60 * 60 * 1000;

const two = (value: number): string => String(value).padStart(2, '0');
const blank = (value: number): string => String(value).padStart(2, ' ');
const full = (names: readonly string[], index: number): string =>
  names.slice(index, index + 1).join('');
const short = (names: readonly string[], index: number): string => full(names, index).slice(0, 3);
const hour12 = ({ hour }: Calendar): number => hour % 12 || 12;
/** Weeks of the year that begin with a weekday; the days before the first one are week 0. */
const week = ({ dayOfYear, weekday }: Calendar, first: number): number =>
  Math.floor((dayOfYear + 6 - ((weekday - first + 7) % 7)) / 7);

/** The conversions of C's strftime, in its POSIX locale. */
const CONVERSIONS: Readonly<Record<string, (at: Calendar) => string>> = {
  a: ({ weekday }) => short(DAYS, weekday),
  A: ({ weekday }) => full(DAYS, weekday),
  b: ({ month }) => short(MONTHS, month - 1),
  B: ({ month }) => full(MONTHS, month - 1),
  c: (at) => expand('%a %b %e %H:%M:%S %Y', at),
  C: ({ year }) => two(Math.floor(year / 100)),
  d: ({ day }) => two(day),
  D: (at) => expand('%m/%d/%y', at),
  e: ({ day }) => blank(day),
  F: (at) => expand('%Y-%m-%d', at),
  h: ({ month }) => short(MONTHS, month - 1),
  H: ({ hour }) => two(hour),
  I: (at) => two(hour12(at)),
  j: ({ dayOfYear }) => String(dayOfYear).padStart(3, '0'),
  k: ({ hour }) => blank(hour),
  l: (at) => blank(hour12(at)),
  m: ({ month }) => two(month),
  M: ({ minute }) => two(minute),
  n: () => ' ',
  p: ({ hour }) => (hour < 12 ? 'AM' : 'PM'),
  r: (at) => expand('%I:%M:%S %p', at),
  R: (at) => expand('%H:%M', at),
  s: ({ now }) => String(Math.floor(now / 1000)),
  S: ({ second }) => two(second),
  t: () => ' ',
  T: (at) => expand('%H:%M:%S', at),
  u: ({ weekday }) => String(weekday === 0 ? 7 : weekday),
  U: (at) => two(week(at, 0)),
  w: ({ weekday }) => String(weekday),
  W: (at) => two(week(at, 1)),
  x: (at) => expand('%m/%d/%y', at),
  X: (at) => expand('%H:%M:%S', at),
  y: ({ year }) => two(year % 100),
  Y: ({ year }) => String(year),
  z: ({ offsetMinutes }) => formatOffset(offsetMinutes),
  Z: ({ offsetMinutes }) => (offsetMinutes === 0 ? 'UTC' : formatOffset(offsetMinutes)),
  '%': () => '%',
};

/** A moment in a time zone as `strftime` writes it; conversions that it does not have stay. */
export function formatTime(format: string, now: number, timeZone: string): string {
  return expand(format, calendarOf(now, timeZone));
}

/** How far a zone is ahead of UTC at a moment: `+0100`. */
export function utcOffset(now: number, timeZone: string): string {
  return formatOffset(calendarOf(now, timeZone).offsetMinutes);
}

function expand(format: string, at: Calendar): string {
  // E and O ask for another way of writing, which the POSIX locale does not have.
  return format.replace(
    /%[EO]?([A-Za-z%])/g,
    (written, letter: string) => CONVERSIONS[letter]?.(at) ?? written,
  );
}

function formatOffset(minutes: number): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${two(size % 60)}`;
}

let systemZone: string | undefined;

/** The zone of the system, as an IANA name; asked for when it is wanted, for the first question takes ten milliseconds. */
export function systemTimeZone(): string {
  return (systemZone ??= Intl.DateTimeFormat().resolvedOptions().timeZone);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Costs some microseconds to use, and a hundred times as much to make. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const numeric = 'numeric' as const;
  const made = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone, calendar: 'gregory', hourCycle: 'h23' },
    ...{ year: numeric, month: numeric, day: numeric },
    ...{ hour: numeric, minute: numeric, second: numeric },
  });
  formats.set(timeZone, made);
  return made;
}

function calendarOf(now: number, timeZone: string): Calendar {
  const parts = formatOf(timeZone).formatToParts(now);
  const fields = new Map(parts.map(({ type, value }) => [type, Number(value)]));
  const field = (name: Intl.DateTimeFormatPartTypes): number => Number(fields.get(name));
  const [year, month, day] = [field('year'), field('month'), field('day')];
  const [hour, minute, second] = [field('hour'), field('minute'), field('second')];
  const midnight = Date.UTC(year, month - 1, day);
  const local = Date.UTC(year, month - 1, day, hour, minute, second);
  return {
    ...{ year, month, day, hour, minute, second, now },
    weekday: new Date(midnight).getUTCDay(),
    dayOfYear: Math.round((midnight - Date.UTC(year, 0, 1)) / DAY_MS) + 1,
    offsetMinutes: Math.round((local - Math.floor(now / 1000) * 1000) / 60_000),
  };
}
