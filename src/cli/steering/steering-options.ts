import type { Argv } from 'yargs';
import {
  filterOptions,
  jsonOption,
  refuseLimit,
  refuseRepeated,
  storeOptions,
} from '../records/record-options.js';

export const statusOptions = { ...storeOptions, ...jsonOption } as const;

const changeOptions = {
  'dry-run': { type: 'boolean', describe: 'Only say how many it would be' },
  yes: { type: 'boolean', describe: 'Do not ask' },
} as const;

export const passOptions = {
  ...storeOptions,
  client: filterOptions.client,
  from: filterOptions.from,
  to: filterOptions.to,
  ...changeOptions,
  ...jsonOption,
} as const;

export const autowhiteOptions = { ...storeOptions, ...jsonOption } as const;

export const exceptionOptions = {
  ...autowhiteOptions,
  from: {
    type: 'string',
    requiresArg: true,
    describe: 'Only mail of this sender: a@b.example, @b.example, or <>',
  },
  spf: {
    type: 'boolean',
    describe: 'In place of a client: from wherever SPF lets mail of --from come',
  },
} as const;

export const addExceptionOptions = {
  ...exceptionOptions,
  for: {
    type: 'string',
    requiresArg: true,
    describe: 'How long: 12h, 90d; greylist.autowhite without it',
  },
} as const;

export const reloadOptions = { ...storeOptions, ...jsonOption } as const;

export const tailOptions = {
  ...storeOptions,
  client: filterOptions.client,
  from: filterOptions.from,
  to: filterOptions.to,
  verdict: {
    type: 'string',
    requiresArg: true,
    describe: 'Only with this verdict: accept, tempfail, reject, discard, quarantine',
  },
  reason: {
    type: 'string',
    requiresArg: true,
    describe: 'Only for this reason: greylist-new, greylist-passed, trusted, rule, …',
  },
  limit: { type: 'number', requiresArg: true, describe: 'End after so many' },
  json: { type: 'boolean', describe: 'Print an object a line, with the names of the log' },
} as const;

/** Every option of these commands, for hints. */
export const steeringOptions = {
  ...statusOptions,
  ...passOptions,
  ...addExceptionOptions,
  ...tailOptions,
} as const;

// The types of yargs say what was parsed; nobody could write them better.
/* eslint-disable @typescript-eslint/explicit-module-boundary-types */

export function statusBuilder(argv: Argv) {
  return argv
    .options(statusOptions)
    .check(refuseRepeated)
    .example('$0 status --config /etc/greymilter/greymilter.yaml', '')
    .example('watch $0 status', 'What happens?')
    .example('$0 status --json | jq .store.records.triplets.pending', 'How many wait?')
    .epilogue(
      'How the running filter is, what its store holds, and what it has decided since its start. ' +
        'Large stores are counted in the background.\n\n' +
        'Exit code: 0 it runs; 64 the command line is wrong; 65 the configuration is wrong; 69 it ' +
        'does not run, and what its store holds is told; 77 no permission.',
    );
}

export function passBuilder(argv: Argv) {
  return argv
    .positional('address', { type: 'string', describe: 'As --client' })
    .positional('sender', { type: 'string', describe: 'As --from' })
    .positional('recipient', { type: 'string', describe: 'As --to' })
    .options(passOptions)
    .check(refuseRepeated)
    .example('$0 pass 203.0.113.7 a@b.example you@example.org --config FILE', 'One triplet')
    .example('$0 pass --from @b.example --to you@example.org --dry-run', 'How many would it be?')
    .example('$0 pass 203.0.113.0/24 --yes', '')
    .epilogue(
      'What waits is known from now on, as if it had passed; its next attempt is not put off. Nothing ' +
        'is sent by this: the client has to come back. Who has never tried is not known by it either; ' +
        'for that there are exceptions.\n\n' +
        'Exit code: 1 nothing waits, or the answer was no; else as for list.',
    );
}

const exceptionPositional = {
  type: 'string',
  describe: "The client's address, or a network; --spf stands in its place",
} as const;

const exceptionCodes =
  'Exit code: 0 done; 1 there is no such exception; 64 the command line is wrong; 65 the configuration ' +
  'is wrong; 69 neither filter nor store can be reached; 77 no permission.';

export function addExceptionBuilder(argv: Argv) {
  return argv
    .positional('client', exceptionPositional)
    .options(addExceptionOptions)
    .check(refuseRepeated)
    .example('$0 autowhite add 203.0.113.7 --config FILE', '')
    .example('$0 autowhite add 203.0.113.0/24 --from @b.example --for 90d --config FILE', '')
    .example('$0 autowhite add --from @b.example --spf --config FILE', 'From wherever it may come')
    .epilogue(
      'Mail of the client does not wait from now on. With --spf it is mail of a sender where SPF of its ' +
        'domain passes, and by more than "all"; only for such senders SPF is looked up. Rules that refuse ' +
        'still do, and it need not be reloaded. Once more for the same client and sender: another end.' +
        `\n\n${exceptionCodes}`,
    );
}

export function removeExceptionBuilder(argv: Argv) {
  return argv
    .positional('client', exceptionPositional)
    .options(exceptionOptions)
    .check(refuseRepeated)
    .example('$0 autowhite remove 203.0.113.0/24 --from @b.example --config FILE', '')
    .example('$0 autowhite remove --from @b.example --spf --config FILE', '')
    .epilogue(`Client and sender as "autowhite list" shows them.\n\n${exceptionCodes}`);
}

export function listExceptionsBuilder(argv: Argv) {
  return argv
    .options(autowhiteOptions)
    .check(refuseRepeated)
    .example('$0 autowhite list --config FILE', '')
    .example('$0 list --kind client --state autowhite --config FILE', 'Who has earned it')
    .epilogue(`Those that were made by "autowhite add", and still hold.\n\n${exceptionCodes}`);
}

export function reloadBuilder(argv: Argv) {
  return argv
    .options(reloadOptions)
    .check(refuseRepeated)
    .example('$0 reload --config /etc/greymilter/greymilter.yaml', '')
    .epilogue(
      'The running filter reads its own configuration again, as at SIGHUP, and it is said what is ' +
        'different now. If something is wrong, everything stays as it was.\n\n' +
        'Exit code: 0 it is taken over; 65 it is wrong; 69 no filter runs; 73 a listener or the log ' +
        'cannot be made; 77 no permission.',
    );
}

export function tailBuilder(argv: Argv) {
  return argv
    .options(tailOptions)
    .check(refuseRepeated)
    .check(refuseLimit)
    .example('$0 tail --config /etc/greymilter/greymilter.yaml', 'Until Ctrl-C')
    .example('$0 tail --to joe@example.org --config FILE', 'Is his mail put off?')
    .example('$0 tail --verdict tempfail --client 203.0.113.0/24 --config FILE', '')
    .example('$0 tail --json --config FILE | jq -r .client', '')
    .epilogue(
      'The decisions of the running filter while it makes them, as its log has them, whatever the level of ' +
        'the log is. Sender and recipient are looked for as the MTA has them. Who reads too slowly misses ' +
        'some, and is told how many; mail never waits for it.\n\n' +
        'Exit code: 0 it was interrupted, or had --limit; 64 the command line is wrong; 65 the ' +
        'configuration is wrong; 69 no filter runs, or it has ended; 77 no permission.',
    );
}
