import { configOptions } from '../arguments/config-options.js';

/** What `explain` takes to tell of a mail; its JSON lines have the same names as keys. */
export const mailOptions = {
  client: { type: 'string', requiresArg: true, describe: "The SMTP client's IP address" },
  name: {
    type: 'string',
    requiresArg: true,
    describe: 'Its verified name; without it it has none',
  },
  helo: { type: 'string', requiresArg: true, describe: 'What it says in HELO or EHLO (the name)' },
  from: { type: 'string', requiresArg: true, describe: 'Envelope sender; <> is the null sender' },
  to: {
    type: 'string',
    array: true,
    requiresArg: true,
    describe: 'Envelope recipient (repeatable)',
  },
  login: { type: 'string', requiresArg: true, describe: 'As whom it has logged in' },
  'tls-version': { type: 'string', requiresArg: true, describe: 'TLSv1.3, for example' },
  'tls-cipher': { type: 'string', requiresArg: true, describe: 'The cipher suite' },
  'tls-subject': {
    type: 'string',
    requiresArg: true,
    describe: 'Subject of a client certificate that the MTA has verified',
  },
  'tls-issuer': { type: 'string', requiresArg: true, describe: 'Its issuer' },
  macro: {
    type: 'string',
    array: true,
    requiresArg: true,
    describe: 'Value of a macro: --macro daemon_name=MX (repeatable)',
  },
  header: {
    type: 'string',
    array: true,
    requiresArg: true,
    describe: "For message-rules, a header field: 'Name: value' (repeatable)",
  },
  size: {
    type: 'string',
    requiresArg: true,
    describe: 'For message-rules, the size of the message: 20KiB',
  },
  at: {
    type: 'string',
    requiresArg: true,
    describe: 'When it comes: 2026-11-21T03:00:00Z, or +5m for in five minutes (now)',
  },
} as const;

/** All that `explain` takes; plain data for the command line's parser. */
export const explainOptions = {
  config: configOptions.config,
  set: configOptions.set,
  store: { ...configOptions.store, describe: 'Look into this store instead' },
  'no-store': { type: 'boolean', describe: 'Leave the store alone; say only what the rules do' },
  ...mailOptions,
  stdin: { type: 'boolean', describe: 'Read mails from standard input, a JSON object a line' },
  json: { type: 'boolean', describe: 'Print a line of JSON for each recipient instead' },
} as const;

/** The mail's part of {@link ExplainArguments}. */
export interface ToldMail {
  readonly client?: string | undefined;
  readonly name?: string | undefined;
  readonly helo?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: readonly string[] | undefined;
  readonly login?: string | undefined;
  readonly 'tls-version'?: string | undefined;
  readonly 'tls-cipher'?: string | undefined;
  readonly 'tls-subject'?: string | undefined;
  readonly 'tls-issuer'?: string | undefined;
  readonly macro?: readonly string[] | undefined;
  readonly header?: readonly string[] | undefined;
  readonly size?: string | undefined;
  readonly at?: string | undefined;
}

/** {@link explainOptions} as parsed. */
export interface ExplainArguments extends ToldMail {
  readonly config?: string | undefined;
  readonly set?: readonly string[] | undefined;
  readonly store?: string | undefined;
  readonly 'no-store'?: boolean | undefined;
  readonly stdin?: boolean | undefined;
  readonly json?: boolean | undefined;
}
