import { closeSync, existsSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { readArguments, type CommonWanted, type Wanted } from './arguments.js';
import { formatChanges } from './compare.js';
import { formatExpiry, measureExpiry } from './expiry-mode.js';
import { formatGrowth, measureGrowth } from './growth-mode.js';
import { measureInsight, measureStalls, type InsightCost } from './insight-cost.js';
import { formatLast, measureLast } from './last-mode.js';
import { measureLoad } from './load-mode.js';
import { describeMachine } from './machine.js';
import { plotReport } from './plot.js';
import { readLoadReport, readReport } from './read-report.js';
import { formatInsight, formatReport } from './report.js';
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

/** Measures, shows what was found, and writes it where it is wanted. */
async function found<Finding>(
  json: string | undefined,
  what: (place: Workplace) => Promise<Finding>,
  format: (finding: Finding) => string,
): Promise<void> {
  if (json !== undefined) ensureWritable(json);
  const finding = await atWork(what);
  process.stdout.write(format(finding));
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(finding, undefined, 2)}\n`);
}

/** Throws what would be thrown after all has been measured. Leaves no file that was not there. */
function ensureWritable(file: string): void {
  const wasThere = existsSync(file);
  closeSync(openSync(file, 'a'));
  if (!wasThere) rmSync(file);
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

// So that what was started ends with it, and its files are gone.
for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => process.exit(128 + constants.signals[signal]));
try {
  await run(readArguments());
} catch (error) {
  process.stderr.write(
    `scripts/bench: ${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exit(1);
}
