import { resolve } from 'node:path';
import { refuseStandardInput } from './standard-input.js';
import { loadConfig, type ConfigReading, type LoadedConfig } from '../../config/load.js';

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
  const { config, set, listen, policy, store, 'pid-file': pidFile } = args;
  if (config !== undefined) refuseStandardInput(config);
  return await loadConfig({
    greylistConf: { ignoresUnsupported: args['ignore-unsupported'] },
    ...reading,
    ...(config !== undefined && { file: config }),
    ...(set !== undefined && { overrides: set }),
    ...(listen !== undefined && { listen }),
    ...(policy !== undefined && { policy }),
    ...(pidFile !== undefined && { pidFile: resolve(pidFile) }),
    ...(store !== undefined && { store: store.includes(':') ? store : `level:${store}` }),
  });
}

/**
 * The same for a command that only needs to know where the store and the filter are: what the filter
 * does not do of a greylist.conf is no obstacle to that.
 *
 * @throws ConfigError
 */
export async function findConfig(args: ConfigArguments): Promise<LoadedConfig> {
  return await loadConfigArguments({ ...args, 'ignore-unsupported': true });
}
