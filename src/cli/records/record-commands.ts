import type { Argv } from 'yargs';
import { chooseCommand } from '../arguments/chosen-command.js';
import type { Output } from '../terminal/output.js';
import * as records from './record-options.js';

/** The commands that look at records, change them, and move them. */
export const recordCommands = ['import', 'export', 'list', 'lookup', 'forget'] as const;

/** Adds them. */
export function withRecordCommands<T>(argv: Argv<T>, output: Output): Argv<T> {
  return argv
    .command('import', 'Take over the records of another greylister, or of an export', (argv) =>
      argv
        .command(
          'postgrey <dir>',
          "Postgrey's database, running or not",
          (inner) => records.postgreyBuilder(inner),
          (parsed) =>
            chooseCommand(async () => {
              const { importRecords } = await import('./import.js');
              return await importRecords(parsed, { ...parsed, format: 'postgrey' }, output);
            }),
        )
        .command(
          'milter-greylist <file>',
          "milter-greylist's dump file, or - for standard input",
          (inner) => records.milterGreylistBuilder(inner),
          (parsed) =>
            chooseCommand(async () => {
              const { importRecords } = await import('./import.js');
              return await importRecords(parsed, { ...parsed, format: 'milter-greylist' }, output);
            }),
        )
        .command(
          'sqlgrey <files..>',
          "SQLgrey's tables, as CSV or as a dump of SQL",
          (inner) => records.sqlgreyBuilder(inner),
          (parsed) =>
            chooseCommand(async () => {
              const { importRecords } = await import('./import.js');
              return await importRecords(parsed, { ...parsed, format: 'sqlgrey' }, output);
            }),
        )
        .command(
          '$0 <file>',
          'What "greymilter export" has written',
          (inner) => records.importBuilder(inner),
          (parsed) =>
            chooseCommand(async () => {
              const { importRecords } = await import('./import.js');
              return await importRecords(parsed, { ...parsed, format: 'greymilter' }, output);
            }),
        ),
    )
    .command(
      'export',
      'Write all records as JSON lines',
      (argv) => records.exportBuilder(argv),
      (parsed) =>
        chooseCommand(async () => {
          const { exportRecords } = await import('./export.js');
          return await exportRecords(parsed, output);
        }),
    )
    .command(
      'list',
      'Which triplets are known, or wait',
      (argv) => records.listBuilder(argv),
      (parsed) =>
        chooseCommand(async () => {
          const { list } = await import('./list.js');
          return await list(parsed, output);
        }),
    )
    .command(
      'lookup <client> <from> <to>',
      'What is known of one triplet',
      (argv) => records.lookupBuilder(argv),
      (parsed) =>
        chooseCommand(async () => {
          const { lookup } = await import('./lookup.js');
          return await lookup(parsed, output);
        }),
    )
    .command(
      'forget',
      'Delete records',
      (argv) => records.forgetBuilder(argv),
      (parsed) =>
        chooseCommand(async () => {
          const { forget } = await import('./forget.js');
          return await forget(parsed, output);
        }),
    );
}
