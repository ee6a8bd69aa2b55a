import { fixedZone, type Zone } from './zone.js';

/** What stands before what a program has said. */
export interface LineHead {
  /** Epoch milliseconds. */
  readonly at: number;
  /** What was said, without host and program. */
  readonly body: string;
}

/** How times are understood that do not say all of it. */
export interface HeadOptions {
  /** Of times without one. */
  readonly zone: Zone;
  /**
   * Dates without a year are the latest that are not after this, epoch milliseconds; a day later may
   * be, for clocks and zones that are wrong.
   */
  readonly until: number;
}

const DAY_MS = 86_400_000;

const ISO =
  /^(?:<\d{1,3}>1 )?(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(?:Z| ?([+-])(\d\d):?(\d\d))?( |$)/;
const BSD =
  /^(?:<\d{1,3}>)?([A-Z][a-z]{2}) +(\d{1,2}) (?:(\d{4}) )?(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))? /;
const FULL = /^[A-Z][a-z]{2} (\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d) (\S+) /;
const UNIX = /^(\d{9,11})(?:\.(\d{1,9}))? /;
/** Program and process, and what Solaris puts there; RFC 5424 has columns without a colon. */
const ORIGIN = /^\S+ [^\s:[\]]+(?:\[[^\]\s]*\])?: (?:\[ID \d+ \S+\] )?/;
const ORIGIN_5424 = /^\S+ \S+ \S+ \S+ (?:-|(?:\[[^\]]*\])+) ?(?:\uFEFF)?/;

/** As syslog writes them (RFC 3164). */
export const SYSLOG_MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun'].concat([
  'Jul',
  'Aug',
  'Sep',
  'Oct',
  'Nov',
  'Dec',
]);

/**
 * Reads the heads of a log's lines one after the other: ours, and those of syslog (RFC 3164 and 5424,
 * with and without a year) and journalctl (`short`, `-iso`, `-precise`, `-full`, `-unix`).
 */
export class HeadReader {
  readonly #options: HeadOptions;
  #lastAt = -Infinity;

  constructor(options: HeadOptions) {
    this.#options = options;
  }

  /** Undefined if the line has no time at its head, or one that is no date. */
  read(line: string): LineHead | undefined {
    const head = this.#iso(line) ?? this.#bsd(line) ?? this.#full(line) ?? unixHead(line);
    if (head === undefined || !Number.isFinite(head.at)) return undefined;
    this.#lastAt = head.at;
    return head;
  }

  #iso(line: string): LineHead | undefined {
    const found = ISO.exec(line);
    if (found === null) return undefined;
    const [all, year, month, day, hour, minute, second, fraction, sign, zoneHours, zoneMinutes] =
      found;
    const time = [hour, minute, second, fraction] as const;
    const wall = wallTime(Number(year), Number(month) - 1, Number(day), time);
    const offset = (Number(zoneHours) * 60 + Number(zoneMinutes)) * 60_000;
    const isUtc = all.trimEnd().endsWith('Z');
    const zone = isUtc
      ? fixedZone(0)
      : sign === undefined
        ? this.#options.zone
        : fixedZone(sign === '-' ? -offset : offset);
    const rest = line.slice(all.length);
    const body = rest.replace(all.startsWith('<') ? ORIGIN_5424 : ORIGIN, '');
    return { at: zone.toInstant(wall, this.#lastAt - 1000), body };
  }

  #bsd(line: string): LineHead | undefined {
    const found = BSD.exec(line);
    if (found === null) return undefined;
    const [all, name = '', day, year, ...time] = found;
    const month = SYSLOG_MONTHS.indexOf(name);
    if (month === -1) return undefined;
    const body = line.slice(all.length).replace(ORIGIN, '');
    const inYear = (its: number): number =>
      this.#options.zone.toInstant(wallTime(its, month, Number(day), time), this.#lastAt - 1000);
    const at = year === undefined ? this.#guess(inYear) : inYear(Number(year));
    return { at, body };
  }

  #guess(inYear: (year: number) => number): number {
    const latest = this.#options.until + DAY_MS;
    const thisYear = new Date(latest).getUTCFullYear();
    // Eight, because between 1896 and 1904, or 2096 and 2104, no year had a 29th of February.
    for (let year = thisYear + 1; year > thisYear - 9; year--) {
      const at = inYear(year);
      if (at <= latest) return at;
    }
    return Number.NaN;
  }

  #full(line: string): LineHead | undefined {
    const found = FULL.exec(line);
    if (found === null) return undefined;
    const [all, year, month, day, hour, minute, second, zoneName = ''] = found;
    const wall = wallTime(Number(year), Number(month) - 1, Number(day), [hour, minute, second]);
    const zone = zoneName === 'UTC' || zoneName === 'GMT' ? fixedZone(0) : this.#options.zone;
    const body = line.slice(all.length).replace(ORIGIN, '');
    return { at: zone.toInstant(wall, this.#lastAt - 1000), body };
  }
}

function unixHead(line: string): LineHead | undefined {
  const found = UNIX.exec(line);
  if (found === null) return undefined;
  const [all, seconds, fraction] = found;
  const at = Number(seconds) * 1000 + milliseconds(fraction);
  return { at, body: line.slice(all.length).replace(ORIGIN, '') };
}

/** NaN for a date that the calendar does not have. */
function wallTime(
  year: number,
  month: number,
  day: number,
  [hour, minute, second, fraction]: readonly (string | undefined)[],
): number {
  const at = Date.UTC(year, month, day, Number(hour), Number(minute), Number(second));
  const isReal = new Date(Date.UTC(year, month, day)).getUTCDate() === day;
  return isReal ? at + milliseconds(fraction) : Number.NaN;
}

function milliseconds(fraction: string | undefined): number {
  return fraction === undefined ? 0 : Number(fraction.slice(0, 3).padEnd(3, '0'));
}
