import { configOptions } from '../arguments/config-options.js';
import { logOptions } from './log-options.js';

/** postgreyreport's options, and where our own records are. */
export const postgreyreportOptions = {
  delay: {
    type: 'number',
    requiresArg: true,
    describe: 'Only what did not try again after so many seconds',
  },
  user: { type: 'string', requiresArg: true, describe: 'Has no meaning here, and says so' },
  dbdir: { type: 'string', requiresArg: true, describe: 'Has no meaning here: see --store' },
  'greylist-text': logOptions['greylist-text'],
  return_string: { ...logOptions['greylist-text'], describe: 'The same' },
  show_tries: { type: 'boolean', describe: 'How often it was tried, first' },
  show_time: { type: 'boolean', describe: 'When it was tried last (single line only)' },
  tab: { type: 'boolean', describe: 'Tabs between the columns (single line only)' },
  single_line: { type: 'boolean', default: true, describe: 'All in one line' },
  nosingle_line: { type: 'boolean', describe: 'Senders and recipients under their client' },
  separate_by_subnet: {
    type: 'string',
    requiresArg: true,
    describe: 'Print this before each other network; \\n is a line feed',
  },
  separate_by_ip: {
    type: 'string',
    requiresArg: true,
    describe: 'Print this before each other client',
  },
  skip_pool: { type: 'boolean', describe: 'Leave out names that have the last two octets' },
  skip_clients: {
    type: 'string',
    array: true,
    requiresArg: true,
    describe: 'Leave out the clients of this file (repeatable)',
  },
  match_clients: {
    type: 'string',
    array: true,
    requiresArg: true,
    describe: 'Only the clients of this file (repeatable)',
  },
  skip_dnsbl: {
    type: 'string',
    array: true,
    requiresArg: true,
    describe: 'Leave out clients that this DNS list has (repeatable, slow)',
  },
  check_sender: {
    type: 'string',
    requiresArg: true,
    describe: "mx,mx/24,a,a/24: is the client the sender's domain's own? (slow)",
  },
  config: { ...configOptions.config, describe: 'Ask the filter, or the store, of this as well' },
  store: { ...configOptions.store, describe: 'Ask this store as well' },
  'from-store': { type: 'boolean', describe: 'What waits in the store, and no log' },
  'time-zone': logOptions['time-zone'],
  until: logOptions.until,
} as const;

/** {@link postgreyreportOptions} as parsed. */
export interface PostgreyreportArguments {
  readonly delay?: number | undefined;
  readonly user?: string | undefined;
  readonly dbdir?: string | undefined;
  readonly 'from-store'?: boolean | undefined;
  readonly files?: readonly string[] | undefined;
  readonly 'greylist-text'?: string | undefined;
  readonly return_string?: string | undefined;
  readonly show_tries?: boolean | undefined;
  readonly show_time?: boolean | undefined;
  readonly tab?: boolean | undefined;
  readonly single_line?: boolean | undefined;
  readonly nosingle_line?: boolean | undefined;
  readonly separate_by_subnet?: string | undefined;
  readonly separate_by_ip?: string | undefined;
  readonly skip_pool?: boolean | undefined;
  readonly skip_clients?: readonly string[] | undefined;
  readonly match_clients?: readonly string[] | undefined;
  readonly skip_dnsbl?: readonly string[] | undefined;
  readonly check_sender?: string | undefined;
  readonly config?: string | undefined;
  readonly store?: string | undefined;
  readonly 'time-zone'?: string | undefined;
  readonly until?: string | undefined;
}
