/**
 * The manual pages, from the words of the command line's help and of the settings.
 *
 *   tsx scripts/man-pages.ts DIRECTORY   writes man1, man5 and man8 there
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { withCommands } from '../src/cli/command-line.js';
import { outlineCommand } from '../src/cli/shell/command-outline.js';
import { MILTER_GREYLIST_HELP } from '../src/cli/stand-ins/milter-greylist-help.js';
import { processOutput } from '../src/cli/terminal/output.js';
import { POSTGREY_HELP } from '../src/cli/stand-ins/postgrey-help.js';
import { settings } from '../src/config/schema.js';
import { packageVersion } from '../src/daemon/process/version.js';
import { commandPage, helpPage } from './manual/command-page.js';
import { programPage, settingsPage } from './manual/main-pages.js';

const helps: Readonly<Record<string, string>> = {
  postgrey: POSTGREY_HELP,
  'milter-greylist': MILTER_GREYLIST_HELP,
};

/** Every page by its path: `man1/greymilter-list.1`. */
export function manualPages(): ReadonlyMap<string, string> {
  const version = packageVersion();
  const whole = outlineCommand({ usage: 'greymilter', describe: '' }, (argv) =>
    withCommands(argv, processOutput),
  );
  const ofCommands = whole.commands.map((command): readonly [string, string] => {
    const { name, describe } = command;
    const help = helps[name];
    const text =
      help === undefined ? commandPage(command, version) : helpPage(name, describe, help, version);
    return [`man1/greymilter-${name}.1`, text];
  });
  return new Map([
    ['man8/greymilter.8', programPage(whole.commands, version)],
    ['man5/greymilter.yaml.5', settingsPage(settings, version)],
    ...ofCommands,
  ]);
}

function main(directory: string | undefined): number {
  if (directory === undefined) {
    process.stderr.write('Usage: man-pages.ts DIRECTORY\n');
    return 64;
  }
  for (const [path, text] of manualPages()) {
    const file = join(directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return 0;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.exitCode = main(process.argv[2]);
}
