import { ConfigError, formatIssue, type ConfigIssue } from '../../config/config-error.js';
import { describeConfig } from '../../config/effective.js';
import { isOfBadPattern } from '../../config/greylist-conf/operands.js';
import { loadConfig, type ConfigReading, type LoadedConfig } from '../../config/load.js';
import { MILTER_GREYLIST_VERSION, packageVersion } from '../../daemon/process/version.js';
import { detach } from '../serve/detach.js';
import { AccountError, findGroup, findUser } from '../../daemon/process/system-account.js';
import { exitCodeForCode, exitCodes } from '../arguments/exit-codes.js';
import { findMachineDoubts } from '../arguments/machine-doubts.js';
import {
  cutDurations,
  milterGreylistFile,
  milterGreylistInputs,
  overlookedFile,
  surroundingsIn,
} from './milter-greylist-config.js';
import { MILTER_GREYLIST_HELP } from './milter-greylist-help.js';
import {
  parseMilterGreylistOptions,
  type MilterGreylistOptions,
} from './milter-greylist-options.js';
import type { Output } from '../terminal/output.js';
import { serve } from '../serve/serve.js';
import { UsageError } from '../arguments/usage-error.js';

/** What milter-greylist ends with for a regular expression that is none; it is EX_OSERR elsewhere. */
const BAD_PATTERN = 71;

/**
 * `greymilter milter-greylist`: runs the daemon with milter-greylist's options.
 *
 * @param words what stands behind the command
 * @throws UsageError, ConfigError
 */
export async function milterGreylist(words: readonly string[], output: Output): Promise<number> {
  const options = parseMilterGreylistOptions(words);
  if (options.has('h') || options.has('help')) {
    output.error(MILTER_GREYLIST_HELP);
    return options.has('h') ? exitCodes.usage : exitCodes.done;
  }
  if (options.has('r')) {
    output.print(`milter-greylist-${MILTER_GREYLIST_VERSION} (greymilter ${packageVersion()})\n`);
    return exitCodes.done;
  }
  accountOf(options);
  const file = milterGreylistFile(options);
  // What is wrong with options is said before what is wrong with the file.
  milterGreylistInputs(options, file);
  try {
    if (options.has('c')) return await check(options, file, output);
    return await run(options, file, words, output);
  } catch (error) {
    if (!isOfPattern(error)) throw error;
    output.error(`greymilter: ${error.message}\n`);
    return BAD_PATTERN;
  }
}

/** Runs the filter, here or in the background. */
async function run(
  options: MilterGreylistOptions,
  file: string,
  words: readonly string[],
  output: Output,
): Promise<number> {
  const account = accountOf(options);
  const { staysInForeground, hasSocket } = surroundingsIn(file);
  if (!hasSocket && !options.has('p')) {
    throw new UsageError(`${file} has no socket: write one, or name it by -p`);
  }
  if (!(options.has('D') || options.has('detached') || staysInForeground)) {
    return await background(options, file, words, output);
  }
  if (options.has('l')) output.print(describeConfig((await load(options, file)).config));
  // Who has started the one in the background has been told.
  let isToBeTold = !options.has('detached');
  return await serve({
    load: async (reading) => {
      const loaded = await load(options, file, reading);
      if (isToBeTold) tellOnTerminal(loaded, output);
      isToBeTold = false;
      return loaded;
    },
    ...account,
  });
}

/** Until it has started milter-greylist says on standard error what it says to syslog from then on. */
function tellOnTerminal({ config, warnings, notes }: LoadedConfig, output: Output): void {
  if (config.log.to.kind !== 'console') tell([...warnings, ...notes], output);
}

function tell(issues: readonly ConfigIssue[], output: Output): void {
  for (const issue of issues) output.error(`${formatIssue(issue)}\n`);
}

/** Only root can become somebody else, and only somebody whom the machine knows. */
function accountOf(options: MilterGreylistOptions): {
  readonly user?: string;
  readonly group?: string;
} {
  const written = options.text('u');
  if (written === undefined) return {};
  if (process.getuid?.() !== 0)
    throw new UsageError(`-u ${written}: only root can run as another user`);
  const [user = '', group = ''] = written.split(':');
  try {
    findUser(user);
    if (group !== '') findGroup(group);
  } catch (error) {
    if (!(error instanceof AccountError)) throw error;
    throw new AccountError(`-u ${written}: ${error.message}`, { cause: error });
  }
  return { user, ...(group !== '' && { group }) };
}

async function load(
  options: MilterGreylistOptions,
  file: string,
  reading?: ConfigReading,
): Promise<LoadedConfig> {
  const inputs = milterGreylistInputs(options, file);
  const loaded = await loadConfig({ ...inputs, ...reading });
  return {
    ...loaded,
    warnings: [...overlookedFile(options), ...loaded.warnings],
    notes: [...loaded.notes, ...cutDurations(options)],
  };
}

/**
 * All that is to be said of a file goes to standard error, as there. Options are for this machine, and what
 * it does not have ends the check as it would a start; a file may be meant for another one.
 */
async function check(
  options: MilterGreylistOptions,
  file: string,
  output: Output,
): Promise<number> {
  const loaded = await load(options, file);
  const { config, warnings, notes } = loaded;
  const doubts = findMachineDoubts(loaded);
  tell([...warnings, ...notes, ...doubts.map(({ issue }) => issue)], output);
  const ofOption = doubts.find(({ issue }) => issue.line === undefined);
  if (ofOption !== undefined) return exitCodeForCode(ofOption.code) ?? exitCodes.data;
  if (options.has('l')) output.print(describeConfig(config));
  output.error(`${file}: can be used\n`);
  return exitCodes.done;
}

/** It ends at the first mistake, whose kind is what it ends with. */
function isOfPattern(error: unknown): error is ConfigError {
  if (!(error instanceof ConfigError)) return false;
  const [first] = error.issues;
  return first !== undefined && isOfBadPattern(first.problem);
}

async function background(
  options: MilterGreylistOptions,
  file: string,
  words: readonly string[],
  output: Output,
): Promise<number> {
  // What is wrong with it can still be said here.
  const { config, warnings, notes } = await load(options, file);
  tell([...warnings, ...notes], output);
  if (options.has('l')) output.print(describeConfig(config));
  const signs = { pidFile: config['pid-file'], listeners: config.listen.milter };
  const [, program = ''] = process.argv;
  const again = [...words.filter((word) => word !== '--'), '--detached'];
  return await detach([program, 'milter-greylist', ...again], signs, output);
}
