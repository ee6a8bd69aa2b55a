import type { Argv } from 'yargs';
import { jsonOption, refuseRepeated, storeOptions } from './record-options.js';

export const compactOptions = { ...storeOptions, ...jsonOption } as const;

export const checkStoreOptions = compactOptions;

export const backupOptions = { ...storeOptions, ...jsonOption } as const;

export const restoreOptions = {
  ...storeOptions,
  'dry-run': { type: 'boolean', describe: 'Only verify the backup, and say what would be done' },
  yes: { type: 'boolean', describe: 'Do not ask' },
  ...jsonOption,
} as const;

/** Every option of these commands, for hints. */
export const wholeStoreOptions = { ...compactOptions, ...restoreOptions } as const;

// The types of yargs say what was parsed; nobody could write them better.
/* eslint-disable @typescript-eslint/explicit-module-boundary-types */

export function compactBuilder(argv: Argv) {
  return argv
    .options(compactOptions)
    .check(refuseRepeated)
    .example('$0 compact --config /etc/greymilter/greymilter.yaml', 'Also while the filter runs')
    .epilogue(
      'The files shrink by themselves in time; after many records were forgotten it need not be waited ' +
        'for. Mail goes on meanwhile. Needs room on the disk for as much as the store has.\n\n' +
        'Exit code: 0 done; 64 the command line is wrong; 65 the configuration is wrong; 69 neither ' +
        'filter nor store can be reached; 77 no permission.',
    );
}

export function checkStoreBuilder(argv: Argv) {
  return argv
    .options(checkStoreOptions)
    .check(refuseRepeated)
    .example(
      '$0 check-store --config /etc/greymilter/greymilter.yaml',
      'Also while the filter runs',
    )
    .epilogue(
      'Reads the tables of the store, as root or as the user that the filter runs as, and compares them with their ' +
        'checksums: what the disk has changed is found, though it may still make sense. Nothing is ' +
        'changed, and no lock is needed. A filter that runs does the same once a day. What "repair" would keep of a damaged store, "repair --dry-run" says.\n\n' +
        'Exit code: 0 sound; 1 something is damaged; 64 the command line is wrong; 65 the configuration ' +
        'is wrong; 69 it cannot be read; 77 no permission.',
    );
}

export function backupBuilder(argv: Argv) {
  return argv
    .positional('file', {
      type: 'string',
      demandOption: true,
      describe: 'Where to; compressed if its name ends in .gz',
    })
    .options(backupOptions)
    .check(refuseRepeated)
    .example('$0 backup /var/backups/greymilter.jsonl.gz --config FILE', 'Also while it runs')
    .example('$0 restore /var/backups/greymilter.jsonl.gz --dry-run --config FILE', 'Verify it')
    .epilogue(
      'All records as they are at one moment: an export with a line more, by which "restore" sees that it ' +
        'is whole. The file has its name only when it is on the disk; one of that name is replaced then.\n\n' +
        'Exit code: 0 done; 64 the command line is wrong; 65 the configuration is wrong; 69 neither ' +
        'filter nor store can be reached; 73 the file cannot be written; 77 no permission.',
    );
}

export function restoreBuilder(argv: Argv) {
  return argv
    .positional('file', {
      type: 'string',
      demandOption: true,
      describe: 'What "greymilter backup" has written',
    })
    .options(restoreOptions)
    .check(refuseRepeated)
    .example('$0 restore /var/backups/greymilter.jsonl.gz --dry-run --config FILE', 'Is it whole?')
    .example('$0 restore /var/backups/greymilter.jsonl.gz --config FILE', 'Stop the filter first')
    .example(
      '$0 import /var/backups/greymilter.jsonl.gz --config FILE',
      'While it runs: adds to it',
    )
    .epilogue(
      'The store holds exactly what the backup does then; the one before is renamed and kept. The backup ' +
        'is read to its end before anything is done, and the new store has its place only when it is whole.\n\n' +
        'Exit code: 0 done, or with --dry-run it could be; 1 the answer was no; 64 the command line is ' +
        'wrong; 65 the backup is damaged, or the configuration is wrong; 69 the store is in use, or cannot ' +
        'be replaced; 77 no permission.',
    );
}
