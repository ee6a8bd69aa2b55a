import type { DayCounts, Report } from '../../reports/report.js';
import type { TopGroups } from '../../reports/group-counts.js';
import type { Story } from '../../reports/story.js';
import { countOf } from '../terminal/count-of.js';
import type { LogInput } from './log-input.js';
import { printable } from '../terminal/printable.js';
import { percent, shortTime } from '../terminal/short-time.js';
import { alignedLines } from '../terminal/table.js';

/** The groups of one key. */
export interface KeyedGroups extends TopGroups {
  readonly key: string;
}

const numbers = (row: readonly string[]): readonly number[] =>
  row.map((_, index) => index).slice(1);

/** All of a report. */
export function reportText(
  report: Report,
  groups: readonly KeyedGroups[],
  logs: Pick<LogInput, 'timeOf' | 'counts'>,
): string {
  const parts = [summary(report, logs), reasons(report), daysText(report)];
  return [...parts, ...groups.map(groupsText)].join('\n');
}

function summary(report: Report, { timeOf, counts }: Pick<LogInput, 'timeOf' | 'counts'>): string {
  const { total, waits, from, to } = report;
  const { first } = total;
  const took = (share: number): string => {
    const seconds = waits.quantile(share);
    return seconds === undefined ? '-' : shortTime(seconds);
  };
  const rows = [
    ['from', from === undefined ? '-' : timeOf(from)],
    ['to', to === undefined ? '-' : timeOf(to)],
    ['lines', `${counts.lines}, ${countOf(total.decisions, 'decision')}`],
    ['put off for the first time', String(first)],
    ['  came back', `${total.returned} (${percent(total.returned, first)})`],
    ['    after', `${took(0.5)} in the median, ${took(0.95)} for 95 of 100`],
    ['  came from elsewhere', `${total.elsewhere} (${percent(total.elsewhere, first)})`],
    ['  never came back', `${total.never} (${percent(total.never, first)})`],
    ['  not known yet', `${total.open} (${percent(total.open, first)})`],
  ];
  return lines(alignedLines(rows));
}

function reasons({ reasons: all, total }: Report): string {
  const rows = all.map(([reason, count]) => [
    reason,
    String(count),
    percent(count, total.decisions),
  ]);
  return lines(alignedLines([['reason', 'decisions', 'share'], ...rows], [1, 2]));
}

/** A line for each day. */
export function daysText({ days }: Report): string {
  const head = ['day', 'decisions', 'first', 'returned', 'elsewhere', 'never', 'open', 'passed'];
  const rows = days.map((day) => [day.day, ...dayCells(day)]);
  return lines(alignedLines([head, ...rows], numbers(head)));
}

function dayCells(day: DayCounts): readonly string[] {
  const { decisions, first, returned, elsewhere, never, open, passed } = day;
  return [decisions, first, returned, elsewhere, never, open, passed].map(String);
}

/** A line for each group, the biggest first. */
export function groupsText({ key, groups, mayMiss }: KeyedGroups): string {
  const head = [key, 'first', 'returned', 'elsewhere', 'never', 'open', 'mean wait'];
  const rows = groups.map(({ key: name, ...counts }) => {
    const { first, returned, elsewhere, never, open, waitedS } = counts;
    const mean = returned === 0 ? '-' : shortTime(waitedS / returned);
    return [printable(name), ...[first, returned, elsewhere, never, open].map(String), mean];
  });
  const missing =
    mayMiss === 0 ? '' : `There were too many to count all; each may be ${mayMiss} short.\n`;
  return lines(alignedLines([head, ...rows], numbers(head))) + missing;
}

/** One mail in a line; what it is about never looks like more than a word. */
export function storyText({ first, ...story }: Story, timeOf: LogInput['timeOf']): string {
  const { ending, passedAfter, attempts } = story;
  const after = passedAfter === undefined ? '' : ` after ${shortTime(passedAfter / 1000)}`;
  const words = [
    timeOf(first.at),
    first.client ?? '-',
    first.name ?? '-',
    `<${first.from}>`,
    `<${first.to}>`,
  ].map((word, index) => (index === 0 ? word : printable(word).replaceAll(' ', '\\u0020')));
  return `${words.join(' ')} ${ending}${after}, ${countOf(attempts, 'attempt')}\n`;
}

function lines(all: readonly string[]): string {
  return all.map((line) => `${line}\n`).join('');
}
