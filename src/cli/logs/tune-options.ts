import { logOptions, type LogArguments } from './log-options.js';

/** All that `tune` takes. */
export const tuneOptions = {
  delay: {
    type: 'string',
    array: true,
    requiresArg: true,
    describe: 'Try this delay: 90s, 5m (repeatable; from 30s to 1h without it)',
  },
  ...logOptions,
} as const;

/** {@link tuneOptions} as parsed. */
export interface TuneArguments extends LogArguments {
  readonly delay?: readonly string[] | undefined;
}
