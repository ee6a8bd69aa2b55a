import { backupText } from './backup-text.js';
import { findSettings, type ConfigArguments } from '../arguments/config-options.js';
import { isConfirmed } from '../terminal/confirm.js';
import { countHeld } from './count-held.js';
import { countOf } from '../terminal/count-of.js';
import { exitCodes } from '../arguments/exit-codes.js';
import { localStorePath } from './local-store.js';
import type { Output } from '../terminal/output.js';
import type { RepairFinding, RepairReport } from '../../store/repair-level-store.js';
import { StoreError } from '../../store/store.js';
import { isStoreThere } from '../../store/find-level-store.js';
import { asciiJson } from '../../migrate/ascii-json.js';

/** What `repair` takes. */
export type RepairArguments = Pick<ConfigArguments, 'config' | 'store'> & {
  readonly 'start-empty'?: boolean | undefined;
  readonly yes?: boolean | undefined;
  readonly 'dry-run'?: boolean | undefined;
  readonly json?: boolean | undefined;
};

/**
 * `greymilter repair`: makes a damaged store whole, as far as it can be read, and keeps the damaged
 * one beside it; with `--start-empty` puts an empty store in its place. Only while no daemon has it.
 * It says what it would do, with numbers, and asks before anything is changed.
 *
 * @returns 1 if somebody has thought better of it
 * @throws UsageError, ConfigError, StoreError
 */
export async function repair(args: RepairArguments, output: Output): Promise<number> {
  const config = await findSettings({ config: args.config, store: args.store });
  const path = localStorePath(config, 'repair');
  const { repairLevelStore, startLevelStoreEmpty } =
    await import('../../store/repair-level-store.js');
  await refuseMissing(path);
  const now = Date.now();
  const isDry = args['dry-run'] === true;
  const isWanted = async (question: string): Promise<boolean> =>
    !isDry && (args.yes === true || (await isConfirmed(question)));
  const tell = (told: object, text: string): void =>
    output.print(args.json === true ? `${asciiJson({ store: path, ...told })}\n` : text);
  if (args['start-empty'] === true) {
    const held = await countHeld(path);
    const there = held === undefined ? 'whatever can be read there' : backupText(held);
    const question = `Put an empty store in the place of ${there} in ${path}`;
    const told = { records: held?.records, statistics: held?.statistics };
    if (!(await isWanted(question))) {
      const text = isDry ? `It would put aside ${there} in ${path}; n` : 'N';
      tell({ kind: 'declined', ...told }, `${text}othing was changed\n`);
      return isDry ? exitCodes.done : exitCodes.no;
    }
    const aside = await startLevelStoreEmpty(path, now);
    const text = `The store ${path} is empty now: whoever sends is new, and waits once.\n`;
    tell({ kind: 'emptied', ...told, aside }, `${text}${keptLine(aside)}`);
    return exitCodes.done;
  }
  // Thrown from within, it would be told as a repair that failed.
  const refusals: Error[] = [];
  const report = await repairLevelStore(path, now, async (finding) => {
    try {
      return await isWanted(questionOf(path, finding));
    } catch (error) {
      refusals.push(error instanceof Error ? error : new Error(String(error)));
      return false;
    }
  });
  const [refusal] = refusals;
  if (refusal !== undefined) throw refusal;
  tell(report, formatReport(path, report));
  return report.kind === 'declined' && !isDry ? exitCodes.no : exitCodes.done;
}

function questionOf(path: string, { damage, kept, listed }: RepairFinding): string {
  const known = countOf(Math.max(kept, listed), 'record');
  return `${path} is damaged: ${damage}. Of about ${known} ${kept} can be kept: repair it`;
}

// Mostly a wrong path, and not a wrong setting: the store's own words are for those who start a daemon.
async function refuseMissing(path: string): Promise<void> {
  if (await isStoreThere(path)) return;
  const message =
    `${path} is not a greymilter store: there is no such directory. ` +
    'Say which is meant, with --config FILE or --store PATH.';
  throw new StoreError('STORE_NOT_OURS', message);
}

function formatReport(path: string, report: RepairReport): string {
  if (report.kind === 'sound') {
    const { records, bytes } = report;
    const held = `${countOf(records, 'record')}, ${countOf(bytes, 'byte')}`;
    return `The store ${path} is sound, nothing was changed:\n  ${held}\n`;
  }
  const { kept, listed, garbled, badTables, isNewIdentity, bytesBefore } = report;
  const known = Math.max(kept, listed);
  const isDone = report.kind === 'repaired';
  const after = isDone ? `, ${report.bytesAfter} now` : '';
  const lines = [
    isDone
      ? `The store ${path} was damaged and has been repaired.`
      : `The store ${path} is damaged; nothing was changed.`,
    `  found:    ${report.damage}`,
    `  kept:     ${kept} of about ${countOf(known, 'record')}, one for each sender and recipient`,
    `  size:     ${countOf(bytesBefore, 'byte')} before${after}`,
  ];
  if (badTables.length > 0) lines.push(`  bad:      ${badTables.join(', ')}`);
  if (garbled > 0) lines.push(`  garbled:  ${countOf(garbled, 'record')} that nobody can read`);
  if (isNewIdentity)
    lines.push('  identity: lost; it was made anew, and no record needs the old one');
  if (kept < known) lines.push('What is lost is new when it comes next, and waits once.');
  return `${lines.join('\n')}\n${isDone ? keptLine(report.aside) : ''}`;
}

function keptLine(aside: string): string {
  return `The old one is kept, file by file as it was, in ${aside}; delete it when you like.\n`;
}
