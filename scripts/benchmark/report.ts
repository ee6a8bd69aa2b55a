import { cpus, release } from 'node:os';
import type { InsightCost, Stall } from './insight-cost.js';
import type { ListCost } from './list-cost.js';
import type { Effort, Measured } from './measure.js';

/** Everything that was found, as written by `--json`. */
export interface Report {
  readonly node: string;
  readonly kernel: string;
  readonly cpu: string;
  readonly cores: number;
  readonly efforts: readonly Effort[];
  readonly rows: readonly Measured[];
  /** Of the policy protocol; a session is a request there. */
  readonly policy: readonly Measured[];
  readonly lists: readonly ListCost[];
}

/** What was measured, and on what. */
export function createReport({
  efforts,
  rows,
  policy,
  lists,
}: Pick<Report, 'efforts' | 'rows' | 'policy' | 'lists'>): Report {
  const processors = cpus();
  return {
    node: process.version,
    kernel: release(),
    cpu: processors[0]?.model ?? 'unknown',
    cores: processors.length,
    efforts,
    rows,
    policy,
    lists,
  };
}

/** A table's columns: their titles, and what stands in each for a row. */
export type Columns<Row> = readonly (readonly [title: string, cell: (row: Row) => string])[];

const columns: Columns<Measured> = [
  ['filter', (row) => row.name],
  ['at once', (row) => String(row.atOnce)],
  ['sessions/s', (row) => row.sessionsPerSecond.toFixed(0)],
  ['CPU µs/session', (row) => row.cpuUsPerSession.toFixed(1)],
  ['× floor', (row) => row.cpuRatio.toFixed(2)],
  ['RCPT p50 µs', (row) => row.p50Us.toFixed(0)],
  ['× floor', (row) => row.p50Ratio.toFixed(2)],
  ['p99 µs', (row) => row.p99Us.toFixed(0)],
  ['memory MiB', (row) => (row.residentBytes / 1024 / 1024).toFixed(0)],
];

const policyColumns: Columns<Measured> = [
  ['policy service', (row) => row.name],
  ['connections', (row) => String(row.atOnce)],
  ['requests/s', (row) => row.sessionsPerSecond.toFixed(0)],
  ['CPU µs/request', (row) => row.cpuUsPerSession.toFixed(1)],
  ['× floor', (row) => row.cpuRatio.toFixed(2)],
  ['p50 µs', (row) => row.p50Us.toFixed(0)],
  ['p99 µs', (row) => row.p99Us.toFixed(0)],
  ['memory MiB', (row) => (row.residentBytes / 1024 / 1024).toFixed(0)],
];

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
  ['sessions/s', (row) => row.sessionsPerSecond.toFixed(0)],
  ['CPU µs/session', (row) => row.cpuUsPerSession.toFixed(1)],
  ['× without', (row) => row.cpuRatio.toFixed(3)],
  ['RCPT p50 µs', (row) => row.p50Us.toFixed(0)],
  ['p99 µs', (row) => row.p99Us.toFixed(0)],
  ['memory MiB', (row) => (row.residentBytes / 1024 / 1024).toFixed(0)],
];

const stallColumns: Columns<Stall> = [
  ['RCPT while there is', (row) => row.name],
  ['p50 ms', (row) => (row.p50Us / 1000).toFixed(1)],
  ['p99 ms', (row) => (row.p99Us / 1000).toFixed(1)],
  ['p99.9 ms', (row) => (row.p999Us / 1000).toFixed(1)],
  ['slowest ms', (row) => (row.maxUs / 1000).toFixed(1)],
];

/** Rows under their columns' titles, the first column to the left. */
export function formatTable<Row>(head: Columns<Row>, rows: readonly Row[]): readonly string[] {
  const cells = [
    head.map(([title]) => title),
    ...rows.map((row) => head.map(([, cell]) => cell(row))),
  ];
  const widths = head.map((_column, at) => Math.max(...cells.map((line) => line[at]?.length ?? 0)));
  return cells.map((line) =>
    line
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  '),
  );
}

/** What looking at the filter costs, as tables for people. */
export function formatInsight({ rows, lookMs, records, stalls }: InsightCost): string {
  const [processor] = cpus();
  return [
    `Node.js ${process.version}, Linux ${release()}, ${cpus().length} × ${processor?.model ?? 'unknown'}`,
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

/** The report as tables for people. */
export function formatReport(report: Report): string {
  const { node, kernel, cpu, cores, rows, policy, lists } = report;
  return [
    `Node.js ${node}, Linux ${kernel}, ${cores} × ${cpu}`,
    '',
    ...formatTable(columns, rows),
    '',
    ...formatTable(policyColumns, policy),
    '',
    ...formatTable(listColumns, lists),
    '',
  ].join('\n');
}
