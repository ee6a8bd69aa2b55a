import type { Argv } from 'yargs';
import { configJsonSchema, settings } from '../../config/schema.js';
import { leafSettings } from '../../config/settings.js';
import { bashCompletion } from './bash-completion.js';
import { outlineCommand, type CommandOutline, type OptionOutline } from './command-outline.js';
import type { Completion, Place } from './completion-places.js';
import { exitCodes } from '../arguments/exit-codes.js';
import { MILTER_GREYLIST_HELP } from '../stand-ins/milter-greylist-help.js';
import type { Output } from '../terminal/output.js';
import { POSTGREY_HELP } from '../stand-ins/postgrey-help.js';
import { zshCompletion } from './zsh-completion.js';

/** What stands for the name of a file. */
const FILES: readonly string[] = ['config', 'store', 'pid-file', 'report', 'file', 'files', 'dir'];

const HELP: OptionOutline = {
  name: 'help',
  describe: 'Show help',
  takesValue: false,
  choices: [],
  fallback: undefined,
};

/**
 * `greymilter completion SHELL`: prints a script with all that can be completed in it, so that
 * nothing of ours has to run while somebody types.
 *
 * @param declare all commands, for a parser
 */
export function completion(
  { shell }: { readonly shell: string },
  output: Output,
  declare: (argv: Argv) => unknown,
): number {
  const told = { places: placesOf(declare), settings: settingValues() };
  output.print(shell === 'zsh' ? zshCompletion(told) : bashCompletion(told));
  return exitCodes.done;
}

/** Each place of the command line where a command has been given, or none yet. */
export function placesOf(declare: (argv: Argv) => unknown): readonly Place[] {
  const root = outlineCommand({ usage: 'greymilter', describe: '' }, declare);
  return collect(root, '').map((place) => {
    const help = { postgrey: POSTGREY_HELP, 'milter-greylist': MILTER_GREYLIST_HELP };
    const foreign = Object.entries(help).find(([name]) => name === place.at)?.[1];
    return foreign === undefined ? place : { ...place, options: optionsOfHelp(foreign) };
  });
}

function collect(command: CommandOutline, at: string): readonly Place[] {
  const values = command.arguments.flatMap(({ choices }) => choices);
  const place: Place = {
    at,
    commands: command.commands.map(({ name, describe }) => [name, describe]),
    options: [...command.options, HELP].map(({ name, ...option }) => ({
      ...option,
      word: `--${name}`,
      isFile: FILES.includes(name),
    })),
    values,
    takesFile: command.arguments.some(({ name }) => FILES.includes(name)),
  };
  const below = command.commands.flatMap((inner) =>
    collect(inner, at === '' ? inner.name : `${at}/${inner.name}`),
  );
  return [place, ...below];
}

/** Postgrey's and milter-greylist's: a line of the help has `-i, --inet=[HOST:]PORT  listen …`. */
function optionsOfHelp(help: string): Place['options'] {
  return [...help.matchAll(/^ (?:-\w, | {4})?(--?[\w-]+)(=| \w+)?\S* +(\S.*)$/gm)].map(
    ([, word = '', value, describe = '']) => ({
      ...{ word, describe, choices: [], fallback: undefined },
      takesValue: value !== undefined,
      isFile: /file|dir|unix|whitelist|config|^-[dfP]$/.test(word),
    }),
  );
}

/** Every single setting, with what may be written if that is one of some words. */
function settingValues(): Completion['settings'] {
  const schema = configJsonSchema();
  return leafSettings(settings).map(({ path, takes }) => {
    const words = takes === 'flag' ? ['true', 'false'] : enumAt(schema, path);
    return [path.join('.'), words];
  });
}

function enumAt(schema: unknown, path: readonly string[]): readonly string[] {
  const [key, ...rest] = path;
  const fields: Readonly<Record<string, unknown>> = asObject(schema);
  if (key !== undefined) return enumAt(asObject(fields['properties'])[key], rest);
  const words = fields['enum'];
  return Array.isArray(words) ? words.map(String) : [];
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
