import type { Argv } from 'yargs';
import { jsonOption, refuseRepeated, storeOptions } from './record-options.js';

export const statusOptions = { ...storeOptions, ...jsonOption } as const;

/** Every option of these commands, for hints. */
export const steeringOptions = { ...statusOptions } as const;

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
