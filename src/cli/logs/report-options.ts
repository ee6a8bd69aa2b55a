import { STORY_KEYS } from '../../reports/story-keys.js';
import { logOptions, type LogArguments } from './log-options.js';

/** Which stories a list may have. */
export const LISTS = ['never', 'returned', 'elsewhere', 'open', 'all'] as const;

/** All that `report` takes. */
export const reportOptions = {
  by: {
    type: 'string',
    array: true,
    requiresArg: true,
    choices: STORY_KEYS,
    describe: 'Count by this, the most often put off first (repeatable)',
  },
  top: { type: 'number', requiresArg: true, default: 10, describe: 'How many of them' },
  days: { type: 'boolean', describe: 'Only the days' },
  list: {
    type: 'string',
    requiresArg: true,
    choices: LISTS,
    describe: 'Only the mails that came to this, each in a line',
  },
  csv: { type: 'boolean', describe: 'Print CSV: of --list, --by or the days' },
  ...logOptions,
} as const;

/** {@link reportOptions} as parsed. */
export interface ReportArguments extends LogArguments {
  readonly by?: readonly string[] | undefined;
  readonly top?: number | undefined;
  readonly days?: boolean | undefined;
  readonly list?: string | undefined;
  readonly csv?: boolean | undefined;
}
