import { readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { readArguments, type CommonWanted, type Wanted } from './arguments.js';
import { formatChanges, readReport } from './compare.js';
import { formatExpiry, measureExpiry } from './expiry-mode.js';
import { formatGrowth, measureGrowth } from './growth-mode.js';
import { measureInsight, measureStalls, type InsightCost } from './insight-cost.js';
import { formatLast, measureLast } from './last-mode.js';
import { measureLoad } from './load-mode.js';
import { describeMachine } from './machine.js';
import { plotReport } from './plot.js';
import { formatInsight, formatReport, type Report } from './report.js';
import { formatShared, measureShared } from './shared-cost.js';
import { formatSiege, measureSiege } from './siege-mode.js';
import { measureStores } from './store-mode.js';
import { formatStores } from './store-report.js';
import { atWork, type Workplace } from './workplace.js';

async function measureAllInsight(
  { directory, load }: Workplace,
  { rounds, sessions, atOnce, records }: CommonWanted & { readonly records: number },
): Promise<InsightCost> {
  const machine = describeMachine();
  const { rows, lookMs } = await measureInsight(directory, load, { rounds, sessions, atOnce });
  const much = { records, sessions: 2 * sessions, atOnce: 4 };
  return { machine, rows, lookMs, records, stalls: await measureStalls(directory, load, much) };
}

/** Measures, writes what was found where it is wanted, and shows it. */
async function found<Finding>(
  json: string | undefined,
  what: (place: Workplace) => Promise<Finding>,
  format: (finding: Finding) => string,
): Promise<void> {
  const finding = await atWork(what);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(finding, undefined, 2)}\n`);
  process.stdout.write(format(finding));
}

function run(wanted: Wanted): Promise<void> {
  switch (wanted.mode) {
    case 'load':
      return found(wanted.json, (place) => measureLoad(place, wanted), formatReport);
    case 'insight':
      return found(wanted.json, (place) => measureAllInsight(place, wanted), formatInsight);
    case 'shared':
      return found(wanted.json, (place) => measureShared(place, wanted), formatShared);
    case 'store':
      return found(wanted.json, (place) => measureStores(place, wanted), formatStores);
    case 'expiry':
      return found(wanted.json, (place) => measureExpiry(place, wanted), formatExpiry);
    case 'growth':
      return found(wanted.json, (place) => measureGrowth(place, wanted), formatGrowth);
    case 'siege':
      return found(wanted.json, (place) => measureSiege(place, wanted), formatSiege);
    case 'last':
      return found(wanted.json, (place) => measureLast(place, wanted), formatLast);
    case 'compare':
      process.stdout.write(formatChanges(readReport(wanted.from), readReport(wanted.to)));
      return Promise.resolve();
    case 'plot':
      writeFileSync(wanted.to, plotReport(readLoadReport(wanted.from)));
      return Promise.resolve();
  }
}

function readLoadReport(file: string): Report {
  const report: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (typeof report !== 'object' || report === null || !('mixes' in report))
    throw new TypeError(`${file} is no report of scripts/bench without a mode`);
  // It has the one table that no other report has.
  return report as Report;
}

// So that what was started ends with it, and its files are gone.
for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => process.exit(128 + constants.signals[signal]));
await run(readArguments());
