import type { Argv } from 'yargs';

/** An option or an argument, as its command declares it. */
export interface OptionOutline {
  /** Without its dashes. */
  readonly name: string;
  readonly describe: string;
  /** Whether something stands behind it. */
  readonly takesValue: boolean;
  readonly choices: readonly string[];
  /** As it is written; undefined if there is none. */
  readonly fallback: string | undefined;
}

/** A command as it is declared for the command line. */
export interface CommandOutline {
  /** Its own word, `add`. */
  readonly name: string;
  /** With its arguments, `add <client>`. */
  readonly usage: string;
  readonly describe: string;
  readonly options: readonly OptionOutline[];
  readonly arguments: readonly OptionOutline[];
  /** What to type, and what for. */
  readonly examples: readonly (readonly [line: string, purpose: string])[];
  readonly epilogue: string;
  readonly commands: readonly CommandOutline[];
}

/** What an option or an argument may be declared with, as far as it matters here. */
interface Declared {
  readonly describe?: unknown;
  readonly description?: unknown;
  readonly type?: unknown;
  readonly choices?: unknown;
  readonly default?: unknown;
  readonly hidden?: unknown;
}

/**
 * Hears what a builder declares, in place of the parser: completion and manual pages say the same as
 * the help because they are made of the same words.
 */
export function outlineCommand(
  { usage, describe }: { readonly usage: string; readonly describe: string },
  build: (argv: Argv) => unknown,
): CommandOutline {
  const options: OptionOutline[] = [];
  const given: OptionOutline[] = [];
  const examples: (readonly [string, string])[] = [];
  const commands: CommandOutline[] = [];
  let epilogue = '';
  let ownUsage = usage;
  const declare = (into: OptionOutline[], name: string, declared: Declared): void => {
    if (declared.hidden !== true) into.push(outlineOption(name, declared));
  };
  const heard: Readonly<Record<string, (...args: readonly unknown[]) => void>> = {
    options: (all) => {
      for (const [name, declared] of Object.entries(asRecord(all))) {
        declare(options, name, asRecord(declared));
      }
    },
    option: (name, declared) => declare(options, String(name), asRecord(declared)),
    positional: (name, declared) => declare(given, String(name), asRecord(declared)),
    example: (line, purpose) => examples.push([asGreymilter(line), asGreymilter(purpose)]),
    epilogue: (words) => (epilogue = asGreymilter(words)),
    command: (inner, words, builder) => {
      const declared = { usage: String(inner), describe: String(words) };
      // What yargs takes for a builder as well, a mapping of options, is used nowhere.
      const next = isBuilder(builder) ? builder : nothing;
      const outline = outlineCommand(declared, next);
      // What is done where no further word is given.
      if (outline.name !== '$0') return void commands.push(outline);
      options.push(...outline.options);
      given.push(...outline.arguments);
      examples.push(...outline.examples);
      ownUsage = usage + outline.usage.slice('$0'.length);
      epilogue ||= outline.epilogue;
    },
  };
  const hearing: object = new Proxy(
    {},
    {
      get:
        (_, method) =>
        (...args: readonly unknown[]) => {
          if (typeof method === 'string') heard[method]?.(...args);
          return hearing;
        },
    },
  );
  // Builders only declare, each call on what the last one returned; nothing of it is parsed.
  build(hearing as Argv);
  const [name = ''] = usage.split(' ');
  return {
    name,
    usage: ownUsage,
    describe,
    options,
    arguments: given,
    examples,
    epilogue,
    commands,
  };
}

function isBuilder(value: unknown): value is (argv: Argv) => unknown {
  return typeof value === 'function';
}

function nothing(): void {
  // A command for the list of commands alone.
}

function outlineOption(name: string, declared: Declared): OptionOutline {
  const { describe, description, type, choices, default: fallback } = declared;
  const isFallback = typeof fallback === 'string' || typeof fallback === 'number';
  const words = describe ?? description;
  return {
    name,
    describe: typeof words === 'string' ? words : '',
    takesValue: type !== 'boolean' && type !== 'count',
    choices: Array.isArray(choices) ? choices.map(String) : [],
    fallback: isFallback ? String(fallback) : undefined,
  };
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function asGreymilter(words: unknown): string {
  return typeof words === 'string' ? words.replaceAll('$0', 'greymilter') : '';
}
