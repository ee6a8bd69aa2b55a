import { emptyProgress, type ImportProgress } from '../../admin/records.js';
import { asciiJson } from '../../migrate/ascii-json.js';
import { findSettings, type ConfigArguments } from '../arguments/config-options.js';
import { exitCodes } from '../arguments/exit-codes.js';
import { readSource, type ImportSource } from './import-input.js';
import { ImportNotes } from './import-notes.js';
import type { Output } from '../terminal/output.js';
import { ProgressCount } from '../terminal/progress-count.js';
import { accessRecords } from './records-access.js';

/** What all kinds of `import` take. */
export type ImportArguments = Pick<ConfigArguments, 'config' | 'store' | 'set'> & {
  readonly report?: string | undefined;
  readonly verbose?: boolean | undefined;
  readonly json?: boolean | undefined;
};

/**
 * `greymilter import`: brings the records of another greylister, or of an export, into a running
 * filter or a store that nobody has open.
 *
 * @throws UsageError, ConfigError, MigrateError, StoreError, AdminError
 */
export async function importRecords(
  args: ImportArguments,
  source: ImportSource,
  output: Output,
): Promise<number> {
  const config = await findSettings(args);
  const batches = readSource(source, config, Date.now());
  const count = new ProgressCount(output);
  const say = (line: string): void => {
    count.takeAway();
    output.error(line);
  };
  const notes = new ImportNotes(say, args.verbose === true, args.report);
  const access = await accessRecords(config, 'create');
  let last: ImportProgress = emptyProgress();
  try {
    for await (const { progress, refused } of access.import(notes.watch(batches))) {
      for (const note of refused) await notes.refuse(note);
      if (refused.length === 0) last = progress;
      count.show(linesOf(last));
    }
  } finally {
    count.takeAway();
    await access.close();
  }
  // What has failed before its first line has nothing to tell but that.
  const isToBeTold = !notes.hasFailed || linesOf(last) > 0 || notes.refused.size > 0;
  if (isToBeTold) output.print(args.json === true ? asJson(last, notes) : asText(last, notes));
  await notes.end();
  return exitCodes.done;
}

function linesOf({ taken, merged, unchanged, expired, refused }: ImportProgress): number {
  return taken + merged + unchanged + expired + refused;
}

function asText(progress: ImportProgress, { refused, noted }: ImportNotes): string {
  const rows: readonly (readonly [what: string, count: number, meaning: string])[] = [
    ['taken', progress.taken, 'were not here'],
    ['merged', progress.merged, 'united with what was here'],
    ['already there', progress.unchanged, 'nothing new in them'],
    ['expired', progress.expired, 'would be forgotten by now'],
    ['not understood', progress.refused, 'left out'],
  ];
  const width = Math.max(...rows.map(([, count]) => String(count).length));
  const lines = rows.map(
    ([what, count, meaning]) => `${what.padEnd(15)} ${String(count).padStart(width)}  ${meaning}`,
  );
  const reasons = [...refused].map(([reason, count]) => `left out: ${count} × ${reason}`);
  const remarks = [...noted].map(([reason, count]) => `taken, but: ${count} × ${reason}`);
  return `${[...lines, ...reasons, ...remarks].join('\n')}\n`;
}

function asJson(progress: ImportProgress, { refused, noted }: ImportNotes): string {
  const { taken, merged, unchanged, expired } = progress;
  const counts = { taken, merged, unchanged, expired, refused: progress.refused };
  const reasons = Object.fromEntries(refused);
  return `${asciiJson({ ...counts, reasons, remarks: Object.fromEntries(noted) })}\n`;
}
