import { resolve } from 'node:path';
import { loadConfig, type ConfigInputs, type LoadedConfig } from '../config/load.js';

/** What the commands that need a configuration take; plain data for the command line's parser. */
export const configOptions = {
  config: {
    type: 'string',
    requiresArg: true,
    describe: 'Configuration file (greymilter.yaml); without one, defaults for trying it out',
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
    describe: 'Keep the triplets here instead: level:/path or a path',
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
} as const;

/** {@link configOptions} as parsed. */
export interface ConfigArguments {
  readonly config?: string | undefined;
  readonly listen?: readonly string[] | undefined;
  readonly policy?: readonly string[] | undefined;
  readonly store?: string | undefined;
  readonly 'pid-file'?: string | undefined;
  readonly set?: readonly string[] | undefined;
}

/**
 * Reads the file, and what the command line says on top of it.
 *
 * @param beforeReading is told of each file that is about to be read
 * @throws ConfigError
 */
export async function loadConfigArguments(
  args: ConfigArguments,
  beforeReading?: ConfigInputs['beforeReading'],
): Promise<LoadedConfig> {
  const { config, set, listen, policy, store, 'pid-file': pidFile } = args;
  return await loadConfig({
    ...(beforeReading !== undefined && { beforeReading }),
    ...(config !== undefined && { file: config }),
    ...(set !== undefined && { overrides: set }),
    ...(listen !== undefined && { listen }),
    ...(policy !== undefined && { policy }),
    ...(pidFile !== undefined && { pidFile: resolve(pidFile) }),
    ...(store !== undefined && { store: store.includes(':') ? store : `level:${store}` }),
  });
}
