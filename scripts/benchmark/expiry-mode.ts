import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expiredRecords } from './admin-requests.js';
import type { ExpiryWanted } from './arguments.js';
import { fillStore } from './filled-store.js';
import { describeMachine, formatMachine, type Machine } from './machine.js';
import type { MilterOrder } from './milter-load.js';
import { cpuMicroseconds } from './process-cost.js';
import { stallColumns } from './report.js';
import { measureStall, type Stall } from './stalls.js';
import { FreshTriplets, startAsked, sweepAfterMs, type AskedSubject } from './subjects.js';
import { fixed, formatTable } from './table.js';
import type { Workplace } from './workplace.js';

/** What it takes to let records expire. */
export interface ExpiryReport {
  readonly machine: Machine;
  readonly rate: number;
  readonly records: number;
  /** From the first that is gone to the last, with sessions at a steady rate beside it. */
  readonly seconds: number;
  /** CPU time of the filter meanwhile, beyond that of sessions without it. */
  readonly cpuSeconds: number;
  /** Answers before it, and while it went on. */
  readonly stalls: readonly Stall[];
}

/** Triplets live for 36 days and a day more. */
const overForDays = 40;

/** How long is looked at answers before the sweep; in it, until it is over. */
const lookSeconds = 10;

/** No sweep takes longer. */
const mostSeconds = 3600;

/** Before that a filter is slow for being young, as it is once in its life. */
const warmSessions = 20_000;

/** How long before the sweep may begin the load for it does. */
const earlyMs = 2000;

/** Starts a filter that finds so many records that are over, and looks at its first sweep. */
export async function measureExpiry(
  { directory, load, tell }: Workplace,
  { records, rate }: ExpiryWanted,
): Promise<ExpiryReport> {
  const machine = describeMachine();
  const store = join(directory, 'expired.db');
  const now = Date.now() - overForDays * 86_400_000;
  await fillStore(store, { triplets: records, now }, (done) => {
    tell(`${done} of ${records} triplets are stored`);
  });
  const subject = await startAsked({ name: 'expired', directory, store });
  const sweepAt = performance.now() + sweepAfterMs;
  const fresh = new FreshTriplets(records);
  const order = (forSeconds: number): MilterOrder => ({
    ...fresh.order(subject.path, rate * forSeconds, 1),
    rate,
  });
  const { admin } = subject;
  try {
    await load.run(fresh.order(subject.path, warmSessions, 16));
    // What the first question makes it load is loaded once in its life.
    await expiredRecords(admin);
    const cpuBefore = cpuMicroseconds(subject.pid);
    const before = await measureStall(load, order(lookSeconds), { name: 'nothing else', admin });
    const sessionsUs = (cpuMicroseconds(subject.pid) - cpuBefore) / lookSeconds;
    await pause(Math.max(0, sweepAt - earlyMs - performance.now()));
    const watching = watch(subject, records);
    const during = await measureStall(load, order(mostSeconds), {
      name: `a sweep of ${records}`,
      admin,
      until: watching,
    });
    const { seconds, cpuUs } = await watching;
    const cpuSeconds = (cpuUs - sessionsUs * seconds) / 1e6;
    return { machine, rate, records, seconds, cpuSeconds, stalls: [before, during] };
  } finally {
    await subject.stop();
  }
}

/** Looks twice a second how many are gone; to answer that takes the filter milliseconds too. */
async function watch(
  { pid, admin }: AskedSubject,
  records: number,
): Promise<{ readonly seconds: number; readonly cpuUs: number }> {
  let begun = { at: performance.now(), cpuUs: cpuMicroseconds(pid) };
  for (;;) {
    const gone = await expiredRecords(admin);
    const now = { at: performance.now(), cpuUs: cpuMicroseconds(pid) };
    if (gone === 0) begun = now;
    if (gone >= records)
      return { seconds: (now.at - begun.at) / 1000, cpuUs: now.cpuUs - begun.cpuUs };
    await pause(500);
  }
}

/** What was found, as a table for people. */
export function formatExpiry(report: ExpiryReport): string {
  const { machine, rate, records, seconds, cpuSeconds, stalls } = report;
  return [
    formatMachine(machine),
    '',
    `${records} records expired in ${fixed(seconds, 1)} s, by ${fixed(cpuSeconds, 1)} s of CPU time`,
    '',
    `${rate} sessions in each second:`,
    ...formatTable(stallColumns, stalls),
    '',
  ].join('\n');
}
