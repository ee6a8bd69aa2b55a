import { formatMachine } from './machine.js';
import type { ComparedTurn, Measured } from './measure.js';
import { areMeasured, isObject, type Tables } from './read-report.js';
import { median, rankDistance } from './statistics.js';
import { fixed, formatTable, type Columns } from './table.js';

type Figure = keyof ComparedTurn;

/** Of a floor, which shows what the machine was like. */
const floorFigures = ['perSecond', 'cpuUs', 'p50'] as const;
/** Of all others: multiples of the floor, which change least with the machine. */
const ratioFigures = ['speedRatio', 'cpuRatio', 'p50Ratio'] as const;

const titles: Readonly<Partial<Record<Figure, string>>> = {
  perSecond: 'messages/s',
  cpuUs: 'CPU µs',
  p50: 'p50 µs',
  speedRatio: 'messages/s × floor',
  cpuRatio: 'CPU × floor',
  p50Ratio: 'p50 × floor',
};

/** One figure of one row, in both reports: the medians of its turns. */
export interface Change {
  readonly name: string;
  readonly figure: Figure;
  readonly before: number;
  readonly after: number;
  /** How far the turns of both lie apart, see {@link rankDistance}; NaN if that cannot be told. */
  readonly distance: number;
}

/** Turns that lie so far apart do so by chance once in a hundred times. */
const BEYOND_CHANCE = 2.58;
/** With fewer turns on either side not even the clearest of differences comes so far. */
const FEWEST_TURNS = 5;

/**
 * Compares all rows that two reports have in common.
 *
 * @throws TypeError if there are none
 */
export function compareReports(before: Tables, after: Tables): readonly Change[] {
  const [tables, otherTables] = [tablesOf(before), tablesOf(after)];
  if (tables.size === 0 || otherTables.size === 0)
    throw new TypeError(
      'only what was measured in turns can be compared: reports without a mode, of --insight, --shared, store and growth',
    );
  const changes = [...tables].flatMap(([table, rows]) => {
    const others = otherTables.get(table) ?? [];
    return rows.flatMap((row) => {
      const other = others.find(({ name, atOnce }) => name === row.name && atOnce === row.atOnce);
      return other === undefined ? [] : compareRows(table, row, other);
    });
  });
  if (changes.length === 0) throw new TypeError('these reports have no row in common');
  return changes;
}

/** What was measured in turns, by the name of its table; in a report of stores each size has one. */
function tablesOf(report: Tables): ReadonlyMap<string, readonly Measured[]> {
  const { sizes } = report;
  const all: (readonly [string, unknown])[] = Object.entries(report);
  for (const size of Array.isArray(sizes) ? sizes : [])
    if (isObject(size)) all.push([`${String(size['triplets'])} triplets`, size['rows']]);
  return new Map(all.flatMap(([name, rows]) => (areMeasured(rows) ? [[name, rows]] : [])));
}

function compareRows(table: string, before: Measured, after: Measured): readonly Change[] {
  const isFloor = before.turns.every(({ speedRatio }) => speedRatio === 1);
  return (isFloor ? floorFigures : ratioFigures).flatMap((figure) => {
    const [one, other] = [valuesOf(before.turns, figure), valuesOf(after.turns, figure)];
    if (one.length === 0 || other.length === 0) return [];
    const isEnough = Math.min(one.length, other.length) >= FEWEST_TURNS;
    const distance = isEnough ? rankDistance(one, other) : NaN;
    const name = `${table}: ${before.name}, ${before.atOnce} at once`;
    return [{ name, figure, before: median(one), after: median(other), distance }];
  });
}

/** What is not known is null in JSON, and what nobody had measured then is not there. */
function valuesOf(turns: readonly ComparedTurn[], figure: Figure): readonly number[] {
  return turns.map((turn) => turn[figure]).filter((value: unknown) => typeof value === 'number');
}

const columns: Columns<Change> = [
  ['row', ({ name }) => name],
  ['figure', ({ figure }) => titles[figure] ?? figure],
  ['before', ({ before }) => fixed(before, 2)],
  ['after', ({ after }) => fixed(after, 2)],
  ['after/before', ({ before, after }) => fixed(after / before, 2)],
  ['', ({ distance }) => verdict(distance)],
];

function verdict(distance: number): string {
  if (Number.isNaN(distance)) return 'too few turns';
  return Math.abs(distance) < BEYOND_CHANCE ? 'noise' : 'changed';
}

/** Both machines, and a line for each figure that was compared. */
export function formatChanges(before: Tables, after: Tables): string {
  return [
    `before: ${formatMachine(before.machine)}`,
    `after:  ${formatMachine(after.machine)}`,
    '',
    ...formatTable(columns, compareReports(before, after)),
    '',
    'changed: further apart than turns of one kind are in 99 of 100 times.',
    '',
  ].join('\n');
}
