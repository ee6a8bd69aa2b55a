import { formatMachine } from './machine.js';
import type { Measured } from './measure.js';
import { stallColumns } from './report.js';
import type { SizeCost, StoreReport } from './store-mode.js';
import { fixed, formatTable, mebibytes, type Columns } from './table.js';

const perTriplet = (bytes: number, triplets: number): string => fixed(bytes / triplets, 1);

const sizeColumns: Columns<SizeCost> = [
  ['triplets', ({ triplets }) => String(triplets)],
  ['bytes each', ({ bytes, triplets }) => perTriplet(bytes.filled, triplets)],
  ['compacted', ({ bytes, triplets }) => perTriplet(bytes.compacted, triplets)],
  ['start ms', ({ startMs }) => fixed(startMs)],
  ['its own MiB at start', ({ memoryAtStart }) => mebibytes(memoryAtStart.anonBytes)],
  ['of files', ({ memoryAtStart }) => mebibytes(memoryAtStart.fileBytes)],
  ['its own after', ({ memoryAfter }) => mebibytes(memoryAfter.anonBytes)],
  ['of files', ({ memoryAfter }) => mebibytes(memoryAfter.fileBytes)],
];

const rowColumns: Columns<Measured> = [
  ['session', ({ name }) => name],
  ['messages/s', (row) => fixed(row.sessionsPerSecond)],
  ['CPU µs', (row) => fixed(row.cpuUsPerSession, 1)],
  ['× few', (row) => fixed(row.cpuRatio, 2)],
  ['RCPT p50 µs', (row) => fixed(row.p50Us)],
  ['× few', (row) => fixed(row.p50Ratio, 2)],
  ['p99 µs', (row) => fixed(row.p99Us)],
  ['p99.9 µs', (row) => fixed(row.p999Us)],
];

/** What was found, as tables for people. */
export function formatStores({ machine, rate, empty, sizes }: StoreReport): string {
  const { anonBytes, fileBytes } = empty.memoryAtStart;
  return [
    formatMachine(machine),
    '',
    `An empty store: ${fixed(empty.startMs)} ms from start to first answer, ` +
      `${mebibytes(anonBytes)} MiB of its own, ${mebibytes(fileBytes)} of files`,
    '',
    ...formatTable(sizeColumns, sizes),
    ...sizes.flatMap(({ triplets, rows, stalls }) => [
      '',
      `${triplets} triplets:`,
      ...formatTable(rowColumns, rows),
      '',
      `${triplets} triplets, ${rate} sessions in each second:`,
      ...formatTable(stallColumns, stalls),
    ]),
    '',
  ].join('\n');
}
