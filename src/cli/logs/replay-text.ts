import type { ReplayChange, ReplayedMail, ReplayResult } from '../../reports/replay-tally.js';
import { asciiJson } from '../../migrate/ascii-json.js';
import { countOf } from '../terminal/count-of.js';
import { printable } from '../terminal/printable.js';
import { percent, shortTime } from '../terminal/short-time.js';
import { alignedLines } from '../terminal/table.js';

/** What a replay could not know. */
export interface ReplayGaps {
  /** How often each kind of lookup was asked for in vain. */
  readonly unknown: Readonly<Record<string, number>>;
  readonly hasMessageRules: boolean;
  /** How many passed since they had been known before the log began. */
  readonly fromBefore: number;
}

const CHANGES: readonly (readonly [ReplayChange, string])[] = [
  ['same', 'as it was'],
  ['newly-delayed', 'newly delayed'],
  ['longer', 'delayed for longer'],
  ['shorter', 'delayed for less'],
  ['newly-through', 'newly let through at once'],
  ['would-get-through', 'never got through, and would have'],
  ['newly-refused', 'newly refused'],
  ['never', 'never got through, and would not have'],
];

/** For people. */
export function replayText(result: ReplayResult, gaps: ReplayGaps): string {
  const { mails, changes, atLeast, logged, replayed, reasons } = result;
  const least = atLeast > 0 ? '>= ' : '';
  const rows = CHANGES.map(([change, words]) => [
    words,
    String(changes[change]),
    percent(changes[change], mails),
  ]);
  const times = [
    ['of mail that got through', 'in the log', 'with this configuration'],
    ['hours of delay', hours(result.loggedS), least + hours(result.replayedS)],
    ['delay of 95 of 100', quantile(logged), least + quantile(replayed)],
  ];
  const notes = notesOf(result, gaps);
  const differing = reasons.slice(0, 15).map(({ from, to, count }) => [from, to, String(count)]);
  const parts = [
    text(alignedLines([['mails', String(mails), ''], ...rows], [1, 2])),
    text(alignedLines(times, [1, 2])),
  ];
  if (differing.length > 0) {
    parts.push(text(alignedLines([['in the log', 'here', 'attempts'], ...differing], [2])));
  }
  if (notes.length > 0) parts.push(text(notes));
  return parts.join('\n');
}

function notesOf(
  { atLeast }: ReplayResult,
  { unknown, hasMessageRules, fromBefore }: ReplayGaps,
): readonly string[] {
  const asked = Object.entries(unknown).map(([kind, count]) => `${kind} ${count}`);
  const notes: string[] = [];
  if (atLeast > 0) {
    notes.push(
      `>= is at least: ${countOf(atLeast, 'mail')} got through earlier in the log, and nobody knows when ` +
        'the next try would have come; it is taken to come as soon as it may.',
    );
  }
  if (fromBefore > 0) {
    notes.push(`Known from before the log, and taken to be so here: ${fromBefore}.`);
  }
  if (asked.length > 0) {
    notes.push(`The log does not tell what was looked up; unknown were: ${asked.join(', ')}.`);
  }
  if (hasMessageRules) notes.push('message-rules were not asked: a log has no messages.');
  return notes;
}

/** All of it as one object. */
export function replayJson(result: ReplayResult, gaps: ReplayGaps): string {
  const { logged, replayed, ...rest } = result;
  const p95 = { logged: logged.quantile(0.95), replayed: replayed.quantile(0.95) };
  return `${asciiJson({ ...rest, p95, ...gaps })}\n`;
}

/** A mail that fares otherwise, in a line. */
export function replayedMailText(
  { first, loggedMs, replayedMs, isAtLeast }: ReplayedMail,
  change: ReplayChange,
  timeOf: (at: number) => string,
): string {
  const took = (ms: number | undefined): string =>
    ms === undefined ? 'never' : shortTime(ms / 1000);
  const words = [first.client ?? '-', `<${first.from}>`, `<${first.to}>`];
  const parties = words.map((word) => printable(word).replaceAll(' ', '\\u0020')).join(' ');
  const here = `${isAtLeast ? '>= ' : ''}${took(replayedMs)}`;
  return `${timeOf(first.at)} ${parties} ${change}: ${took(loggedMs)}, here ${here}\n`;
}

/** The same as JSON. */
export function replayedMailJson(
  { first, loggedMs, replayedMs, isAtLeast }: ReplayedMail,
  change: ReplayChange,
): string {
  const { at, client, from, to } = first;
  const seconds = (ms: number | undefined): number | undefined =>
    ms === undefined ? undefined : ms / 1000;
  const parties = { time: new Date(at).toISOString(), client, from: `<${from}>`, to: `<${to}>` };
  const times = { logged: seconds(loggedMs), replayed: seconds(replayedMs), atLeast: isAtLeast };
  return `${asciiJson({ ...parties, change, ...times })}\n`;
}

function hours(seconds: number): string {
  return (seconds / 3600).toFixed(1);
}

function quantile(durations: ReplayResult['logged']): string {
  const seconds = durations.quantile(0.95);
  return seconds === undefined ? '-' : shortTime(seconds);
}

function text(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
