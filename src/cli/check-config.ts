import { formatIssue } from '../config/config-error.js';
import { describeConfig } from '../config/effective.js';
import { findSecretProblems } from '../daemon/configuration/secret-files.js';
import { describeError } from '../daemon/process/describe-error.js';
import { loadConfigArguments, type ConfigArguments } from './arguments/config-options.js';
import { exitCodes } from './arguments/exit-codes.js';
import { findMachineDoubts } from './arguments/machine-doubts.js';
import type { Output } from './terminal/output.js';

/**
 * `greymilter check-config FILE`: says all that is wrong with a configuration, or prints what it
 * comes to with every default. Files that hold secrets are read as the filter would.
 */
export async function checkConfig(
  args: ConfigArguments & { readonly file?: string | undefined },
  output: Output,
): Promise<number> {
  const loaded = await loadConfigArguments({ ...args, config: args.file ?? args.config });
  const { config, warnings, notes } = loaded;
  const doubts = findMachineDoubts(loaded).map(({ issue }) => issue);
  for (const warning of [...warnings, ...doubts]) {
    output.error(`warning: ${formatIssue(warning)}\n`);
  }
  for (const note of notes) output.error(`note: ${formatIssue(note)}\n`);
  const geo = await geoProblem(config.lookups.geo);
  if (geo !== undefined) {
    output.error(`warning: ${geo}; a filter of this machine would not start\n`);
  }
  const problems = await findSecretProblems(config);
  for (const { isUnknown, text } of problems) {
    const hint = ' (ask as root, or as the user of the filter)';
    output.error(isUnknown ? `warning: ${text}${hint}\n` : `error: ${text}\n`);
  }
  if (problems.some(({ isUnknown }) => !isUnknown)) return exitCodes.data;
  output.print(describeConfig(config));
  return exitCodes.done;
}

/** What is wrong with databases of places, which may be another machine's. */
async function geoProblem(paths: readonly string[]): Promise<string | undefined> {
  if (paths.length === 0) return undefined;
  const { openGeoDatabases } = await import('../lookups/geo.js');
  try {
    await openGeoDatabases(paths);
    return undefined;
  } catch (error) {
    return describeError(error).error;
  }
}
