import type { OptionOutline } from './command-outline.js';

/** What can be typed behind a command, or behind none. */
export interface Place {
  /** `autowhite/add`; empty before any command. */
  readonly at: string;
  readonly commands: readonly (readonly [name: string, describe: string])[];
  readonly options: readonly (Omit<OptionOutline, 'name'> & {
    /** With its dashes. */
    readonly word: string;
    readonly isFile: boolean;
  })[];
  /** What may stand there without an option. */
  readonly values: readonly string[];
  readonly takesFile: boolean;
}

/** All that a shell completes. */
export interface Completion {
  readonly places: readonly Place[];
  /** Settings for `--set`, with what they take if that is one of some words. */
  readonly settings: readonly (readonly [name: string, words: readonly string[]])[];
}

/** Every `AT/COMMAND` that leads to a place. */
export function waysTo(places: readonly Place[]): string {
  return places
    .flatMap(({ at, commands }) => commands.map(([name]) => `${at}/${name}`))
    .map(quote)
    .join('|');
}

/** `AT OPTION` for the options that are wanted. */
export function optionsWhere(
  places: readonly Place[],
  isWanted: (option: Place['options'][number]) => boolean,
): readonly string[] {
  return places.flatMap(({ at, options }) =>
    options.filter(isWanted).map(({ word }) => quote(`${at} ${word}`)),
  );
}

/** A word for the shell. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
