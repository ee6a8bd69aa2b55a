import { configOptions } from '../arguments/config-options.js';
import { logOptions, type LogArguments } from './log-options.js';

/** All that `replay` takes. */
export const replayOptions = {
  config: { ...configOptions.config, describe: 'The configuration to try' },
  set: configOptions.set,
  'ignore-unsupported': configOptions['ignore-unsupported'],
  list: { type: 'boolean', describe: 'Also print each mail that fares otherwise, in a line' },
  ...logOptions,
} as const;

/** {@link replayOptions} as parsed. */
export interface ReplayArguments extends LogArguments {
  readonly config?: string | undefined;
  readonly set?: readonly string[] | undefined;
  readonly 'ignore-unsupported'?: boolean | undefined;
  readonly list?: boolean | undefined;
}
