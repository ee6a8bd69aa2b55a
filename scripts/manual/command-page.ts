import type { CommandOutline, OptionOutline } from '../../src/cli/shell/command-outline.js';
import { item, literal, paragraphs, roff, section, subsection, title } from './roff.js';

/** The page of one command, with those below it. */
export function commandPage(command: CommandOutline, version: string): string {
  const name = `greymilter-${command.name}`;
  return page([
    title(name, 1, version),
    ...section('NAME', `${roff(name)} \\- ${roff(lowerFirst(command.describe))}`),
    ...section('SYNOPSIS', ...synopses(command, 'greymilter')),
    ...section('OPTIONS', ...optionItems(command)),
    ...command.commands.flatMap((inner) => [
      ...section(`${command.name} ${inner.name}`, roff(`${inner.describe}.`)),
      ...optionItems(inner),
      ...below(inner),
    ]),
    ...below(command),
    ...section('SEE ALSO', '.BR greymilter (8),', '.BR greymilter.yaml (5)'),
  ]);
}

/** The page of a command that has another's options, as its help says them. */
export function helpPage(name: string, describe: string, help: string, version: string): string {
  const own = `greymilter-${name}`;
  return page([
    title(own, 1, version),
    ...section('NAME', `${roff(own)} \\- ${roff(lowerFirst(describe))}`),
    ...section('SYNOPSIS', `.B greymilter ${roff(name)}`, '[options]'),
    ...section('OPTIONS', ...literal(...help.trimEnd().split('\n').slice(2))),
    ...section('SEE ALSO', '.BR greymilter (8),', '.BR greymilter.yaml (5)'),
  ]);
}

/** Lines as a page. */
export function page(lines: readonly string[]): string {
  return `${lines.filter((line) => line !== '').join('\n')}\n`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function synopses({ usage, commands, options }: CommandOutline, before: string): readonly string[] {
  if (commands.length > 0 && options.length === 0) {
    return commands.flatMap((inner) => synopses(inner, `${before} ${usage}`));
  }
  const [name = '', ...words] = usage.split(' ');
  const own = [`.B ${roff(`${before} ${name}`)}`, roff([...words, '[options]'].join(' ')), '.br'];
  return [...own, ...commands.flatMap((inner) => synopses(inner, `${before} ${name}`))];
}

function optionItems({ options, arguments: given }: CommandOutline): readonly string[] {
  return [
    ...given.flatMap((option) => item(option.name, meaningOf(option))),
    ...options.flatMap((option) =>
      item(`--${option.name}${option.takesValue ? ' …' : ''}`, meaningOf(option)),
    ),
  ];
}

function meaningOf({ describe, choices, fallback }: OptionOutline): string {
  const one = choices.length === 0 ? '' : ` One of ${choices.join(', ')}.`;
  const usual = fallback === undefined ? '' : ` ${fallback} if it is left out.`;
  return roff(`${describe}.${one}${usual}`);
}

function below({ examples, epilogue }: CommandOutline): readonly string[] {
  return [
    ...(epilogue === '' ? [] : paragraphs(epilogue)),
    ...(examples.length === 0 ? [] : [subsection('Examples')]),
    ...examples.flatMap(([line, purpose]) => [
      ...(purpose === '' ? ['.PP'] : ['.PP', roff(`${purpose}:`), '.br']),
      ...literal(line),
    ]),
  ];
}
