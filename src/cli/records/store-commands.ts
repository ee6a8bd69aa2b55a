import type { Argv } from 'yargs';
import type { Output } from '../terminal/output.js';
import * as options from './store-options.js';

/** The commands for a store as a whole, beside `repair`. */
export const storeCommands = ['check-store', 'compact', 'backup', 'restore'] as const;

/** Adds them. @param end is told how a command has ended */
export function withStoreCommands<T>(
  argv: Argv<T>,
  output: Output,
  end: (exitCode: number) => void,
): Argv<T> {
  return argv
    .command(
      'check-store',
      'Look for damage in the files of the store',
      (inner) => options.checkStoreBuilder(inner),
      async (parsed) => {
        const { checkStore } = await import('./check-store.js');
        end(await checkStore(parsed, output));
      },
    )
    .command(
      'compact',
      "Make the store's files smaller",
      (inner) => options.compactBuilder(inner),
      async (parsed) => {
        const { compact } = await import('./compact.js');
        end(await compact(parsed, output));
      },
    )
    .command(
      'backup <file>',
      'Write all records into a file that can be verified',
      (inner) => options.backupBuilder(inner),
      async (parsed) => {
        const { backup } = await import('./backup.js');
        end(await backup(parsed, output));
      },
    )
    .command(
      'restore <file>',
      'Put what a backup holds in the place of the store',
      (inner) => options.restoreBuilder(inner),
      async (parsed) => {
        const { restore } = await import('./restore.js');
        end(await restore(parsed, output));
      },
    );
}
