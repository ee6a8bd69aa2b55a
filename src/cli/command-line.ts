import yargs, { type Argv } from 'yargs';
import { nearest } from '../config/nearest.js';
import { configOptions } from './config-options.js';
import { exitCodeOf, exitCodes } from './exit-codes.js';
import { processOutput, type Output } from './output.js';
import { packageVersion } from './version.js';

/** The command line is wrong; the message says how. */
class UsageError extends Error {}

const serveOptions = {
  ...configOptions,
  user: {
    type: 'string',
    requiresArg: true,
    describe: 'Run as this user once the sockets are open (needs root)',
  },
} as const;

/**
 * Runs one command.
 *
 * @returns the exit code: 0 done, 1 the answer is no, 64 and above as in exit-codes.ts
 */
export async function runCommandLine(
  args: readonly string[],
  output: Output = processOutput,
): Promise<number> {
  let exitCode: number = exitCodes.done;
  const parser = yargs()
    .scriptName('greymilter')
    .usage('$0 <command> [options]\n\nA greylisting filter for Sendmail and Postfix.')
    .command(
      'serve',
      'Run the filter',
      (argv) => serveBuilder(argv),
      async (parsed) => {
        const { serve } = await import('./serve.js');
        exitCode = await serve(parsed);
      },
    )
    .command(
      'check-config [file]',
      'Check a configuration and print what it comes to',
      (argv) => checkConfigBuilder(argv),
      async (parsed) => {
        const { checkConfig } = await import('./check-config.js');
        exitCode = await checkConfig(parsed, output);
      },
    )
    .demandCommand(1, 'Which command? "greymilter serve" runs the filter.')
    .recommendCommands()
    .strictCommands()
    .strict()
    // Otherwise the file of `check-config --set a=b FILE` would be a setting, `--no-config` and
    // `--set.x` something that is neither text nor a list.
    .parserConfiguration({
      'greedy-arrays': false,
      'boolean-negation': false,
      'dot-notation': false,
      'camel-case-expansion': false,
    })
    .version(packageVersion())
    .help()
    .alias('help', 'h')
    .wrap(100)
    .exitProcess(false)
    .fail((message, error) => {
      // yargs hands over either its own message or what a command threw.
      throw error instanceof Error && !isYargsError(error) ? error : new UsageError(message);
    });
  try {
    await parser.parseAsync([...args]);
    return exitCode;
  } catch (error) {
    return report(error, output);
  }
}

function serveBuilder(argv: Argv) {
  return argv
    .options(serveOptions)
    .check(refuseRepeated)
    .example('$0 serve', 'Try it out: milter on inet:10033@127.0.0.1, store under ./var')
    .example('$0 serve --config /etc/greymilter/greymilter.yaml --user greymilter', '')
    .example('$0 serve --listen unix:/run/greymilter/milter.sock --set greylist.delay=60s', '');
}

function checkConfigBuilder(argv: Argv) {
  return argv
    .positional('file', { type: 'string', describe: 'The file; --config FILE is the same' })
    .options(configOptions)
    .check(refuseRepeated)
    .check(({ file, config }) =>
      file === undefined || config === undefined ? true : 'Which file? There are two.',
    )
    .example('$0 check-config /etc/greymilter/greymilter.yaml', '');
}

// yargs makes an array of an option that is given twice, whatever its type.
function refuseRepeated(parsed: Readonly<Record<string, unknown>>): true | string {
  const isRepeated = (name: 'config' | 'store' | 'user'): boolean => Array.isArray(parsed[name]);
  const repeated = (['config', 'store', 'user'] as const).find(isRepeated);
  return repeated === undefined ? true : `--${repeated} can be given only once`;
}

function isYargsError(error: Error): boolean {
  return error.name === 'YError';
}

function report(error: unknown, output: Output): number {
  if (error instanceof UsageError) {
    output.error(`greymilter: ${withHint(error.message)}\nSee "greymilter --help".\n`);
    return exitCodes.usage;
  }
  const exitCode = exitCodeOf(error);
  if (exitCode !== undefined && error instanceof Error) {
    output.error(`greymilter: ${error.message}\n`);
    return exitCode;
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  output.error(`greymilter: this is a bug, please report it:\n${detail}\n`);
  return exitCodes.software;
}

// yargs suggests commands, but not options.
function withHint(message: string): string {
  const unknown = /^Unknown arguments?: ([^,\s]+)/.exec(message)?.[1];
  if (unknown === undefined) return message;
  const options = [...Object.keys(serveOptions), 'help', 'version'];
  const known = options.includes(unknown) ? undefined : nearest(unknown, options);
  return known === undefined ? message : `${message}: did you mean --${known}?`;
}
