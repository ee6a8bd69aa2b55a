/** What all commands that read logs take; plain data for the command line's parser. */
export const logOptions = {
  'time-zone': {
    type: 'string',
    requiresArg: true,
    describe: "Of times that do not say theirs: Europe/Berlin, UTC (this machine's)",
  },
  until: {
    type: 'string',
    requiresArg: true,
    describe: 'Dates without a year are not after this: 2026-11-21 (the last change of the file)',
  },
  'greylist-text': {
    type: 'string',
    requiresArg: true,
    describe: "What Postfix's own lines have if it was greylisting, a regular expression",
  },
  json: { type: 'boolean', describe: 'Print JSON instead' },
} as const;

/** {@link logOptions} as parsed, and which logs are meant. */
export interface LogArguments {
  /** Standard input if there is none. */
  readonly files?: readonly string[] | undefined;
  readonly 'time-zone'?: string | undefined;
  readonly until?: string | undefined;
  readonly 'greylist-text'?: string | undefined;
  readonly json?: boolean | undefined;
}

/** The positional that they have in common. */
export const filesPositional = {
  type: 'string',
  array: true,
  describe: 'Logs, packed by gzip or not; - or none is standard input',
} as const;
