import { join } from 'node:path';
import type { GrowthWanted } from './arguments.js';
import { fillStore } from './filled-store.js';
import { describeMachine, formatMachine, type Machine } from './machine.js';
import { measure, type Contestant, type Effort, type Measured } from './measure.js';
import { moreColumns, sessionColumns } from './report.js';
import type { Subject } from './processes.js';
import { FreshTriplets, knownTriplets, startFloor, startMeasured } from './subjects.js';
import { formatTable } from './table.js';
import type { Workplace } from './workplace.js';

/** How cost grows with what there may be more of. */
export interface GrowthReport {
  readonly machine: Machine;
  /** The floor, new triplets and known ones, for each number of sessions at once. */
  readonly sessions: readonly Measured[];
  /** Known triplets, with so many listeners of which one is asked. */
  readonly listeners: readonly Measured[];
  /** Known triplets, with so many rules that none of them matches. */
  readonly rules: readonly Measured[];
}

const atOnce = [1, 4, 16, 64, 256] as const;
const listeners = [1, 16, 64] as const;
const rules = [0, 10, 100, 1000] as const;

/** Measures sessions, listeners and rules, each in turns of its own. */
export async function measureGrowth(
  place: Workplace,
  { rounds, sessions }: GrowthWanted,
): Promise<GrowthReport> {
  const effort = { rounds, sessions, atOnce: 16 };
  const machine = describeMachine();
  return {
    machine,
    sessions: await measureSessions(place, effort),
    listeners: await measureMore(place, 'listeners', { counts: listeners, effort }),
    rules: await measureMore(place, 'rules', { counts: rules, effort }),
  };
}

async function measureSessions(
  { directory, load }: Workplace,
  { rounds, sessions }: Effort,
): Promise<readonly Measured[]> {
  const floor = await startFloor(directory, 'envelope');
  const subject = await startWithKnown(directory, 'sessions', []);
  try {
    const fresh = new FreshTriplets(knownTriplets);
    const contestants: readonly Contestant[] = [
      { name: 'floor', subject: floor, order: fresh.orders(floor.path) },
      { name: 'new triplet', subject, order: fresh.orders(subject.path) },
      { name: 'known triplet', subject, order: ordersOfKnown(subject) },
    ];
    const rows: Measured[] = [];
    for (const count of atOnce) {
      // One at a time they take longer, and fewer tell as much.
      const effort = { rounds, sessions: Math.ceil(count < 4 ? sessions / 5 : sessions) };
      rows.push(...(await measure({ load }, contestants, { ...effort, atOnce: count })));
    }
    return rows;
  } finally {
    await subject.stop();
    await floor.stop();
  }
}

async function measureMore(
  { directory, load }: Workplace,
  what: 'listeners' | 'rules',
  { counts, effort }: { readonly counts: readonly number[]; readonly effort: Effort },
): Promise<readonly Measured[]> {
  const subjects: Subject[] = [];
  try {
    const contestants: Contestant[] = [];
    for (const count of counts) {
      const name = `${count} ${what}`;
      const subject = await startWithKnown(directory, `${what}${count}`, optionsFor(what, count));
      subjects.push(subject);
      contestants.push({ name, subject, order: ordersOfKnown(subject) });
    }
    return await measure({ load }, contestants, effort);
  } finally {
    for (const subject of subjects) await subject.stop();
  }

  function optionsFor(kind: 'listeners' | 'rules', count: number): readonly string[] {
    const each = Array.from({ length: count }, (_, at) => at);
    if (kind === 'listeners') {
      const others = each.slice(1);
      return others.flatMap((at) => ['--listen', `unix:${join(directory, `${count}.${at}.sock`)}`]);
    }
    const lines = each.map((at) => `{when: {sender: '/^nobody${at}@/'}, then: greylist}`);
    return ['--set', `rules=[${lines.join(', ')}]`];
  }
}

async function startWithKnown(
  directory: string,
  name: string,
  options: readonly string[],
): Promise<Subject> {
  const known = { triplets: knownTriplets, now: Date.now() };
  await fillStore(join(directory, `${name}.db`), known, () => undefined);
  return await startMeasured(directory, name, options);
}

function ordersOfKnown({ path }: Subject): Contestant['order'] {
  const known = { path, first: 0, triplets: knownTriplets, expected: 'continue' as const };
  return (sessions, together) => ({ ...known, sessions, atOnce: together });
}

/** What was found, as tables for people. */
export function formatGrowth({ machine, ...tables }: GrowthReport): string {
  return [
    formatMachine(machine),
    '',
    ...formatTable(sessionColumns, tables.sessions),
    '',
    ...formatTable(moreColumns, tables.listeners),
    '',
    ...formatTable(moreColumns, tables.rules),
    '',
  ].join('\n');
}
