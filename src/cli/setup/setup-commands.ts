import type { Argv } from 'yargs';
import { chooseCommand } from '../arguments/chosen-command.js';
import type { Output } from '../terminal/output.js';
import { setupPostfixBuilder, setupSendmailBuilder } from './setup-options.js';

/** The command that tells a mail server of the filter. */
export const setupCommands = ['setup'] as const;

/** Adds it. */
export function withSetupCommands<T>(argv: Argv<T>, output: Output): Argv<T> {
  return argv.command('setup', 'Tell a mail server of the filter', (inner) =>
    inner
      .command(
        'postfix',
        'The lines for main.cf, printed or written',
        (each) => setupPostfixBuilder(each),
        (parsed) =>
          chooseCommand(async () => {
            const { setupPostfix } = await import('./setup-postfix.js');
            return await setupPostfix(parsed, output);
          }),
      )
      .command(
        'sendmail',
        'The line for sendmail.mc, printed or written',
        (each) => setupSendmailBuilder(each),
        (parsed) =>
          chooseCommand(async () => {
            const { setupSendmail } = await import('./setup-sendmail.js');
            return await setupSendmail(parsed, output);
          }),
      )
      .demandCommand(1, 'setup what? postfix or sendmail'),
  );
}
