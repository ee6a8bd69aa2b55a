import type { Argv } from 'yargs';
import type { RunCommand } from '../arguments/chosen-command.js';
import type { Output } from '../terminal/output.js';
import { setupPostfixBuilder, setupSendmailBuilder } from './setup-options.js';

/** The command that tells a mail server of the filter. */
export const setupCommands = ['setup'] as const;

/** Adds it. @param run is handed the one that is chosen */
export function withSetupCommands<T>(argv: Argv<T>, output: Output, run: RunCommand): Argv<T> {
  return argv.command('setup', 'Tell a mail server of the filter', (inner) =>
    inner
      .command(
        'postfix',
        'The lines for main.cf, printed or written',
        (each) => setupPostfixBuilder(each),
        (parsed) =>
          run(async () => {
            const { setupPostfix } = await import('./setup-postfix.js');
            return await setupPostfix(parsed, output);
          }),
      )
      .command(
        'sendmail',
        'The line for sendmail.mc, printed or written',
        (each) => setupSendmailBuilder(each),
        (parsed) =>
          run(async () => {
            const { setupSendmail } = await import('./setup-sendmail.js');
            return await setupSendmail(parsed, output);
          }),
      )
      .demandCommand(1, 'setup what? postfix or sendmail'),
  );
}
