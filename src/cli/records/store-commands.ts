import type { Argv } from 'yargs';
import { chooseCommand } from '../arguments/chosen-command.js';
import type { Output } from '../terminal/output.js';
import * as options from './store-options.js';

/** The commands for a store as a whole, beside `repair`. */
export const storeCommands = ['check-store', 'compact', 'backup', 'restore'] as const;

/** Adds them. */
export function withStoreCommands<T>(argv: Argv<T>, output: Output): Argv<T> {
  return argv
    .command(
      'check-store',
      'Look for damage in the files of the store',
      (inner) => options.checkStoreBuilder(inner),
      (parsed) =>
        chooseCommand(async () => {
          const { checkStore } = await import('./check-store.js');
          return await checkStore(parsed, output);
        }),
    )
    .command(
      'compact',
      "Make the store's files smaller",
      (inner) => options.compactBuilder(inner),
      (parsed) =>
        chooseCommand(async () => {
          const { compact } = await import('./compact.js');
          return await compact(parsed, output);
        }),
    )
    .command(
      'backup <file>',
      'Write all records into a file that can be verified',
      (inner) => options.backupBuilder(inner),
      (parsed) =>
        chooseCommand(async () => {
          const { backup } = await import('./backup.js');
          return await backup(parsed, output);
        }),
    )
    .command(
      'restore <file>',
      'Put what a backup holds in the place of the store',
      (inner) => options.restoreBuilder(inner),
      (parsed) =>
        chooseCommand(async () => {
          const { restore } = await import('./restore.js');
          return await restore(parsed, output);
        }),
    );
}
