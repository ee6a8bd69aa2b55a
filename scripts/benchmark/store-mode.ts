import { join } from 'node:path';
import { activities, ask, importMillion, look, openPage } from './admin-requests.js';
import type { StoreWanted } from './arguments.js';
import { StoreShelf, type FilledStore } from './filled-store.js';
import { describeMachine, type Machine } from './machine.js';
import { measure, type Contestant, type Measured } from './measure.js';
import { runMilter, type MilterOrder } from './milter-load.js';
import { memoryOf, type Memory } from './process-cost.js';
import { measureStall, type Stall } from './stalls.js';
import { median } from './statistics.js';
import { FreshTriplets, startAsked, type AskedSubject } from './subjects.js';
import type { Workplace } from './workplace.js';

/** What a store of one size is like. */
export interface SizeCost {
  readonly triplets: number;
  readonly bytes: FilledStore['bytes'];
  /** From the start of the process to the answer to the first RCPT. */
  readonly startMs: number;
  readonly memoryAtStart: Memory;
  /** After all sessions that were measured. */
  readonly memoryAfter: Memory;
  /** Sessions, compared with those at the smallest size; no rows for that itself. */
  readonly rows: readonly Measured[];
  readonly stalls: readonly Stall[];
}

/** Everything that was found. */
export interface StoreReport {
  readonly machine: Machine;
  readonly rate: number;
  /** Time from the start to the first answer with an empty store, and memory then. */
  readonly empty: Pick<SizeCost, 'startMs' | 'memoryAtStart'>;
  readonly sizes: readonly SizeCost[];
}

/** With so many the tables of LevelDB are all in its cache; the others are compared with that. */
const smallest = 10_000;

/** Starts that are timed. */
const starts = 5;

/** Numbers of triplets that are in no store. */
const newFrom = 100_000_000;

/** What may go on beside mail. */
const beside = {
  'nothing else': activities['nothing'],
  'the page open': openPage,
  'a backup': activities['backup over and over'],
  'a compaction': activities['compact over and over'],
  'a reload of a long list': activities['reload of 100,000 senders, each two seconds'],
  'an import of a million': importMillion,
};

/** Measures how things are with full stores. */
export async function measureStores(place: Workplace, wanted: StoreWanted): Promise<StoreReport> {
  const machine = describeMachine();
  const { directory, tell } = place;
  const shelf = new StoreShelf(wanted.cache ?? join(directory, 'stores'), tell);
  const path = (name: string): string => join(directory, name);
  const empty = await measureStart(directory, path('empty.db'));
  const few = Math.min(smallest, ...wanted.triplets);
  const sizes: SizeCost[] = [];
  for (const triplets of wanted.triplets) {
    tell(`with ${triplets} triplets`);
    const full = await shelf.take(triplets, path('full.db'));
    // Anew each time, like the other one: sessions leave something behind.
    const small = await shelf.take(few, path('small.db'));
    sizes.push(await measureSize(place, { wanted, small, full }));
  }
  return { machine, rate: wanted.rate, empty, sizes };
}

async function measureSize(
  { directory, load }: Workplace,
  {
    wanted,
    small,
    full,
  }: { readonly wanted: StoreWanted; readonly small: FilledStore; readonly full: FilledStore },
): Promise<SizeCost> {
  const { startMs, memoryAtStart } = await measureStart(directory, full.path);
  const few = await startAsked({ name: 'few', directory, store: small.path });
  try {
    const many = await startAsked({ name: 'many', directory, store: full.path });
    try {
      const fresh = new FreshTriplets(newFrom);
      const contestants = [
        ...rowsOf(few, small.triplets, fresh),
        ...rowsOf(many, full.triplets, fresh),
      ];
      const rows = await measure({ load }, contestants, wanted);
      const memoryAfter = memoryOf(many.pid);
      const stalls: Stall[] = [];
      // What the first look has to load is loaded once in the life of a filter.
      await ask(many.admin, '/v1/page');
      await look(many.admin);
      for (const [name, activity] of Object.entries(beside)) {
        const order = steadyOrder(many.path, wanted, { triplets: full.triplets, fresh });
        const act = activity?.();
        stalls.push(
          await measureStall(load, order, { name, admin: many.admin, ...(act && { act }) }),
        );
      }
      const { triplets, bytes } = full;
      return { triplets, bytes, startMs, memoryAtStart, memoryAfter, rows, stalls };
    } finally {
      await many.stop();
    }
  } finally {
    await few.stop();
  }
}

/** The time to the first answer: the median of a few starts, all files in the kernel's cache. */
async function measureStart(
  directory: string,
  store: string,
): Promise<Pick<SizeCost, 'startMs' | 'memoryAtStart'>> {
  const took: number[] = [];
  let memoryAtStart: Memory | undefined;
  for (let time = 0; time < starts; time++) {
    const startedAt = performance.now();
    const subject = await startAsked({ name: 'start', directory, store });
    try {
      const one = { sessions: 1, atOnce: 1, first: 0, triplets: 1, expected: 'any' as const };
      await runMilter({ path: subject.path, ...one });
      took.push(performance.now() - startedAt);
      memoryAtStart = memoryOf(subject.pid);
    } finally {
      await subject.stop();
    }
  }
  if (memoryAtStart === undefined) throw new Error('there was no start');
  return { startMs: median(took), memoryAtStart };
}

/** Known triplets from all over the store, others in each turn, and new ones. */
function rowsOf(
  subject: AskedSubject,
  triplets: number,
  fresh: FreshTriplets,
): readonly Contestant[] {
  const { path } = subject;
  let next = 0;
  const known = (sessions: number, atOnce: number): MilterOrder => {
    const first = next + sessions > triplets ? 0 : next;
    next = first + sessions;
    const expected = 'continue' as const;
    return { path, sessions, atOnce, first, triplets: Math.min(sessions, triplets), expected };
  };
  const few = 'of few';
  const whose = subject.name === 'few' ? few : `of ${triplets}`;
  return [
    { name: `known, ${whose}`, subject, order: known, against: `known, ${few}` },
    {
      name: `new, ${whose}`,
      subject,
      order: (sessions: number, atOnce: number) => fresh.order(path, sessions, atOnce),
      against: `new, ${few}`,
    },
  ];
}

function steadyOrder(
  path: string,
  { rate, seconds }: Pick<StoreWanted, 'rate' | 'seconds'>,
  { triplets, fresh }: { readonly triplets: number; readonly fresh: FreshTriplets },
): MilterOrder {
  const mixed = { ofTen: 5, known: triplets };
  return { ...fresh.order(path, rate * seconds, 1), rate, mixed };
}
