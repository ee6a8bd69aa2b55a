/**
 * The table of settings for README.md, from the schema.
 *
 *   tsx scripts/settings-doc.ts                     prints it
 *   tsx scripts/settings-doc.ts --write README.md   puts it between the markers
 *   tsx scripts/settings-doc.ts --check README.md   fails if it is not what stands there
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

import { settings } from '../src/config/schema.js';
import { leafSettings } from '../src/config/settings.js';

const BEGIN = '<!-- settings:begin -->';
const END = '<!-- settings:end -->';

function written(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? '[]' : value.map(String).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A cell must not end early, nor grow a second line. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replace(/\s+/g, ' ');
}

/** A Markdown table of every setting, its default and what it is for, laid out as Prettier does. */
export function settingsTable(): string {
  const rows = leafSettings(settings).map(({ path, fallback, meaning }) => [
    `\`${path.join('.')}\``,
    `\`${cell(written(fallback))}\``,
    cell(meaning),
  ]);
  const table = [['setting', 'default', 'meaning'], ...rows];
  const widths = [0, 1, 2].map((column) =>
    Math.max(...table.map((cells) => (cells[column] ?? '').length)),
  );
  const line = (cells: readonly string[], fill: string): string =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width, fill)).join(' | ')} |`;
  const [head = [], ...body] = table;
  return [line(head, ' '), line([], '-'), ...body.map((cells) => line(cells, ' '))].join('\n');
}

/**
 * The text with the table between its markers.
 *
 * @throws Error if the markers are not there
 */
export function withSettingsTable(text: string): string {
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END, begin);
  if (begin < 0 || end < 0) throw new Error(`There is no ${BEGIN} … ${END} in the text`);
  return `${text.slice(0, begin + BEGIN.length)}\n\n${settingsTable()}\n\n${text.slice(end)}`;
}

function main(mode: string | undefined, file: string | undefined): number {
  if (mode === undefined) {
    process.stdout.write(`${settingsTable()}\n`);
    return 0;
  }
  if ((mode !== '--write' && mode !== '--check') || file === undefined) {
    process.stderr.write('Usage: settings-doc.ts [--write FILE | --check FILE]\n');
    return 64;
  }
  const before = readFileSync(file, 'utf8');
  const after = withSettingsTable(before);
  if (mode === '--write') {
    writeFileSync(file, after);
    return 0;
  }
  if (before === after) return 0;
  process.stderr.write(`${file}: the settings are out of date; run: `);
  process.stderr.write(`npx tsx scripts/settings-doc.ts --write ${file}\n`);
  return 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.exitCode = main(process.argv[2], process.argv[3]);
}
