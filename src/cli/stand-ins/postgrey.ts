import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { formatIssue, type ConfigIssue } from '../../config/config-error.js';
import { loadConfig, type ConfigReading, type LoadedConfig } from '../../config/load.js';
import { storePlace } from '../../config/store-url.js';
import { TestClock } from '../../daemon/process/test-clock.js';
import { packageVersion } from '../../daemon/process/version.js';
import { detach } from '../serve/detach.js';
import { exitCodes } from '../arguments/exit-codes.js';
import type { Output } from '../terminal/output.js';
import { databaseDirectory, postgreyConfig, POSTGREY_VERSION } from './postgrey-config.js';
import { findPostgreyDefaults, readPostgreyDefaults } from './postgrey-defaults.js';
import { POSTGREY_HELP } from './postgrey-help.js';
import { parsePostgreyOptions, type PostgreyOptions } from './postgrey-options.js';
import { serve } from '../serve/serve.js';
import { UsageError } from '../arguments/usage-error.js';

/**
 * `greymilter postgrey`: runs the daemon with Postgrey's options.
 *
 * @param words what stands behind the command
 * @throws UsageError
 */
export async function postgrey(words: readonly string[], output: Output): Promise<number> {
  const whole = withDefaults(words);
  const options = parsePostgreyOptions(whole);
  const answer = answerTo(options);
  if (answer !== undefined) {
    output.print(answer);
    return exitCodes.done;
  }
  if (options.has('noaction')) {
    throw new UsageError('--noaction: there is no dry run; see greylist.mode: shadow instead');
  }
  if (!options.has('unix') && !options.has('inet') && !options.has('config')) {
    throw new UsageError('--unix or --inet must be specified');
  }
  if (options.has('daemonize') && !options.has('detached')) return background(whole, output);
  return await serve({
    load: (reading) => load(options, output, reading),
    ...accountOf(options),
    ...(options.has('test-clock') && { testClock: new TestClock() }),
  });
}

/** Those of the distribution's file if there are none, or behind those of the file that is named. */
function withDefaults(words: readonly string[]): readonly string[] {
  const named = parsePostgreyOptions(words).text('defaults');
  const file = named ?? (words.length === 0 ? findPostgreyDefaults() : undefined);
  return file === undefined ? words : [...readPostgreyDefaults(file), ...words];
}

function answerTo(options: PostgreyOptions): string | undefined {
  if (options.has('help') || options.has('man')) return POSTGREY_HELP;
  if (!options.has('version')) return undefined;
  return `postgrey ${POSTGREY_VERSION} (greymilter ${packageVersion()})\n`;
}

async function background(words: readonly string[], output: Output): Promise<number> {
  const detached = [...words, '--detached'];
  // What is wrong with it can still be said here.
  const { config } = await load(parsePostgreyOptions(detached), output);
  const signs = { pidFile: config['pid-file'], listeners: config.listen.policy };
  const [, program = ''] = process.argv;
  return await detach([program, 'postgrey', ...detached], signs, output);
}

/** Whoever is not root stays who he is. */
function accountOf(options: PostgreyOptions): { readonly user?: string; readonly group?: string } {
  const user = options.text('user');
  const isGiven = user !== undefined && user !== '0';
  if (!isGiven && process.getuid?.() !== 0) return {};
  const group = options.text('group');
  return {
    user: isGiven ? user : 'postgrey',
    ...(group !== undefined && group !== '0' && { group }),
  };
}

async function load(
  options: PostgreyOptions,
  output: Output,
  reading?: ConfigReading,
): Promise<LoadedConfig> {
  const { inputs, notes } = postgreyConfig(options);
  const loaded = await loadConfig({ ...inputs, ...reading });
  const said = [...notes, ...noteOfDatabase(options, loaded)].map(warningOf);
  const warnings = [...said, ...loaded.warnings];
  // Whoever starts it would not look into another log for what Postgrey tells on standard error.
  if (loaded.config.log.to.kind !== 'console') {
    for (const warning of warnings) output.error(`warning: ${formatIssue(warning)}\n`);
  }
  return { ...loaded, warnings };
}

/** What Postgrey knows already, for whoever has not taken it over yet. */
function noteOfDatabase(options: PostgreyOptions, { config }: LoadedConfig): readonly string[] {
  const directory = options.text('dbdir') ?? databaseDirectory();
  const { url } = config.store;
  const path = storePlace(url);
  if (url.kind !== 'level' || existsSync(path) || !existsSync(join(directory, 'postgrey.db')))
    return [];
  return [
    `${directory}: has a database of Postgrey; "greymilter import postgrey ${directory} --store ${path}" takes over what it knows`,
  ];
}

function warningOf(note: string): ConfigIssue {
  const [file = '', problem = ''] = note.split(/: (.*)/s);
  return { file, line: undefined, column: undefined, path: '', text: '', problem, hint: undefined };
}
