import type { Report } from '../../reports/report.js';
import type { Story } from '../../reports/story.js';
import type { KeyedGroups } from './report-text.js';

const COUNTS = ['first', 'returned', 'elsewhere', 'never', 'open', 'waited_seconds'];
const DAY = ['decisions', 'put_off', 'passed', 'refused'];

/** The names of a list's columns. */
export const STORY_COLUMNS = row(
  ['time', 'client', 'name', 'helo', 'from', 'to'].concat([
    'attempts',
    'ending',
    'passed_after_seconds',
    'reason',
    'rule',
  ]),
);

/** A mail, as {@link STORY_COLUMNS} has it. */
export function storyCsv({ first, attempts, ending, passedAfter }: Story): string {
  const { at, client, name, helo, from, to, reason, rule } = first;
  const seconds = passedAfter === undefined ? undefined : Math.floor(passedAfter / 1000);
  const parties = [new Date(at).toISOString(), client, name, helo, from, to];
  return row([...parties, attempts, ending, seconds, reason, rule]);
}

/** A row for each day. */
export function daysCsv({ days }: Report): string {
  const rows = days.map((day) => {
    const { decisions, putOff, passed, refused } = day;
    const { first, returned, elsewhere, never, open, waitedS } = day;
    const own = [day.day, decisions, putOff, passed, refused];
    return row([...own, first, returned, elsewhere, never, open, waitedS]);
  });
  return row(['day', ...DAY, ...COUNTS]) + rows.join('');
}

/** A row for each group. */
export function groupsCsv({ key, groups }: KeyedGroups): string {
  const rows = groups.map(({ key: name, first, returned, elsewhere, never, open, waitedS }) =>
    row([name, first, returned, elsewhere, never, open, waitedS]),
  );
  return row([key.replaceAll('-', '_'), ...COUNTS]) + rows.join('');
}

/** RFC 4180, with plain ends of line. */
function row(cells: readonly (string | number | undefined)[]): string {
  return `${cells.map((cell) => field(String(cell ?? ''))).join(',')}\n`;
}

// A spreadsheet takes what begins so for a formula, and senders choose what they are called. A lone `-` is
// no formula, but a key that the log does not tell.
function field(text: string): string {
  const safe = text !== '-' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
