import type { Argv } from 'yargs';
import { filterOptions, jsonOption, refuseRepeated, storeOptions } from './record-options.js';

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

/** Every option of these commands, for hints. */
export const steeringOptions = { ...statusOptions, ...passOptions } as const;

// The types of yargs say what was parsed; nobody could write them better.
/* eslint-disable @typescript-eslint/explicit-module-boundary-types */

export function statusBuilder(argv: Argv) {
  return argv
    .options(statusOptions)
    .check(refuseRepeated)
    .example('$0 status --config /etc/greymilter/greymilter.yaml', '')
    .example('watch $0 status', 'What happens?')
    .example('$0 status --json | jq .store.records.triplets.waiting', 'How many wait?')
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
