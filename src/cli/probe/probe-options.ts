/** What `probe` takes; plain data for the command line's parser. */
export const probeOptions = {
  config: {
    type: 'string',
    requiresArg: true,
    describe: 'Without an address: ask at the first milter listener of this file',
  },
  client: {
    type: 'string',
    requiresArg: true,
    describe: "The SMTP client's address, IP or IP:PORT (192.0.2.1)",
  },
  name: {
    type: 'string',
    requiresArg: true,
    describe: "The client's verified name; without it, and with --client, it has none",
  },
  helo: { type: 'string', requiresArg: true, describe: 'What it says in HELO or EHLO' },
  from: { type: 'string', requiresArg: true, describe: 'Envelope sender; <> is the null sender' },
  to: {
    type: 'string',
    array: true,
    requiresArg: true,
    describe: 'Envelope recipient (repeatable)',
  },
  macro: {
    type: 'string',
    array: true,
    requiresArg: true,
    describe: 'Value of a macro: --macro auth_authen=joe (repeatable)',
  },
  as: {
    choices: ['postfix', 'sendmail'],
    requiresArg: true,
    describe: 'The MTA to play (postfix)',
  },
  data: {
    type: 'boolean',
    describe: 'Go on with DATA and a small message if a recipient is let in',
  },
  timeout: {
    type: 'string',
    requiresArg: true,
    describe: "How long to wait for each answer (10s, Sendmail's default)",
  },
  json: { type: 'boolean', describe: 'Print one line of JSON instead' },
} as const;

/** {@link probeOptions} as parsed. */
export interface ProbeArguments {
  readonly address?: string | undefined;
  readonly config?: string | undefined;
  readonly client?: string | undefined;
  readonly name?: string | undefined;
  readonly helo?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: readonly string[] | undefined;
  readonly macro?: readonly string[] | undefined;
  readonly as?: string | undefined;
  readonly data?: boolean | undefined;
  readonly timeout?: string | undefined;
  readonly json?: boolean | undefined;
}
