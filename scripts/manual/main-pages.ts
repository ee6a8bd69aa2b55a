import type { CommandOutline } from '../../src/cli/shell/command-outline.js';
import { exitCodes } from '../../src/cli/arguments/exit-codes.js';
import { leafSettings, type Setting } from '../../src/config/settings.js';
import { page } from './command-page.js';
import { item, literal, roff, section, title } from './roff.js';

const exits: Readonly<Record<keyof typeof exitCodes, string>> = {
  done: 'Done.',
  no: 'The answer is no.',
  usage: 'The command line is wrong.',
  data: 'Bad data or configuration.',
  unavailable: 'The daemon or the store cannot be reached.',
  software: 'A bug.',
  cannotCreate: 'Something cannot be created.',
  output: 'The answer cannot be written, as where the disk is full.',
  permission: 'No permission.',
};

/** greymilter(8). */
export function programPage(commands: readonly CommandOutline[], version: string): string {
  return page([
    title('greymilter', 8, version),
    ...section('NAME', 'greymilter \\- greylisting filter for Sendmail, Postfix and Exim'),
    ...section('SYNOPSIS', '.B greymilter', roff('<command> [options]')),
    ...section(
      'DESCRIPTION',
      roff(
        'Puts off mail of clients, senders and recipients that it has not met together before, and ' +
          'lets it through when it comes again. It speaks the milter protocol, and the policy protocol ' +
          'of Postfix.',
      ),
    ),
    ...section(
      'COMMANDS',
      ...commands.flatMap(({ name, describe }) =>
        item(
          `greymilter ${name}`,
          roff(`${describe}. See`),
          `.BR ${roff(`greymilter-${name}`)} (1).`,
        ),
      ),
    ),
    ...section(
      'EXIT STATUS',
      ...Object.entries(exits).flatMap(([name, meaning]) =>
        item(
          String(Object.entries(exitCodes).find(([other]) => other === name)?.[1]),
          roff(meaning),
        ),
      ),
    ),
    ...section(
      'SIGNALS',
      ...item('SIGHUP', 'The configuration is read again, and the log is opened anew.'),
      ...item('SIGTERM, SIGINT', 'It stops; sessions may end for as long as limits.drain says.'),
    ),
    ...section(
      'FILES',
      ...item('/etc/greymilter/greymilter.yaml', '.BR greymilter.yaml (5)'),
      ...item('/var/lib/greymilter/db', 'The store.'),
      ...item('/run/greymilter/milter.sock, /run/greymilter/admin.sock', 'Its sockets.'),
    ),
    ...section('SEE ALSO', '.BR greymilter.yaml (5)'),
  ]);
}

/** greymilter.yaml(5). */
export function settingsPage(settings: Setting, version: string): string {
  return page([
    title('greymilter.yaml', 5, version),
    ...section('NAME', 'greymilter.yaml \\- configuration of greymilter'),
    ...section(
      'DESCRIPTION',
      roff(
        'A YAML file of the settings below. Durations are 90s, 5m, 1h30m or 2d; sizes 64KiB or 1MiB; ' +
          'where a list may stand, a single value may, too. What is left out has its default. ' +
          'greymilter check-config finds mistakes.',
      ),
    ),
    ...section('EXAMPLE', ...literal('greylist:', '  delay: 5m', '  mode: shadow')),
    ...[...settings.children.values()].flatMap((part) => [
      ...section(part.path.join('.'), roff(part.meaning)),
      ...(part.children.size === 0
        ? ['.PP', defaultOf(part)]
        : leafSettings(part).flatMap(settingItem)),
    ]),
    ...section('SEE ALSO', '.BR greymilter (8)'),
  ]);
}

function settingItem(setting: Setting): readonly string[] {
  const { path, meaning, expects, why } = setting;
  const reason = why === undefined ? '' : ` (${why})`;
  const name = path.join('.');
  return item(name, roff(`${meaning} Takes ${expects}${reason}.`), '.br', defaultOf(setting));
}

function defaultOf({ fallback }: Setting): string {
  if (fallback === undefined) return roff('It has no default.');
  const written = typeof fallback === 'string' ? fallback : JSON.stringify(fallback);
  return roff(`Default: ${written}`);
}
