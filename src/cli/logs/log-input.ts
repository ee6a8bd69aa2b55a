import type { Readable } from 'node:stream';
import { logSource } from '../../reports/log-file.js';
import { noLines, type LineCounts } from '../../reports/log-reader.js';
import type { LoggedDecision } from '../../reports/logged-decision.js';
import { readLogs } from '../../reports/read-logs.js';
import { namedZone, type Zone } from '../../reports/zone.js';
import { countOf } from '../terminal/count-of.js';
import type { LogArguments } from './log-options.js';
import { isStandardInput } from '../arguments/standard-input.js';
import { ProgressBar } from '../terminal/progress-bar.js';
import type { Output } from '../terminal/output.js';
import { UsageError } from '../arguments/usage-error.js';

/** Logs that a command reads. */
export interface LogInput {
  /** What has been read so far. */
  readonly counts: LineCounts;
  /** The date of an instant in the zone of the logs. */
  readonly dayOf: (at: number) => string;
  /** Date and time of an instant in that zone, without the zone. */
  readonly timeOf: (at: number) => string;
  /** @throws ReportError */
  decisions(): AsyncGenerator<readonly LoggedDecision[], void, undefined>;
}

/** Where they are read from, and where it is said how far. */
export interface LogSurroundings {
  readonly output: Output;
  readonly input: Readable;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** @throws UsageError, ReportError */
export function openLogs(args: LogArguments, { output, input, now }: LogSurroundings): LogInput {
  const { files = [] } = args;
  const paths =
    files.length === 0 ? ['-'] : files.map((path) => (isStandardInput(path) ? '-' : path));
  const zoneName = args['time-zone'] ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const zone = readZone(zoneName);
  const greylistText = readPattern(args['greylist-text'] ?? '[Gg]r[ea]ylist');
  const until = readUntil(args.until, now, zone);
  const sources = paths.map((path) => logSource(path, input));
  const sizes = sources.map(({ bytes }) => bytes ?? Number.NaN);
  const bar = new ProgressBar(
    sizes.reduce((sum, size) => sum + size, 0),
    output,
  );
  const counts = noLines();
  const onRead = (bytes: number): void => bar.add(bytes);
  const timeOf = wallClock(zoneName);
  return {
    counts,
    dayOf: dayFinder(timeOf),
    timeOf,
    async *decisions() {
      const options = { zone, greylistText, now: until, counts, onRead };
      try {
        yield* readLogs(sources, options);
      } finally {
        bar.end();
      }
    },
  };
}

/** Says what of the logs was not used, if it is worth a word; to standard error. */
export function tellOfLines(counts: LineCounts, output: Output): void {
  const { unclear, undated, tooLong } = counts;
  const says = [
    [unclear, 'not understood'],
    [undated, 'without a time'],
    [tooLong, 'too long'],
  ] as const;
  const told = says.flatMap(([count, what]) =>
    count === 0 ? [] : [`${countOf(count, 'line')} ${what}`],
  );
  if (told.length > 0) output.error(`note: left out: ${told.join(', ')}\n`);
}

/** Says that logs have nothing of what is asked, and whose lines are understood; to standard error. */
export function tellOfNothing({ lines }: LineCounts, output: Output): void {
  output.error(
    `greymilter: none of ${countOf(lines, 'line')} tells of greylisting\n` +
      'note: understood are the lines of greymilter, Postgrey and milter-greylist, and those in which Postfix puts mail ' +
      "off; Sendmail's name neither client nor sender: give the filter's own log\n",
  );
}

function readZone(name: string): Zone {
  try {
    return namedZone(name);
  } catch {
    throw new UsageError(`--time-zone ${name}: there is no such zone; write Europe/Berlin or UTC`);
  }
}

function readPattern(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : '';
    throw new UsageError(`--greylist-text is no regular expression: ${reason}`);
  }
}

function readUntil(text: string | undefined, now: number, zone: Zone): number {
  if (text === undefined) return now;
  const wall = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(wall) || !isDay(text, wall)) {
    throw new UsageError(`--until ${text}: write a date, like 2026-11-21`);
  }
  return zone.toInstant(wall);
}

/** Whether the calendar has the day: 30 February is read as one in March. */
function isDay(text: string, wall: number): boolean {
  return new Date(wall).toISOString().startsWith(text);
}

/** Writes instants as the clock on the wall shows them. */
function wallClock(zone: string): (at: number) => string {
  // Sweden writes dates as ISO 8601 does.
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    ...{ year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
  });
  return (at) => format.format(at);
}

/** The same day for a quarter of an hour, because to format a time costs more than to read a line. */
function dayFinder(timeOf: (at: number) => string): (at: number) => string {
  let quarter = Number.NaN;
  let day = '';
  return (at) => {
    const now = Math.floor(at / 900_000);
    if (now !== quarter) {
      quarter = now;
      day = timeOf(at).slice(0, 10);
    }
    return day;
  };
}
