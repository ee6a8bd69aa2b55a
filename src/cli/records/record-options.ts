import type { Argv } from 'yargs';
import { configOptions } from '../arguments/config-options.js';

// Written out: help and hints must not load what knows the records.
const KINDS = ['triplet', 'pair', 'null-sender', 'client', 'reply', 'exceptions'].concat([
  'statistics',
  'population',
  'opaque',
]);
const STATES = ['pending', 'passed', 'autowhite', 'ended'];

/** Whose records are meant. */
export const storeOptions = {
  config: {
    ...configOptions.config,
    describe: "The filter's configuration file; without one, the store under ./var",
  },
  store: {
    ...configOptions.store,
    describe: 'The store instead: a path, or a URL as in store.url',
  },
  set: configOptions.set,
} as const;

export const jsonOption = {
  json: { type: 'boolean', describe: 'Print JSON instead' },
} as const;

export const importOptions = {
  ...storeOptions,
  report: {
    type: 'string',
    requiresArg: true,
    describe: 'Write every line that is not understood into this file',
  },
  verbose: { type: 'boolean', describe: 'Print every line that is not understood' },
  ...jsonOption,
} as const;

export const foreignOptions = {
  delay: {
    type: 'string',
    requiresArg: true,
    default: '5m',
    describe: 'What came back so long after its first attempt has passed: the delay there',
  },
  'retry-window': {
    type: 'string',
    requiresArg: true,
    describe: 'How long a first attempt counts (greylist.retry-window)',
  },
  'max-age': {
    type: 'string',
    requiresArg: true,
    describe: 'How long after its last mail a triplet is known (greylist.autowhite)',
  },
} as const;

export const postgreyOptions = {
  ...foreignOptions,
  ipv4cidr: {
    type: 'number',
    requiresArg: true,
    default: 24,
    describe: 'The --ipv4cidr that Postgrey had',
  },
  ipv6cidr: {
    type: 'number',
    requiresArg: true,
    default: 64,
    describe: 'The --ipv6cidr that Postgrey had',
  },
} as const;

/** The file tells when what is known ends, so that only what waits goes by these. */
export const milterGreylistOptions = {
  delay: { ...foreignOptions.delay, default: '30m', describe: 'The delay there' },
  'retry-window': foreignOptions['retry-window'],
} as const;

export const exportOptions = {
  ...storeOptions,
  format: {
    type: 'string',
    requiresArg: true,
    choices: ['json', 'milter-greylist'],
    default: 'json',
    describe: "JSON lines, or milter-greylist's dump file",
  },
  output: { type: 'string', requiresArg: true, describe: 'Write into this file' },
} as const;

export const filterOptions = {
  client: { type: 'string', requiresArg: true, describe: 'Only of this address or network' },
  from: {
    type: 'string',
    requiresArg: true,
    describe: 'Only of this sender: a@b.example, @b.example, a@, or <>',
  },
  to: { type: 'string', requiresArg: true, describe: 'Only of this recipient, written likewise' },
  kind: {
    type: 'string',
    requiresArg: true,
    choices: KINDS,
    describe: 'Only of this kind; a triplet is a pair or a null-sender',
  },
  state: {
    type: 'string',
    requiresArg: true,
    choices: STATES,
    describe: 'Only with a client that waits, has passed, passes whatever it sends, or has ended',
  },
  'older-than': {
    type: 'string',
    requiresArg: true,
    describe: 'Only with a client whose first attempt is longer ago: 4h, 2d',
  },
  'newer-than': {
    type: 'string',
    requiresArg: true,
    describe: 'Only with a client whose first attempt is not longer ago',
  },
} as const;

export const listOptions = {
  ...storeOptions,
  ...filterOptions,
  sort: {
    type: 'string',
    requiresArg: true,
    describe: 'Sort by first, last or until (times), client, sender or recipient (their domains)',
  },
  reverse: { type: 'boolean', describe: 'The other way round' },
  follow: { type: 'boolean', describe: 'Then go on with what changes, until Ctrl-C' },
  limit: {
    type: 'number',
    requiresArg: true,
    describe: 'Not more records than this; of a sorted list 100, at most 1000',
  },
  ...jsonOption,
} as const;

export const lookupOptions = { ...storeOptions, ...jsonOption } as const;

export const forgetOptions = {
  ...storeOptions,
  ...filterOptions,
  'dry-run': { type: 'boolean', describe: 'Only say how many it would be' },
  yes: { type: 'boolean', describe: 'Do not ask' },
  ...jsonOption,
} as const;

/** Every option of these commands, for hints. */
export const recordOptions = {
  ...importOptions,
  ...postgreyOptions,
  ...exportOptions,
  ...listOptions,
  ...forgetOptions,
} as const;

// yargs makes an array of an option that is given twice, whatever its type.
export function refuseRepeated(parsed: Readonly<Record<string, unknown>>): true | string {
  const lists = ['_', 'set', 'files', 'listen'];
  const repeated = Object.keys(parsed).find(
    (name) => !lists.includes(name) && Array.isArray(parsed[name]),
  );
  return repeated === undefined ? true : `--${repeated} can be given only once`;
}

/** No number, or none that makes sense, would be no limit at all. */
export function refuseLimit({ limit }: { readonly limit?: number | undefined }): true | string {
  if (limit === undefined || (Number.isSafeInteger(limit) && limit > 0)) return true;
  return '--limit must be a whole number above 0';
}

const codes =
  'Exit code: 0 done; 64 the command line is wrong; 65 the input or the configuration is wrong; 69 ' +
  'neither filter nor store can be reached; 77 no permission.';

const reach = 'A running filter is asked at its listen.admin; otherwise the store is opened. ';

// The types of yargs say what was parsed; nobody could write them better.
/* eslint-disable @typescript-eslint/explicit-module-boundary-types */

export function postgreyBuilder(argv: Argv) {
  return argv
    .positional('dir', {
      type: 'string',
      demandOption: true,
      describe: "Postgrey's --dbdir, or - for the output of db_dump on standard input",
    })
    .options({ ...importOptions, ...postgreyOptions })
    .check(refuseRepeated)
    .example('$0 import postgrey /var/lib/postgrey --config FILE', 'Running or not')
    .example('db_dump -p postgrey.db | $0 import postgrey - --config FILE', '')
    .epilogue(
      `${reach}What is newer here stays, what is older is united with it; doing it again changes nothing.\n\n${codes}`,
    );
}

export function milterGreylistBuilder(argv: Argv) {
  return argv
    .positional('file', {
      type: 'string',
      demandOption: true,
      describe: "milter-greylist's dump file, or - for standard input",
    })
    .options({ ...importOptions, ...milterGreylistOptions })
    .check(refuseRepeated)
    .example('$0 import milter-greylist /var/lib/milter-greylist/greylist.db --config FILE', '')
    .epilogue(
      `${reach}What is newer here stays, what is older is united with it; doing it again changes nothing.

${codes}`,
    );
}

export function sqlgreyBuilder(argv: Argv) {
  return argv
    .positional('files', {
      type: 'string',
      array: true,
      demandOption: true,
      describe:
        "SQLgrey's tables: CSV with a line of names, or sqlite3's .dump; - for standard input",
    })
    .options({ ...importOptions, ...foreignOptions })
    .check(refuseRepeated)
    .example('sqlite3 sqlgrey.db .dump | $0 import sqlgrey - --config FILE', '')
    .epilogue(`${reach}Only the table connect has recipients, and so triplets.\n\n${codes}`);
}

export function importBuilder(argv: Argv) {
  return argv
    .positional('file', {
      type: 'string',
      demandOption: true,
      describe: 'What "greymilter export" has written, or - for standard input',
    })
    .options(importOptions)
    .check(refuseRepeated)
    .example('$0 import triplets.jsonl --config FILE', '')
    .epilogue(
      `${reach}What is newer here stays, what is older is united with it; doing it again changes nothing.\n\n${codes}`,
    );
}

export function exportBuilder(argv: Argv) {
  return argv
    .options(exportOptions)
    .check(refuseRepeated)
    .example('$0 export --config FILE --output triplets.jsonl', 'Also while the filter runs')
    .example('$0 export --config FILE | gzip > triplets.jsonl.gz', '')
    .example('$0 export --format milter-greylist --output greylist.db', 'The way back')
    .epilogue(
      `${reach}One JSON object a line, behind a header; a dump file has the triplets alone.\n\n${codes}`,
    );
}

export function listBuilder(argv: Argv) {
  return argv
    .options(listOptions)
    .check(refuseRepeated)
    .check(refuseLimit)
    .example('$0 list --config FILE --state pending --to joe@example.org', '')
    .example('$0 list --client 203.0.113.0/24 --json', 'One object a line')
    .example('$0 list --kind triplet --state pending --sort first --limit 20', 'Who waits longest?')
    .example('$0 list --state autowhite', 'Clients that are autowhitelisted')
    .example('$0 list --state pending --newer-than 1h --follow --config FILE', 'And who comes now')
    .epilogue(
      `${reach}Without --sort in no particular order. With --follow, which needs a running filter, a ` +
        `record comes again with each change, and as "forgotten" when it is deleted.\n\n${codes}`,
    );
}

export function lookupBuilder(argv: Argv) {
  return argv
    .positional('client', { type: 'string', demandOption: true, describe: "The client's address" })
    .positional('from', { type: 'string', demandOption: true, describe: 'Sender; <> for none' })
    .positional('to', { type: 'string', demandOption: true, describe: 'Recipient' })
    .options(lookupOptions)
    .check(refuseRepeated)
    .example('$0 lookup 203.0.113.7 a@b.example you@example.org --config FILE', '')
    .epilogue(
      `${reach}What happened, from which network, and what comes next; which rule says so is what ` +
        '"greymilter explain" tells.\n\nExit code: 1 nothing is known; else as for list.',
    );
}

export function forgetBuilder(argv: Argv) {
  return argv
    .options(forgetOptions)
    .check(refuseRepeated)
    .example('$0 forget --config FILE --from a@b.example --dry-run', 'How many would it be?')
    .example('$0 forget --client 203.0.113.0/24 --yes', '')
    .epilogue(
      `${reach}Whoever is forgotten is new, and waits once.\n\nExit code: 1 there was nothing, or the answer was no; else as for list.`,
    );
}
