import type { Argv } from 'yargs';
import { configOptions } from '../arguments/config-options.js';
import { refuseRepeated } from '../records/record-options.js';

const commonOptions = {
  config: {
    ...configOptions.config,
    describe:
      'Configuration file of the filter, which says where it listens; without one, as "serve" without one',
  },
  listen: {
    ...configOptions.listen,
    describe: 'The filter listens here instead: unix:/path, inet:10033@127.0.0.1 (repeatable)',
  },
  write: { type: 'boolean', describe: 'Do it, and keep what was there before' },
  undo: { type: 'boolean', describe: 'Take it back' },
} as const;

export const setupPostfixOptions = {
  ...commonOptions,
  directory: {
    type: 'string',
    requiresArg: true,
    default: '/etc/postfix',
    describe: 'Where main.cf is',
  },
  policy: {
    type: 'boolean',
    describe: 'As a policy service (check_policy_service) in place of a milter',
  },
} as const;

export const setupSendmailOptions = {
  ...commonOptions,
  directory: {
    type: 'string',
    requiresArg: true,
    default: '/etc/mail',
    describe: 'Where sendmail.mc is',
  },
  'cf-directory': {
    type: 'string',
    requiresArg: true,
    default: '/usr/share/sendmail/cf',
    describe: "Where Sendmail's m4 files are, m4/cf.m4 among them",
  },
} as const;

/** Every option of these commands, for hints. */
export const setupOptions = { ...setupPostfixOptions, ...setupSendmailOptions } as const;

// The types of yargs say what was parsed; nobody could write them better.
/* eslint-disable @typescript-eslint/explicit-module-boundary-types */

const codes =
  'Exit code: 0 done, printed, or there was nothing to do; 64 the command line is wrong; 65 a ' +
  'configuration is wrong, or not as it can be changed here; 69 a program is missing or has failed; 73 ' +
  'a file cannot be written; 77 no permission.';

export function setupPostfixBuilder(argv: Argv) {
  return argv
    .options(setupPostfixOptions)
    .check(refuseRepeated)
    .check(refuseBoth)
    .example('$0 setup postfix --config /etc/greymilter/greymilter.yaml', 'What would be written?')
    .example('$0 setup postfix --config FILE --write', 'Write it; then "postfix reload"')
    .example('$0 setup postfix --config FILE --undo', 'As it was')
    .epilogue(
      'Prints the lines for main.cf, and on standard error what is to be known. With --write they are ' +
        'written, before other filters that are there, and main.cf is kept beside it. What Postfix knows ' +
        'of your networks and domains is printed as lines for greymilter.yaml.\n\n' +
        'With --undo main.cf is what it was, byte for byte, unless somebody else has changed it since: ' +
        `then only what was written goes.\n\n${codes}`,
    );
}

export function setupSendmailBuilder(argv: Argv) {
  return argv
    .options(setupSendmailOptions)
    .check(refuseRepeated)
    .check(refuseBoth)
    .example('$0 setup sendmail --config /etc/greymilter/greymilter.yaml', 'What would be written?')
    .example('$0 setup sendmail --config FILE --write', 'Write it; then start Sendmail anew')
    .example('$0 setup sendmail --undo', 'As it was')
    .epilogue(
      'Prints the line for sendmail.mc. With --write it is put there, before other filters, and sendmail.cf ' +
        'is made of it by m4; both are kept beside. Nothing is written if m4 makes no sendmail.cf of it ' +
        `that asks the filter.\n\n${codes}`,
    );
}

function refuseBoth({ write, undo }: { readonly write?: unknown; readonly undo?: unknown }) {
  return write === true && undo === true ? 'Write it, or take it back? Not both.' : true;
}
