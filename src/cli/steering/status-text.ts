import { formatDuration } from '../../config/duration.js';
import type { JsonFields } from '../../migrate/json-fields.js';
import { countOf } from '../terminal/count-of.js';
import type { Paint } from '../terminal/paint.js';
import { printable } from '../terminal/printable.js';
import type { IdleStore } from './status.js';
import { sizeOf } from '../terminal/size-of.js';
import { alignedLines } from '../terminal/table.js';

const LABEL_WIDTH = 13;

const meaningOfMode: Readonly<Record<string, string>> = {
  learn: 'LEARN: nobody is put off; whoever comes is known from then on',
  shadow: 'SHADOW: nobody is put off; what would be is only logged',
};

/** What a daemon says of itself, for people. A daemon of another version may say less, or more. */
export function formatStatus(status: JsonFields, now: number, paint: Paint): string {
  const { version, pid, uptimeSeconds, startedAt, mode, connections } = status;
  const runs = paint('good', 'runs');
  const since = `for ${lengthOf(uptimeSeconds)}, since ${timeOf(startedAt)}`;
  const special = meaningOfMode[textOf(mode)];
  const paragraphs = [
    [`greymilter ${printable(textOf(version))} ${runs} as process ${textOf(pid)} ${since}`],
    bannerLines(status, paint),
    [
      row('mode', special === undefined ? textOf(mode) : paint('doubtful', special)),
      ...learningRows(status['learning']),
      ...reloadRows(status, paint),
      ...warningRows(listOf(status['warnings']), paint),
      ...listenerRows(status),
      row('connections', `${textOf(connections)} of MTAs`),
      ...storeRows(fieldsOf(status['store']), now, paint),
    ],
    decisionLines(fieldsOf(status['decisions'])),
    delayLines(fieldsOf(status['delays'])),
  ];
  return joined(paragraphs);
}

/** What is known without a daemon. */
export function formatStoreStatus(store: IdleStore, where: string, paint: Paint): string {
  const { path, records, problem } = store;
  const rows =
    records === undefined
      ? [row('store', printable(`${path}: ${problem ?? ''}`))]
      : [row('store', path), row('records', recordsText({ ...records }))];
  return joined([[`greymilter ${paint('bad', 'does not run')}: ${where}`], rows]);
}

function joined(paragraphs: readonly (readonly string[])[]): string {
  return paragraphs
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

function row(label: string, text: string): string {
  return `${label.padEnd(LABEL_WIDTH)}${text}`;
}

/** What is to be seen first, whatever else is looked for. */
function bannerLines({ impairments }: JsonFields, paint: Paint): readonly string[] {
  return listOf(impairments)
    .map(fieldsOf)
    .map(({ cause, text, since }) => {
      const when = since === undefined ? '' : `, since ${timeOf(since)}`;
      const isMeant = cause === 'learn' || cause === 'shadow';
      return paint(isMeant ? 'doubtful' : 'bad', `ATTENTION: ${printable(textOf(text))}${when}`);
    });
}

function learningRows(learning: unknown): readonly string[] {
  if (learning === undefined) return [];
  const { since, attempts, knownShare, knownShareBefore, isEnough } = fieldsOf(learning);
  const percent = (share: unknown): string => `${(100 * Number(share)).toFixed(1)} %`;
  const before =
    knownShareBefore === undefined ? '' : `, ${percent(knownShareBefore)} the day before`;
  const verdict =
    isEnough === true ? 'enough, greylist.mode can be enforce' : 'not yet enough to enforce';
  return [
    row('learnt', `since ${timeOf(since)}: ${verdict}`),
    row(
      '',
      `of ${countOf(Number(attempts), 'attempt')} of a day ${percent(knownShare)} were known${before}`,
    ),
  ];
}

function reloadRows(status: JsonFields, paint: Paint): readonly string[] {
  const configured = row('configured', timeOf(status['configuredAt']));
  const { lastReload } = status;
  if (lastReload === undefined) return [configured];
  const { at, ok, code, problem } = fieldsOf(lastReload);
  if (ok === true) return [configured, row('last reload', `${timeOf(at)}, taken over`)];
  const [first = '', ...rest] = textOf(problem).split('\n');
  const reason = printable(`${first}${rest.length > 0 ? ' …' : ''}`);
  const failed = paint('bad', `failed (${printable(textOf(code))})`);
  return [configured, row('last reload', `${timeOf(at)}, ${failed}: ${reason}`)];
}

/** A list of mistakes of one kind must not hide the rest. */
const SHOWN_WARNINGS = 5;

function warningRows(warnings: readonly unknown[], paint: Paint): readonly string[] {
  const shown = warnings.slice(0, SHOWN_WARNINGS).map((line) => printable(textOf(line)));
  const more = warnings.length - shown.length;
  const lines = more > 0 ? [...shown, `and ${more} more, which the log has`] : shown;
  return lines.map((line, index) => row(index === 0 ? 'warnings' : '', paint('doubtful', line)));
}

function listenerRows(status: JsonFields): readonly string[] {
  const listeners = listOf(status['listeners']).map(fieldsOf);
  const lines = alignedLines(
    listeners.map(({ protocol, address }) => [textOf(protocol), printable(textOf(address))]),
  );
  return lines.map((line, index) => row(index === 0 ? 'listening' : '', line));
}

const healthWords: Readonly<Record<string, string>> = {
  'cannot-be-read': 'CANNOT BE READ',
  'cannot-be-written': 'CANNOT BE WRITTEN',
};

function storeRows(store: JsonFields, now: number, paint: Paint): readonly string[] {
  const { path, bytes, pendingWrites, commits, failedCommits, health, records } = store;
  const trouble = healthWords[textOf(health)];
  const state = trouble === undefined ? paint('good', 'sound') : paint('bad', trouble);
  const pending = `${countOf(Number(pendingWrites), 'write')} pending`;
  const counted = `${countOf(Number(commits), 'commit')}, ${textOf(failedCommits)} failed, ${pending}`;
  const counts = fieldsOf(records);
  const place = [printable(textOf(path)), ...(bytes === undefined ? [] : [sizeOf(bytes)])];
  const age = (now - Date.parse(textOf(counts['countedAt']))) / 1000;
  const when = age >= 1 ? `, counted ${lengthOf(age)} ago` : '';
  const unknown = health === 'cannot-be-read' ? 'not known' : 'being counted, ask again';
  const held = records === undefined ? unknown : recordsText(counts) + when;
  return [row('store', [...place, state].join(', ')), row('', counted), row('records', held)];
}

function recordsText({ triplets, clients, replies, exceptions }: JsonFields): string {
  const { pending, passed } = fieldsOf(triplets);
  const { autowhite } = fieldsOf(clients);
  const earned = `${textOf(autowhite)} autowhite and ${textOf(exceptions)} by hand`;
  const expected = countOf(Number(replies), 'reply', 'replies');
  return `${countOf(Number(pending), 'triplet')} pending, ${textOf(passed)} passed; clients: ${earned}; ${expected} expected`;
}

function decisionLines({ total, perHour, counts }: JsonFields): readonly string[] {
  const rows = listOf(counts).map((each) => {
    const { verdict, reason, count, perHour: rate } = fieldsOf(each);
    const share = `${((100 * Number(count)) / Number(total)).toFixed(1)} %`;
    return [textOf(verdict), printable(textOf(reason)), textOf(count), textOf(rate), share];
  });
  if (rows.length === 0) return [row('decisions', 'none since the start')];
  const sum = ['all', '', textOf(total), textOf(perHour), ''];
  return alignedLines(
    [['verdict', 'reason', 'decisions', 'an hour', 'share'], ...rows, sum],
    [2, 3, 4],
  );
}

function delayLines({ count, medianSeconds, p95Seconds, longestSeconds }: JsonFields) {
  if (count === undefined) return [];
  const [median, most, longest] = [medianSeconds, p95Seconds, longestSeconds].map(lengthOf);
  const text = `of ${textOf(count)} that waited and came back: half within ${median ?? ''}, 95 % within ${most ?? ''}, the longest ${longest ?? ''}`;
  return [row('delays', text)];
}

/** Of minutes and more, no seconds. */
function lengthOf(seconds: unknown): string {
  const length = Math.max(0, Number(seconds));
  const whole = length >= 3600 ? Math.floor(length / 60) * 60 : length;
  return formatDuration(whole * 1000);
}

function timeOf(instant: unknown): string {
  return textOf(instant).replace(/\.\d+Z$/, 'Z');
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function fieldsOf(value: unknown): JsonFields {
  // Whatever an object holds, its fields are unknown.
  return typeof value === 'object' && value !== null ? (value as JsonFields) : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
