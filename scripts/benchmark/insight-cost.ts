import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openLevelStore } from '../../src/store/level-store.js';
import { storeMails, type SampleMail } from '../../test/browser/sample-store.js';
import { activities, expiredRecords, look } from './admin-requests.js';
import type { Machine } from './machine.js';
import { measure, type Effort, type Measured } from './measure.js';
import { cpuMicroseconds } from './process-cost.js';
import type { LoadProcess } from './processes.js';
import { measureStall, type Stall } from './stalls.js';
import { FreshTriplets, startAsked, sweepAfterMs, type AskedSubject } from './subjects.js';

/** What is known of the cost of looking at the filter. */
export interface InsightCost {
  readonly machine: Machine;
  /** Sessions with all of it and with none, in turns; ratios are against none. */
  readonly rows: readonly Measured[];
  /** CPU time of a look by the page and by Prometheus, in milliseconds. */
  readonly lookMs: number;
  readonly records: number;
  readonly stalls: readonly Stall[];
}

const script = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const bare = 'without';

/** How long before the first sweep is begun to look. */
const sweepEarlyMs = 3_000;
/** With fewer there is nothing to be seen of it, and it takes a minute to come to it. */
const worthSweeping = 10_000;

function start(name: string, directory: string, file: string): Promise<AskedSubject> {
  return startAsked({ name, directory, store: join(directory, `${name}.db`), file: script(file) });
}

/**
 * Compares sessions with all that counts decisions by kind, rule and hour for metrics and statistics, and
 * without it; and measures what one look of the page and of Prometheus takes after these sessions.
 */
export async function measureInsight(
  directory: string,
  load: LoadProcess,
  effort: Effort,
): Promise<Pick<InsightCost, 'rows' | 'lookMs'>> {
  const fresh = new FreshTriplets(0);
  const without = await start(bare, directory, 'bare-daemon.mjs');
  let whole: AskedSubject | undefined;
  try {
    whole = await start('whole', directory, '../../dist/cli/main.js');
    const contestants = [without, whole].map((subject) => ({
      name: subject === without ? 'without insight' : 'with all of it',
      subject,
      order: (sessions: number, atOnce: number) => fresh.order(subject.path, sessions, atOnce),
    }));
    const rows = await measure({ load }, contestants, effort);
    return { rows, lookMs: await measureLook(whole) };
  } finally {
    await without.stop();
    await whole?.stop();
  }
}

/** CPU time of what the page asks every fifteen seconds and of a scrape, together. */
async function measureLook({ admin, pid }: AskedSubject): Promise<number> {
  const times = 50;
  await look(admin);
  const before = cpuMicroseconds(pid);
  for (let time = 0; time < times; time++) await look(admin);
  return (cpuMicroseconds(pid) - before) / times / 1000;
}

/** Measures how slow the slowest answers are with so many records, while each of the others goes on. */
export async function measureStalls(
  directory: string,
  load: LoadProcess,
  {
    records,
    sessions,
    atOnce,
  }: { readonly records: number; readonly sessions: number; readonly atOnce: number },
): Promise<readonly Stall[]> {
  const fresh = new FreshTriplets(10_000_000);
  await fillWaiting(join(directory, 'full.db'), records, Date.now());
  const full = await start('full', directory, '../../dist/cli/main.js');
  const stalls: Stall[] = [];
  try {
    // Those that would wait for a sweep, or sweep what others have left, come before it.
    for (const [name, activity] of Object.entries(activities)) {
      const order = fresh.order(full.path, sessions, atOnce);
      stalls.push(await measureStall(load, order, { name, admin: full.admin, act: activity() }));
    }
  } finally {
    await full.stop();
  }
  if (records >= worthSweeping) {
    stalls.push(await measureSweep(directory, load, { records, sessions, atOnce, fresh }));
  }
  return stalls;
}

/** The first sweep of a filter that finds half of its records expired. */
async function measureSweep(
  directory: string,
  load: LoadProcess,
  {
    records,
    sessions,
    atOnce,
    fresh,
  }: Pick<Effort, 'sessions' | 'atOnce'> & {
    readonly records: number;
    readonly fresh: FreshTriplets;
  },
): Promise<Stall> {
  const store = join(directory, 'expired.db');
  // They were waited for two days, and are over since yesterday.
  const half = Math.floor(records / 2);
  await fillWaiting(store, half, Date.now() - 3 * 86_400_000, records - half);
  await fillWaiting(store, records - half, Date.now());
  const subject = await start('expired', directory, '../../dist/cli/main.js');
  try {
    await pause(sweepAfterMs - sweepEarlyMs);
    const { admin, path } = subject;
    const stall = await measureStall(load, fresh.order(path, sessions, atOnce), {
      name: '',
      admin,
    });
    return { ...stall, name: `sweep of ${await expiredRecords(admin)} expired` };
  } finally {
    await subject.stop();
  }
}

/**
 * Stores records that wait, as they would be at this time.
 *
 * @param first the number of the first of them
 */
export async function fillWaiting(
  path: string,
  records: number,
  now: number,
  first = 0,
): Promise<void> {
  const store = await openLevelStore({ path, durability: 'process', clock: { now: () => now } });
  const mail = (index: number): SampleMail => ({
    sender: `user${index}@site${index % 9973}.example`,
    recipient: `user${index % 50}@local.example`,
    client: `${1 + ((index >>> 16) % 200)}.${(index >>> 8) & 255}.${index & 255}.25`,
    minutesAgo: index % 1000,
  });
  for (let from = first; from < first + records; from += 1000) {
    const count = Math.min(1000, first + records - from);
    const mails = Array.from({ length: count }, (_, index) => mail(from + index));
    await storeMails(store, mails, now);
  }
  await store.close();
}
