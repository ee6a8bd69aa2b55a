import type { Argv } from 'yargs';

/**
 * A command that was found on the command line, and is still to be run. Handlers throw it, so that yargs is
 * done with them: it draws the help of a command whose handler returns, for nobody, which takes longer
 * than all else it does.
 */
class ChosenCommand extends Error {
  readonly run: () => Promise<number>;

  constructor(run: () => Promise<number>) {
    super('a command is to be run');
    this.name = 'ChosenCommand';
    this.run = run;
  }
}

/** Ends a handler of yargs. @param run does what the command says; resolves to its exit code. @throws always */
export function chooseCommand(run: () => Promise<number>): never {
  throw new ChosenCommand(run);
}

/** What was chosen on a command line; undefined if yargs has shown its help, or our version. */
export async function chosenBy(
  parser: Argv,
  args: readonly string[],
): Promise<(() => Promise<number>) | undefined> {
  try {
    await parser.parseAsync([...args]);
    return undefined;
  } catch (error) {
    if (error instanceof ChosenCommand) return error.run;
    throw error;
  }
}
