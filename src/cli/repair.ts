import { countOf } from './count-of.js';
import { findConfig, type ConfigArguments } from './config-options.js';
import { exitCodes } from './exit-codes.js';
import { localStorePath } from './local-store.js';
import type { Output } from './output.js';
import type { RepairedReport } from '../store/repair-level-store.js';
import { StoreError } from '../store/store.js';
import { isStoreThere } from '../store/find-level-store.js';

/** What `repair` takes. */
export type RepairArguments = Pick<ConfigArguments, 'config' | 'store'> & {
  readonly 'start-empty'?: boolean | undefined;
};

/**
 * `greymilter repair`: makes a damaged store whole, as far as it can be read, and keeps the damaged
 * one beside it; with `--start-empty` puts an empty store in its place. Only while no daemon has it.
 *
 * @throws ConfigError, StoreError
 */
export async function repair(args: RepairArguments, output: Output): Promise<number> {
  const { config } = await findConfig({ config: args.config, store: args.store });
  const path = localStorePath(config, 'repair');
  const { repairLevelStore, startLevelStoreEmpty } = await import('../store/repair-level-store.js');
  await refuseMissing(path);
  const now = Date.now();
  if (args['start-empty'] === true) {
    const aside = await startLevelStoreEmpty(path, now);
    output.print(`The store ${path} is empty now: whoever sends is new, and waits once.\n`);
    output.print(keptLine(aside));
    return exitCodes.done;
  }
  const report = await repairLevelStore(path, now);
  if (report.kind === 'sound') {
    const { records, bytes } = report;
    output.print(`The store ${path} is sound, nothing was changed:\n`);
    output.print(`  ${countOf(records, 'record')}, ${countOf(bytes, 'byte')}\n`);
    return exitCodes.done;
  }
  output.print(formatReport(path, report));
  return exitCodes.done;
}

// Mostly a wrong path, and not a wrong setting: the store's own words are for those who start a daemon.
async function refuseMissing(path: string): Promise<void> {
  if (await isStoreThere(path)) return;
  const message =
    `${path} is not a greymilter store: there is no such directory. ` +
    'Say which is meant, with --config FILE or --store PATH.';
  throw new StoreError('STORE_NOT_OURS', message);
}

function formatReport(path: string, report: RepairedReport): string {
  const { kept, listed, garbled, badTables, isNewIdentity, bytesBefore, bytesAfter } = report;
  const known = Math.max(kept, listed);
  const lines = [
    `The store ${path} was damaged and has been repaired.`,
    `  found:    ${report.damage}`,
    `  kept:     ${kept} of about ${countOf(known, 'record')}, one for each sender and recipient`,
    `  size:     ${countOf(bytesBefore, 'byte')} before, ${bytesAfter} now`,
  ];
  if (badTables.length > 0) lines.push(`  bad:      ${badTables.join(', ')}`);
  if (garbled > 0) lines.push(`  garbled:  ${countOf(garbled, 'record')} that nobody can read`);
  if (isNewIdentity)
    lines.push('  identity: lost; it was made anew, and no record needs the old one');
  if (kept < known) lines.push('What is lost is new when it comes next, and waits once.');
  return `${lines.join('\n')}\n${keptLine(report.aside)}`;
}

function keptLine(aside: string): string {
  return `The old one is kept, file by file as it was, in ${aside}; delete it when you like.\n`;
}
