import yargs, { type Argv } from 'yargs';
import { nearest } from '../config/nearest.js';
import { chooseCommand, chosenBy } from './arguments/chosen-command.js';
import { configOptions } from './arguments/config-options.js';
import { exitCodeOf, exitCodes } from './arguments/exit-codes.js';
import { descriptorProblem } from './arguments/file-descriptors.js';
import { nameStandardInput } from './arguments/standard-input.js';
import { explainOptions } from './explain/explain-options.js';
import { logCommands, withLogCommands } from './logs/log-commands.js';
import { processOutput, type Output } from './terminal/output.js';
import { printable } from './terminal/printable.js';
import { probeOptions } from './probe/probe-options.js';
import { recordCommands, withRecordCommands } from './records/record-commands.js';
import { recordOptions } from './records/record-options.js';
import { outlineCommand } from './shell/command-outline.js';
import { setupCommands, withSetupCommands } from './setup/setup-commands.js';
import { setupOptions } from './setup/setup-options.js';
import { steeringCommands, withSteeringCommands } from './steering/steering-commands.js';
import { steeringOptions } from './steering/steering-options.js';
import { storeCommands, withStoreCommands } from './records/store-commands.js';
import { wholeStoreOptions } from './records/store-options.js';
import { UsageError } from './arguments/usage-error.js';
import { packageVersion } from '../daemon/process/version.js';

const commands = ['serve', 'check-config', 'convert-config', 'explain', 'repair', 'probe'].concat(
  ['completion', 'postgrey', 'milter-greylist'],
  recordCommands,
  steeringCommands,
  storeCommands,
  logCommands,
  setupCommands,
);

const serveOptions = {
  ...configOptions,
  user: {
    type: 'string',
    requiresArg: true,
    describe: 'Run as this user once the sockets are open (needs root)',
  },
} as const;

const repairOptions = {
  config: {
    ...configOptions.config,
    describe: 'Configuration file that names the store; without one, the store under ./var',
  },
  store: {
    ...configOptions.store,
    describe: 'The store instead: a path, or a URL as in store.url',
  },
  'start-empty': {
    type: 'boolean',
    describe: 'Do not repair: begin with an empty store, and keep the old one beside it',
  },
  'dry-run': { type: 'boolean', describe: 'Say what would be done, and change nothing' },
  yes: { type: 'boolean', describe: 'Do not ask' },
  json: { type: 'boolean', describe: 'Print an object' },
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
  const parser = withCommands(yargs(), output)
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
    // All other words are ours, and so are the hints that go by its own.
    .locale('en')
    .help()
    .alias('help', 'h')
    .wrap(100)
    .exitProcess(false)
    .fail((message, error) => {
      // yargs hands over either its own message or what a handler threw: the command.
      throw error instanceof Error && error.name !== 'YError' ? error : new UsageError(message);
    });
  try {
    if (args[0] === 'postgrey') {
      const { postgrey } = await import('./stand-ins/postgrey.js');
      return await postgrey(args.slice(1), output);
    }
    if (args[0] === 'milter-greylist') {
      const { milterGreylist } = await import('./stand-ins/milter-greylist.js');
      return await milterGreylist(args.slice(1), output);
    }
    const command = await chosenBy(parser, nameStandardInput(args, args[commandAt(args)]));
    return (await command?.()) ?? exitCodes.done;
  } catch (error) {
    return report(error, args, output);
  }
}

/** Adds all commands. */
export function withCommands(argv: Argv, output: Output): Argv {
  const commandsOfOurs = argv
    .scriptName('greymilter')
    .usage('$0 <command> [options]\n\nA greylisting filter for Sendmail and Postfix.')
    .example('$0 serve', 'Try it out')
    .example('$0 check-config greymilter.yaml', 'Is this right?')
    .example('$0 serve --help', 'What a command takes')
    .command(
      'serve',
      'Run the filter',
      (argv) => serveBuilder(argv),
      (parsed) =>
        chooseCommand(async () => {
          const { serve } = await import('./serve/serve.js');
          return await serve(parsed);
        }),
    )
    .command(
      'check-config [file]',
      'Check a configuration and print what it comes to',
      (argv) => checkConfigBuilder(argv),
      (parsed) =>
        chooseCommand(async () => {
          const { checkConfig } = await import('./check-config.js');
          return await checkConfig(parsed, output);
        }),
    )
    .command(
      'convert-config [file]',
      'Print what a greylist.conf says as a greymilter.yaml',
      (argv) => convertConfigBuilder(argv),
      (parsed) =>
        chooseCommand(async () => {
          const { convert } = await import('./convert-config.js');
          return await convert(parsed, output);
        }),
    )
    .command(
      'explain',
      'What the rules and the store would say of a mail, and why',
      (argv) => explainBuilder(argv),
      (parsed) =>
        chooseCommand(async () => {
          const { explain } = await import('./explain/explain.js');
          return await explain(parsed, output);
        }),
    )
    .command(
      'repair',
      'Repair a damaged store, keeping the damaged one beside it',
      (argv) => repairBuilder(argv),
      (parsed) =>
        chooseCommand(async () => {
          const { repair } = await import('./records/repair.js');
          return await repair(parsed, output);
        }),
    )
    .command(
      'probe [address]',
      'Ask a running milter, as an MTA does, what it says to a mail',
      (argv) => probeBuilder(argv),
      (parsed) =>
        chooseCommand(async () => {
          const { probe } = await import('./probe/probe.js');
          return await probe(parsed, output);
        }),
    )
    .command(
      'completion <shell>',
      'Print what makes a shell complete commands, options and their values',
      (argv) => completionBuilder(argv),
      (parsed) =>
        chooseCommand(async () => {
          const { completion } = await import('./shell/completion.js');
          return completion(parsed, output, (all) => withCommands(all, output));
        }),
    )
    // For the list of commands: its options are Postgrey's, and no parser of ours reads them so.
    .command('postgrey', "The filter for Postfix with Postgrey's options")
    .command('milter-greylist', "The filter with milter-greylist's options");
  const withRecords = withRecordCommands(commandsOfOurs, output);
  const withSteering = withSteeringCommands(withRecords, output);
  const withLogs = withLogCommands(withStoreCommands(withSteering, output), output);
  return withSetupCommands(withLogs, output);
}

function serveBuilder(argv: Argv) {
  return argv
    .options(serveOptions)
    .check(refuseRepeated)
    .example('$0 serve', 'Try it out: milter on inet:10033@127.0.0.1, store under ./var')
    .example('$0 serve --config /etc/greymilter/greymilter.yaml --user greymilter', '')
    .example('$0 serve --config /etc/mail/greylist.conf', "With milter-greylist's own file")
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
    .example('$0 check-config /etc/greymilter/greymilter.yaml', '')
    .example('$0 check-config /etc/mail/greylist.conf', "milter-greylist's, as it is")
    .example('$0 check-config --set greylist.delay=60s', 'What serve would make of that')
    .epilogue(
      'What is in force, defaults included, goes to standard output; what is wrong or doubtful, and ' +
        'what is done in another way than a greylist.conf may suggest, to standard error. A file that ' +
        'is not named .yaml or .yml is read as a greylist.conf.\n\n' +
        'Exit code: 0 it can be used; 65 it is wrong, or not there; 77 no permission to read it.',
    );
}

function convertConfigBuilder(argv: Argv) {
  return argv
    .positional('file', {
      type: 'string',
      describe: "milter-greylist's configuration file, or - for standard input",
    })
    .options({ 'ignore-unsupported': configOptions['ignore-unsupported'] })
    .example('$0 convert-config /etc/mail/greylist.conf > greymilter.yaml', '')
    .example('$0 check-config greymilter.yaml', 'Is it right? Then let serve have it')
    .epilogue(
      'The file is not changed, and need not be converted: serve reads it as it is. Comments of its ' +
        'own are kept where they stand above a statement or behind an entry; others say where ' +
        'something is written in another way, or not done.\n\n' +
        'Exit code: 0 converted; 65 it is wrong, not there, or wants something that greymilter does ' +
        'not do (see --ignore-unsupported); 77 no permission to read it.',
    );
}

function explainBuilder(argv: Argv) {
  return argv
    .options(explainOptions)
    .check(refuseRepeated)
    .example('$0 explain --client 203.0.113.7 --from a@b.example --to you@example.org', '')
    .example(
      '$0 explain --config FILE --client 203.0.113.7 --name mx.b.example --from … --to …',
      '',
    )
    .example(`grep '"verdict":"tempfail"' log.json | $0 explain --stdin --json`, 'A log in JSON')
    .epilogue(
      'Each rule in order with what it found, the rule that decides, the settings that result, and ' +
        'what the store would answer now. Nothing is changed, and no mail is needed.\n\n' +
        'A running filter is asked at its listen.admin; otherwise the store is opened.\n\n' +
        'Exit code: 0 explained, whatever the answer is; 64 the command line is wrong; 65 the ' +
        'configuration is wrong, or a line of the input; 77 no permission to read the configuration.',
    );
}

function repairBuilder(argv: Argv) {
  return argv
    .options(repairOptions)
    .check(refuseRepeated)
    .example('$0 repair --config /etc/greymilter/greymilter.yaml', 'Stop the filter first')
    .example('$0 repair --store /var/lib/greymilter/db --start-empty', '')
    .epilogue(
      'A sound store is left as it is. Of a damaged one it is said how many records can be kept, and asked, ' +
        'before anything is changed. Needs room beside the store for another of its size.\n\n' +
        'Exit code: 0 sound, repaired or empty now; 1 the answer was no; 64 nobody can be asked; 65 the configuration is wrong; 69 it cannot be ' +
        'repaired, or is in use; 77 no permission.',
    );
}

function probeBuilder(argv: Argv) {
  return argv
    .positional('address', {
      type: 'string',
      describe: 'Where the filter listens: unix:/path, inet:10033@127.0.0.1',
    })
    .options(probeOptions)
    .check(refuseRepeated)
    .check(({ address, config }) =>
      address === undefined || config === undefined ? true : 'Which filter? There are two.',
    )
    .example('$0 probe unix:/run/greymilter/milter.sock', 'Does it answer?')
    .example('$0 probe inet:10033@127.0.0.1 --client 203.0.113.7 --from a@b.example', '')
    .example('$0 probe --config /etc/greymilter/greymilter.yaml --json', 'For monitoring')
    .epilogue(
      'Any milter will do; a policy service does not answer. Nothing is sent to anybody, but a greylisting filter remembers the ' +
        'triplet as if a mail had come: by default 192.0.2.1, sender@example.org and ' +
        'recipient@example.org, which are nobody.\n\n' +
        'Exit code: 0 every answer came, whatever it was; 1 one is missing or wrong; 64 the ' +
        'command line is wrong; 69 the filter cannot be reached; 77 no permission for its socket.',
    );
}

function completionBuilder(argv: Argv) {
  return argv
    .positional('shell', {
      choices: ['bash', 'zsh'] as const,
      demandOption: true,
      describe: 'Which shell',
    })
    .example('source <(greymilter completion bash)', 'In ~/.bashrc')
    .example('$0 completion bash > /etc/bash_completion.d/greymilter', 'For everybody')
    .example("$0 completion zsh > '/usr/local/share/zsh/site-functions/_greymilter'", 'In zsh')
    .epilogue(
      'What is printed needs no greymilter to complete, so it is as fast as the shell; print it anew ' +
        'after an update.',
    );
}

// yargs makes an array of an option that is given twice, whatever its type.
function refuseRepeated(parsed: Readonly<Record<string, unknown>>): true | string {
  const ofProbe = ['client', 'name', 'helo', 'from', 'as', 'timeout'];
  const ofExplain = [
    'login',
    'size',
    'at',
    'tls-version',
    'tls-cipher',
    'tls-subject',
    'tls-issuer',
  ];
  const single = ['config', 'store', 'user', 'pid-file', ...ofProbe, ...ofExplain];
  const repeated = single.find((name) => Array.isArray(parsed[name]));
  return repeated === undefined ? true : `--${repeated} can be given only once`;
}

function report(error: unknown, args: readonly string[], output: Output): number {
  if (error instanceof UsageError) {
    const words = commandIn(args);
    const help = ['greymilter', ...words, '--help'].join(' ');
    tell(output, `greymilter: ${withHint(error.message, words)}\nSee "${help}".`);
    return exitCodes.usage;
  }
  const exitCode = exitCodeOf(error);
  if (exitCode !== undefined && error instanceof Error) {
    tell(output, `greymilter: ${error.message}`);
    return exitCode;
  }
  const descriptors = descriptorProblem(error);
  if (descriptors !== undefined) {
    tell(output, descriptors);
    return exitCodes.unavailable;
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  tell(output, `greymilter: this is a bug, please report it:\n${detail}`);
  return exitCodes.software;
}

function commandAt(args: readonly string[]): number {
  return args.findIndex((arg) => commands.includes(arg));
}

/** The command that is meant, with the one inside it that is named right behind it. */
function commandIn(args: readonly string[]): readonly string[] {
  const at = commandAt(args);
  const [name, next] = args.slice(at);
  if (at === -1 || name === undefined) return [];
  const { commands: all } = outlineCommand({ usage: 'greymilter', describe: '' }, (argv) =>
    withCommands(argv, processOutput),
  );
  const inner = all.find((command) => command.name === name)?.commands ?? [];
  return inner.some((command) => command.name === next) ? args.slice(at, at + 2) : [name];
}

/** Messages quote what they are about, whoever has written that. */
function tell(output: Output, text: string): void {
  output.error(`${text.split('\n').map(printable).join('\n')}\n`);
}

// yargs suggests commands, but not options, and takes for a command whatever is too much.
function withHint(message: string, command: readonly string[]): string {
  const surplus = /^Unknown commands?: (.+)$/.exec(message)?.[1];
  if (surplus !== undefined && command.length > 0) {
    return `${command.join(' ')} does not take this: ${surplus}`;
  }
  const bare = /^Not enough arguments following: (\S+)$/.exec(message)?.[1];
  if (bare !== undefined) return `--${bare} needs a value`;
  const [, option, given, choices] =
    /Argument: (\S+), Given: "(.*)", Choices: (.+)$/.exec(message) ?? [];
  if (option !== undefined) return `--${option} ${given}: must be one of ${choices}`;
  const unknown = /^Unknown arguments?: ([^,\s]+)/.exec(message)?.[1];
  if (unknown === undefined) return message;
  const options = [
    ...Object.keys({ ...serveOptions, ...explainOptions, ...repairOptions, ...probeOptions }),
    ...Object.keys({ ...recordOptions, ...steeringOptions, ...wholeStoreOptions }),
    ...Object.keys(setupOptions),
    'help',
    'version',
  ];
  const known = options.includes(unknown) ? undefined : nearest(unknown, options);
  return known === undefined ? message : `${message}: did you mean --${known}?`;
}
