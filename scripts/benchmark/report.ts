import { cpus, release } from 'node:os';
import type { Effort, Measured } from './measure.js';

/** Everything that was found, as written by `--json`. */
export interface Report {
  readonly node: string;
  readonly kernel: string;
  readonly cpu: string;
  readonly cores: number;
  readonly efforts: readonly Effort[];
  readonly rows: readonly Measured[];
}

/** What was measured, and on what. */
export function createReport(efforts: readonly Effort[], rows: readonly Measured[]): Report {
  const processors = cpus();
  return {
    node: process.version,
    kernel: release(),
    cpu: processors[0]?.model ?? 'unknown',
    cores: processors.length,
    efforts,
    rows,
  };
}

const columns: readonly (readonly [title: string, cell: (row: Measured) => string])[] = [
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

/** The report as a table for people. */
export function formatReport({ node, kernel, cpu, cores, rows }: Report): string {
  const cells = [
    columns.map(([title]) => title),
    ...rows.map((row) => columns.map(([, cell]) => cell(row))),
  ];
  const widths = columns.map((_column, at) =>
    Math.max(...cells.map((line) => line[at]?.length ?? 0)),
  );
  const lines = cells.map((line) =>
    line
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  '),
  );
  return [`Node.js ${node}, Linux ${kernel}, ${cores} × ${cpu}`, '', ...lines, ''].join('\n');
}
