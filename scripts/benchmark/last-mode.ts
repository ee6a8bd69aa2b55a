import { join } from 'node:path';
import type { CommonWanted } from './arguments.js';
import { fillStore } from './filled-store.js';
import { describeMachine, formatMachine, type Machine } from './machine.js';
import { memoryOf, type Memory } from './process-cost.js';
import { FreshTriplets, knownTriplets, firstNew, startAsked } from './subjects.js';
import { fixed, formatTable, mebibytes, type Columns } from './table.js';
import type { Workplace } from './workplace.js';

/** Memory after so many sessions. */
export interface Lasted extends Memory {
  readonly sessions: number;
}

/** Everything that was found. */
export interface LastReport {
  readonly machine: Machine;
  readonly lasted: readonly Lasted[];
  /** By how much its own memory grew with each session of the second half: the slope of a line. */
  readonly bytesPerSession: number;
}

/** How often memory is looked at. */
const looks = 20;

/** Lets sessions come, nine in ten of known triplets, and looks at memory meanwhile. */
export async function measureLast(
  { directory, load, tell }: Workplace,
  { sessions, atOnce }: Pick<CommonWanted, 'sessions' | 'atOnce'>,
): Promise<LastReport> {
  const machine = describeMachine();
  const store = join(directory, 'last.db');
  await fillStore(store, { triplets: knownTriplets, now: Date.now() }, () => undefined);
  const subject = await startAsked({ name: 'last', directory, store });
  try {
    const fresh = new FreshTriplets(firstNew);
    const parts = Math.min(looks, sessions);
    const lasted: Lasted[] = [{ sessions: 0, ...memoryOf(subject.pid) }];
    for (let part = 1, done = 0; part <= parts; part++) {
      const more = Math.round((sessions * part) / parts) - done;
      done += more;
      const mixed = { ofTen: 9, known: knownTriplets };
      await load.run({ ...fresh.order(subject.path, more, atOnce), mixed });
      lasted.push({ sessions: done, ...memoryOf(subject.pid) });
      tell(`${done} sessions`);
    }
    // A line needs two points.
    const half = Math.max(2, Math.ceil(parts / 2));
    return { machine, lasted, bytesPerSession: slope(lasted.slice(-half)) };
  } finally {
    await subject.stop();
  }
}

/** The slope of the line that lies nearest, by least squares. */
function slope(points: readonly Lasted[]): number {
  const mean = (value: (point: Lasted) => number): number =>
    points.reduce((sum, point) => sum + value(point), 0) / points.length;
  const [x, y] = [mean(({ sessions }) => sessions), mean(({ anonBytes }) => anonBytes)];
  const along = mean(({ sessions, anonBytes }) => (sessions - x) * (anonBytes - y));
  return along / mean(({ sessions }) => (sessions - x) ** 2);
}

const columns: Columns<Lasted> = [
  ['sessions', ({ sessions }) => String(sessions)],
  ['its own MiB', ({ anonBytes }) => mebibytes(anonBytes, 1)],
  ['of files MiB', ({ fileBytes }) => mebibytes(fileBytes, 1)],
];

/** As a table for people. */
export function formatLast({ machine, lasted, bytesPerSession }: LastReport): string {
  return [
    formatMachine(machine),
    '',
    ...formatTable(columns, lasted),
    '',
    `In the second half its own memory grew by ${fixed(bytesPerSession, 2)} bytes with each session.`,
    '',
  ].join('\n');
}
