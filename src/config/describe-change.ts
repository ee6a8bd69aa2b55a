import { isDeepStrictEqual } from 'node:util';

import type { ListContents } from '../rules/list-store.js';
import { finish, finishInTurns, visitInSteps, type Steps, type Turns } from '../rules/steps.js';
import { ruleName } from '../rules/program-source.js';
import { valueAt } from './origins.js';
import { withValue } from './overrides.js';
import { encodeConfig, RULE_SECTIONS, settings } from './schema.js';
import type { Config } from './schema.js';
import { hideSecrets } from './secrets.js';
import { leafSettings } from './settings.js';
import type { Path } from './settings.js';

/** A configuration as far as a change of it can be told. */
export interface Described {
  readonly config: Config;
  readonly lists: ListContents;
}

/** How many entries of a list a line of the log names. */
const EXAMPLES = 3;

/**
 * What is different in a new configuration, in words: a line for each setting, rule and list.
 *
 * @returns nothing if they are the same
 */
export function describeChange(before: Described, after: Described): readonly string[] {
  return finish(changesBetween(before, after));
}

/** The same, with turns for whoever must not wait until long lists are compared. */
export function describeChangeInTurns(
  before: Described,
  after: Described,
  turns: Turns,
): Promise<readonly string[]> {
  return finishInTurns(changesBetween(before, after), turns);
}

function* changesBetween(before: Described, after: Described): Steps<readonly string[]> {
  const written = { before: encodeConfig(before.config), after: encodeConfig(after.config) };
  return [
    ...describeSettings(written),
    ...describeRules('rules', written),
    ...describeRules('message-rules', written),
    ...(yield* describeLists(before.lists, after.lists)),
  ];
}

interface Written {
  readonly before: unknown;
  readonly after: unknown;
}

function show(path: Path, secret: unknown): string {
  if (secret === undefined) return 'off';
  // As part of its section a password is known by its name.
  const value = valueAt(hideSecrets(withValue({}, path, secret)), path);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function tellChange(setting: string, was: string, is: string): string {
  return was === is ? `${setting} is another one` : `${setting} is ${is}, was ${was}`;
}

function describeSettings({ before, after }: Written): readonly string[] {
  return leafSettings(settings)
    .filter(({ path }) => !RULE_SECTIONS.includes(path[0]))
    .map(({ path }) => ({ path, was: valueAt(before, path), is: valueAt(after, path) }))
    .filter(({ was, is }) => !isDeepStrictEqual(was, is))
    .map(({ path, was, is }) => tellChange(path.join('.'), show(path, was), show(path, is)));
}

/** Rules as they are written, by what they are called. */
function rulesByName(section: string, written: unknown): ReadonlyMap<string, unknown> {
  const rules = valueAt(written, [section]);
  const list: readonly unknown[] = Array.isArray(rules) ? rules : [];
  return new Map(
    list.map((rule, index) => {
      const name = valueAt(rule, ['name']);
      return [ruleName(section, index, typeof name === 'string' ? name : undefined), rule];
    }),
  );
}

function describeRules(section: string, written: Written): readonly string[] {
  const before = rulesByName(section, written.before);
  const after = rulesByName(section, written.after);
  const kept = [...before.keys()].filter((name) => after.has(name));
  const moved = isDeepStrictEqual(
    kept,
    [...after.keys()].filter((name) => before.has(name)),
  );
  const tell = (name: string, what: string): string => `${section}: "${name}" is ${what}`;
  return [
    ...[...before.keys()].filter((name) => !after.has(name)).map((name) => tell(name, 'removed')),
    ...[...after.keys()].filter((name) => !before.has(name)).map((name) => tell(name, 'added')),
    ...kept
      .filter((name) => !isDeepStrictEqual(before.get(name), after.get(name)))
      .map((name) => tell(name, 'changed')),
    ...(moved ? [] : [`${section}: the order is changed`]),
  ];
}

/** The entries of a list as they are written, each with its kind in front. */
function* textsOf(contents: ListContents, name: string): Steps<ReadonlySet<string>> {
  const texts = new Set<string>();
  for (const [kind, list] of Object.entries(contents.get(name) ?? {})) {
    const entries: Iterable<{ readonly value: { readonly text: string } }> = list;
    yield* visitInSteps(entries, ({ value }) => texts.add(`${kind} ${value.text}`));
  }
  return texts;
}

/** What stands in a set and not in another. */
function* lacking(texts: ReadonlySet<string>, others: ReadonlySet<string>): Steps<string[]> {
  const found: string[] = [];
  yield* visitInSteps(texts, (text) => {
    if (!others.has(text)) found.push(text);
  });
  return found;
}

function some(verb: string, texts: readonly string[]): readonly string[] {
  if (texts.length === 0) return [];
  const shown = texts.slice(0, EXAMPLES).map((text) => text.slice(text.indexOf(' ') + 1));
  return [`${texts.length} ${verb} (${shown.join(', ')}${texts.length > EXAMPLES ? ', …' : ''})`];
}

function* describeLists(before: ListContents, after: ListContents): Steps<readonly string[]> {
  const lines: string[] = [];
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    const was = yield* textsOf(before, name);
    const is = yield* textsOf(after, name);
    const parts = [
      ...some('added', yield* lacking(is, was)),
      ...some('removed', yield* lacking(was, is)),
    ];
    const isNew = !before.has(name);
    if (!after.has(name)) lines.push(`lists: ${name} is removed`);
    else if (parts.length > 0)
      lines.push(`lists: ${name} ${isNew ? 'is new: ' : 'changed: '}${parts.join(' and ')}`);
    else if (isNew) lines.push(`lists: ${name} is new, and empty`);
  }
  return lines;
}
