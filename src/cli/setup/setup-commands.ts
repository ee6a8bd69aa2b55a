import type { Argv } from 'yargs';
import type { Output } from '../terminal/output.js';
import { setupPostfixBuilder, setupSendmailBuilder } from './setup-options.js';

/** The command that tells a mail server of the filter. */
export const setupCommands = ['setup'] as const;

/** Adds it. @param end is told how a command has ended */
export function withSetupCommands<T>(
  argv: Argv<T>,
  output: Output,
  end: (exitCode: number) => void,
): Argv<T> {
  return argv.command('setup', 'Tell a mail server of the filter', (inner) =>
    inner
      .command(
        'postfix',
        'The lines for main.cf, printed or written',
        (each) => setupPostfixBuilder(each),
        async (parsed) => {
          const { setupPostfix } = await import('./setup-postfix.js');
          end(await setupPostfix(parsed, output));
        },
      )
      .command(
        'sendmail',
        'The line for sendmail.mc, printed or written',
        (each) => setupSendmailBuilder(each),
        async (parsed) => {
          const { setupSendmail } = await import('./setup-sendmail.js');
          end(await setupSendmail(parsed, output));
        },
      )
      .demandCommand(1, 'setup what? postfix or sendmail'),
  );
}
