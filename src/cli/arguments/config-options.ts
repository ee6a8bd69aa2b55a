import { resolve } from 'node:path';
import { refuseStandardInput } from './standard-input.js';
import {
  loadConfig,
  loadSections,
  type ConfigInputs,
  type ConfigReading,
  type LoadedConfig,
} from '../../config/load.js';
import { RULE_SECTIONS, type Config } from '../../config/schema.js';

/** What the commands that need a configuration take; plain data for the command line's parser. */
export const configOptions = {
  config: {
    type: 'string',
    requiresArg: true,
    describe:
      'Configuration file, greymilter.yaml or greylist.conf; without one, defaults for trying it out',
  },
  listen: {
    type: 'string',
    array: true,
    requiresArg: true,
    describe: 'Listen here instead: unix:/path, inet:10033@127.0.0.1 (repeatable)',
  },
  policy: {
    type: 'string',
    array: true,
    requiresArg: true,
    describe: "Serve Postfix's check_policy_service here: inet:10023@127.0.0.1 (repeatable)",
  },
  store: {
    type: 'string',
    requiresArg: true,
    describe: 'Keep the triplets here instead: a path, or a URL as in store.url',
  },
  'pid-file': {
    type: 'string',
    requiresArg: true,
    describe: 'Write the process number into this file instead, once the sockets are open',
  },
  set: {
    type: 'string',
    array: true,
    requiresArg: true,
    describe: 'Change one setting: --set greylist.delay=60s (repeatable)',
  },
  'ignore-unsupported': {
    type: 'boolean',
    describe: 'Go on without what a greylist.conf wants and greymilter does not do',
  },
} as const;

/** {@link configOptions} as parsed. */
export interface ConfigArguments {
  readonly config?: string | undefined;
  readonly listen?: readonly string[] | undefined;
  readonly policy?: readonly string[] | undefined;
  readonly store?: string | undefined;
  readonly 'pid-file'?: string | undefined;
  readonly set?: readonly string[] | undefined;
  readonly 'ignore-unsupported'?: boolean | undefined;
  /** In place of all these. */
  readonly load?: ((reading?: ConfigReading) => Promise<LoadedConfig>) | undefined;
}

/**
 * Reads the file, and what the command line says on top of it.
 *
 * @throws ConfigError
 */
export async function loadConfigArguments(
  args: ConfigArguments,
  reading: ConfigReading = {},
): Promise<LoadedConfig> {
  if (args.load !== undefined) return await args.load(reading);
  return await loadConfig({ ...inputsOf(args), ...reading });
}

function inputsOf(args: ConfigArguments): ConfigInputs {
  const { config, set, listen, policy, store, 'pid-file': pidFile } = args;
  if (config !== undefined) refuseStandardInput(config);
  return {
    greylistConf: { ignoresUnsupported: args['ignore-unsupported'] },
    ...(config !== undefined && { file: config }),
    ...(set !== undefined && { overrides: set }),
    ...(listen !== undefined && { listen }),
    ...(policy !== undefined && { policy }),
    ...(pidFile !== undefined && { pidFile: resolve(pidFile) }),
    ...(store !== undefined && { store: store.includes(':') ? store : `level:${store}` }),
  };
}

/**
 * The same, but what the filter does not do of a greylist.conf is no obstacle, for a command that starts
 * no filter.
 *
 * @throws ConfigError
 */
export async function loadSupported(args: ConfigArguments): Promise<LoadedConfig> {
  return await loadConfigArguments({ ...args, 'ignore-unsupported': true });
}

type FindingArguments = Omit<ConfigArguments, 'load'>;

function findingInputs(args: FindingArguments): ConfigInputs {
  return inputsOf({ ...args, 'ignore-unsupported': true });
}

/**
 * The settings for a command that has to do with the store. Neither what the filter does not do of a
 * greylist.conf is an obstacle to that, nor a list or a rule that is wrong.
 *
 * @throws ConfigError
 */
export async function findSettings(args: FindingArguments): Promise<Config> {
  return await loadSections(findingInputs(args), (section) => !RULE_SECTIONS.includes(section));
}

const whereabouts: readonly string[] = ['listen', 'store'];

/**
 * Where the filter is, for a command that asks it. No other setting is an obstacle to that: while something
 * is wrong with the file, of all times, one asks how the filter is.
 *
 * @throws ConfigError
 */
export async function findFilter(
  args: FindingArguments,
): Promise<Pick<Config, 'listen' | 'store'>> {
  return await loadSections(findingInputs(args), (section) => whereabouts.includes(section));
}
