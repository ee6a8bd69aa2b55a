import type { InsightCost } from './insight-cost.js';
import type { ListCost } from './list-cost.js';
import { formatMachine, type Machine } from './machine.js';
import type { Effort, Measured } from './measure.js';
import type { Stall } from './stalls.js';
import { fixed, formatTable, mebibytes, type Columns } from './table.js';

/** Everything that was found, as written by `--json`. */
export interface Report {
  readonly machine: Machine;
  readonly efforts: readonly Effort[];
  /** New triplets and known ones. */
  readonly rows: readonly Measured[];
  /**
   * One session at a time, load and filter on a processor each, and both on the same one; none where that
   * cannot be had.
   */
  readonly apart: readonly Measured[];
  readonly together: readonly Measured[];
  /** Other kinds of load. */
  readonly mixes: readonly Measured[];
  /** So many sessions, and requests, in a second, whether the filter keeps up or not. */
  readonly rate: number;
  readonly rates: readonly Measured[];
  /** Of the policy protocol; a session is a request there. */
  readonly policy: readonly Measured[];
  readonly policyRates: readonly Measured[];
  readonly lists: readonly ListCost[];
}

const columns: Columns<Measured> = [
  ['filter', (row) => row.name],
  ['at once', (row) => String(row.atOnce)],
  ['messages/s', (row) => fixed(row.sessionsPerSecond)],
  ['recipients/s', (row) => fixed(row.sessionsPerSecond * row.recipients)],
  ['× floor', (row) => fixed(row.speedRatio, 2)],
  ['CPU µs', (row) => fixed(row.cpuUsPerSession, 1)],
  ['of it system', (row) => fixed(row.cpuUsPerSession * row.systemPart, 1)],
  ['× floor', (row) => fixed(row.cpuRatio, 2)],
  ['RCPT p50 µs', (row) => fixed(row.p50Us)],
  ['× floor', (row) => fixed(row.p50Ratio, 2)],
  ['p99 µs', (row) => fixed(row.p99Us)],
  ['p99.9 µs', (row) => fixed(row.p999Us)],
  ['calls', (row) => fixed(row.callsPerSession, 1)],
  ['memory MiB', (row) => mebibytes(row.residentBytes)],
  ['its own', (row) => mebibytes(row.anonBytes)],
];

/** A session's cost beside the floor's. */
export const sessionColumns: Columns<Measured> = columns.filter(
  ([title]) => !['recipients/s', 'calls', 'p99.9 µs'].includes(title),
);

/** The same beside that of a session with less of something. */
export const moreColumns: Columns<Measured> = sessionColumns.map(([title, cell]) => [
  title === '× floor' ? '× first' : title,
  cell,
]);

const rateColumns = columns.filter(
  ([title]) => !['recipients/s', 'at once', 'calls'].includes(title),
);

const placedColumns: Columns<Measured> = [
  ['RCPT, one session at a time', (row) => row.name],
  ...columns.filter(([title]) => title.startsWith('RCPT')),
  ['× floor', (row) => fixed(row.p50Ratio, 2)],
  ['p99 µs', (row) => fixed(row.p99Us)],
];

const policyColumns: Columns<Measured> = [
  ['policy service', (row) => row.name],
  ['connections', (row) => String(row.atOnce)],
  ['requests/s', (row) => fixed(row.sessionsPerSecond)],
  ...columns.filter(
    ([title]) => !['filter', 'at once', 'messages/s', 'recipients/s'].includes(title),
  ),
];

const policyRateColumns = policyColumns.filter(
  ([title]) => !['connections', 'calls'].includes(title),
);

const listColumns: Columns<ListCost> = [
  ['rule with a list of', (row) => row.name],
  ['entries', (row) => String(row.entries)],
  ['ns/recipient', (row) => row.ruleNs.toFixed(0)],
  ['% of a session', (row) => (row.sessionRatio * 100).toFixed(2)],
  ['load ms', (row) => row.loadMs.toFixed(0)],
];

const insightColumns: Columns<Measured> = [
  ['greymilter', (row) => row.name],
  ['at once', (row) => String(row.atOnce)],
  ['sessions/s', (row) => fixed(row.sessionsPerSecond)],
  ['CPU µs/session', (row) => fixed(row.cpuUsPerSession, 1)],
  ['× without', (row) => fixed(row.cpuRatio, 3)],
  ['RCPT p50 µs', (row) => fixed(row.p50Us)],
  ['p99 µs', (row) => fixed(row.p99Us)],
  ['memory MiB', (row) => mebibytes(row.residentBytes)],
];

const milliseconds = (us: number): string => fixed(us / 1000, 1);

/** How slow answers are while something else goes on. */
export const stallColumns: Columns<Stall> = [
  ['RCPT while there is', (row: Stall): string => row.name],
  ['p50 ms', (row: Stall): string => milliseconds(row.p50Us)],
  ['p99 ms', (row: Stall): string => milliseconds(row.p99Us)],
  ['p99.9 ms', (row: Stall): string => milliseconds(row.p999Us)],
  ['slowest ms', (row: Stall): string => milliseconds(row.maxUs)],
  ['whole session p99.9 ms', (row: Stall): string => milliseconds(row.sessionP999Us)],
];

/** What looking at the filter costs, as tables for people. */
export function formatInsight({ machine, rows, lookMs, records, stalls }: InsightCost): string {
  return [
    formatMachine(machine),
    '',
    ...formatTable(insightColumns, rows),
    '',
    `A look by the page and by Prometheus: ${lookMs.toFixed(1)} ms of CPU time`,
    '',
    `${records} records:`,
    ...formatTable(stallColumns, stalls),
    '',
  ].join('\n');
}

function placed(title: string, rows: readonly Measured[]): readonly string[] {
  return rows.length === 0 ? [] : [title, ...formatTable(placedColumns, rows), ''];
}

/** The report as tables for people. */
export function formatReport(report: Report): string {
  const { machine, rows, apart, together, mixes, rate, rates, policy, policyRates, lists } = report;
  return [
    formatMachine(machine),
    '',
    ...formatTable(columns, rows),
    '',
    ...placed('Load and filter on a processor each:', apart),
    ...placed('Load and filter on the same processor:', together),
    ...formatTable(columns, mixes),
    '',
    `${rate} sessions in each second, whether it keeps up or not:`,
    ...formatTable(rateColumns, rates),
    '',
    ...formatTable(policyColumns, policy),
    '',
    `${rate} requests in each second, whether it keeps up or not:`,
    ...formatTable(policyRateColumns, policyRates),
    '',
    ...formatTable(listColumns, lists),
    '',
  ].join('\n');
}
