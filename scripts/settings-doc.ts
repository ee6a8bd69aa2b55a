/**
 * The tables of settings, and of rules and their conditions and actions, for docs/settings.md and
 * docs/rules.md, from the schema.
 *
 *   tsx scripts/settings-doc.ts                            prints them
 *   tsx scripts/settings-doc.ts --write docs/settings.md   puts them between their markers
 *   tsx scripts/settings-doc.ts --check docs/settings.md   fails if they are not what stands there
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

import { settings } from '../src/config/schema.js';
import { findSetting, leafSettings } from '../src/config/settings.js';
import { actions } from '../src/config/rule-actions.js';
import { conditionKinds } from '../src/rules/conditions/index.js';

function written(value: unknown): string {
  if (value === undefined) return '-';
  if (Array.isArray(value)) return value.length === 0 ? '[]' : value.map(String).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A cell must not end early, nor grow a second line. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replace(/\s+/g, ' ');
}

/** A Markdown table, laid out as Prettier does. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) =>
    Math.max(...all.map((cells) => (cells[column] ?? '').length)),
  );
  const line = (cells: readonly string[], fill: string): string =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width, fill)).join(' | ')} |`;
  return [line(head, ' '), line([], '-'), ...rows.map((cells) => line(cells, ' '))].join('\n');
}

/** Every setting, its default and what it is for. */
export function settingsTable(): string {
  return table(
    ['setting', 'default', 'meaning'],
    leafSettings(settings).map(({ path, fallback, meaning }) => [
      `\`${path.join('.')}\``,
      fallback === undefined ? 'none' : `\`${cell(written(fallback))}\``,
      cell(meaning),
    ]),
  );
}

/** Every condition of a rule. */
function conditionsTable(): string {
  return table(
    ['condition', 'what holds', 'example'],
    Object.entries(conditionKinds).map(([name, { about, stage, isLookup }]) => [
      `\`${name}\``,
      cell(about.meaning + notes(stage, isLookup)),
      `\`${cell(about.example)}\``,
    ]),
  );
}

function notes(stage: string, isLookup: boolean): string {
  const where = stage === 'eom' ? ' In `message-rules` alone.' : '';
  return isLookup ? `${where} It is looked up.` : where;
}

/** Every action of a rule. */
function actionsTable(): string {
  return table(
    ['action', 'what it does', 'example', 'its settings, besides `log`'],
    Object.entries(actions).map(([name, { meaning, example, settings: useful }]) => [
      `\`${name}\``,
      cell(meaning),
      `\`${cell(example)}\``,
      useful.map((name) => `\`${name}\``).join(', '),
    ]),
  );
}

/** Every key of a rule. */
function ruleTable(): string {
  const keys = findSetting(settings, ['rules', 0])?.children ?? new Map<string, never>();
  return table(
    ['key', 'takes', 'meaning'],
    [...keys].map(([name, { expects, meaning }]) => [`\`${name}\``, cell(expects), cell(meaning)]),
  );
}

const tables: Readonly<Record<string, () => string>> = {
  settings: settingsTable,
  'rule-keys': ruleTable,
  conditions: conditionsTable,
  actions: actionsTable,
};

/** The names that their markers have. */
export const tableNames: readonly string[] = Object.keys(tables);

/**
 * The text with each table between its markers, those that it has.
 *
 * @throws Error if it has none, or one without an end
 */
export function withSettingsTable(text: string): string {
  const found = Object.entries(tables).filter(([name]) => text.includes(`<!-- ${name}:begin -->`));
  if (found.length === 0) throw new Error('There is no <!-- settings:begin --> in the text');
  return found.reduce((before, [name, make]) => {
    const begin = before.indexOf(`<!-- ${name}:begin -->`);
    const end = before.indexOf(`<!-- ${name}:end -->`, begin);
    if (end < 0) throw new Error(`There is no <!-- ${name}:end --> in the text`);
    const start = before.indexOf('\n', begin);
    return `${before.slice(0, start)}\n\n${make()}\n\n${before.slice(end)}`;
  }, text);
}

function main(mode: string | undefined, file: string | undefined): number {
  if (mode === undefined) {
    for (const make of Object.values(tables)) process.stdout.write(`${make()}\n\n`);
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
  process.stderr.write(`${file}: its tables are out of date; run: `);
  process.stderr.write(`npx tsx scripts/settings-doc.ts --write ${file}\n`);
  return 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.exitCode = main(process.argv[2], process.argv[3]);
}
