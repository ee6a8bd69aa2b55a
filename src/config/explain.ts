import { parseDuration } from './duration.js';
import { nearest } from './nearest.js';
import type { SchemaIssue } from './schema-issue.js';
import { A_DURATION, findSetting } from './settings.js';
import type { Path, Setting } from './settings.js';

/** What is wrong, in words. */
export interface Explanation {
  readonly problem: string;
  readonly hint: string | undefined;
}

/** What stands at the path of an issue. */
export interface Offender {
  /** As YAML read it; undefined if nothing was written. */
  readonly value: unknown;
  /** As it was written, if it is a scalar. */
  readonly source: string | undefined;
  /** Whether at least its key was. */
  readonly isWritten: boolean;
}

/** What other greylisters and mail servers call it. */
const OTHER_NAMES: ReadonlyMap<string, string> = new Map([
  ['whitelist', 'accept'],
  ['blacklist', 'reject'],
  ['from', 'sender'],
  ['rcpt', 'recipient'],
  ['to', 'recipient'],
  ['addr', 'client'],
  ['domain', 'client-name'],
]);

/** The known word that is meant by another one; undefined if there is none. */
function meant(word: string, known: readonly string[]): string | undefined {
  const ours = OTHER_NAMES.get(word.toLowerCase());
  return ours !== undefined && known.includes(ours) ? ours : undefined;
}

const TRUE_WORDS = ['yes', 'on', 'y', 'true', '1'];
const FALSE_WORDS = ['no', 'off', 'n', 'false', '0'];

/** A default as one would write it. */
function written(fallback: unknown): string {
  if (Array.isArray(fallback)) return `[${fallback.map(String).join(', ')}]`;
  return typeof fallback === 'string' ? fallback : JSON.stringify(fallback);
}

/**
 * All sections that have this key. What may stand somewhere several times is looked into if told to, but
 * not within what has it already: conditions may stand in conditions.
 */
function sectionsWith(key: string, setting: Setting, isDeep = false): readonly string[] {
  const hasIt = setting.children.has(key);
  const goesOn = isDeep && !hasIt;
  const elements = goesOn && setting.element !== undefined ? [setting.element] : [];
  const inner = [...setting.children.values(), ...elements].flatMap((child) =>
    sectionsWith(key, child, goesOn),
  );
  return hasIt ? [setting.path.join('.'), ...inner] : inner;
}

/** Where else a key may be meant to stand: in this section, or else in one that there is once. */
function homesOf(key: string, here: Setting | undefined, root: Setting): readonly string[] {
  const below = here === undefined || here === root ? [] : sectionsWith(key, here, true);
  return below.length > 0 ? below : sectionsWith(key, root);
}

/** More of them nobody reads. */
const MOST_HOMES = 3;

const depthOf = (home: string): number => home.split('.').length;

function belongsInto(homes: readonly string[]): string | undefined {
  if (homes.length === 0) return undefined;
  // Conditions stand in conditions: the places that are least deep tell as much.
  const shown = homes.toSorted((one, other) => depthOf(one) - depthOf(other)).slice(0, MOST_HOMES);
  const names = shown.map((name) => (name === '' ? 'the top level' : name));
  return `it belongs into ${names.join(' or ')}`;
}

function unknownKeyHint(path: Path, root: Setting): string | undefined {
  const key = String(path.at(-1));
  const here = findSetting(root, path.slice(0, -1));
  if (key.includes('.') && findSetting(root, [...path.slice(0, -1), ...key.split('.')])) {
    const keys = key.split('.');
    return `write one key per level: ${keys.join(': {')}: ...${'}'.repeat(keys.length - 1)}`;
  }
  if (key === '<<') return 'nothing is merged here: write the settings themselves';
  const known = [...((here?.element ?? here)?.children.keys() ?? [])];
  const ours = meant(key, known);
  if (ours !== undefined) return `that is "${ours}" here`;
  const file = `${key}-file`;
  if (known.includes(file)) return `write ${file}: and the path of a file that it stands in`;
  const home = belongsInto(homesOf(key, here, root));
  if (home !== undefined) return home;
  const near = nearest(key, known);
  if (near !== undefined) return `did you mean "${near}"?`;
  if (/[@/*<>{]/.test(key)) {
    return 'if this is meant as one value, put all of it in single quotes';
  }
  const inElements = belongsInto(sectionsWith(key, root, true));
  if (inElements !== undefined) return inElements;
  return known.length > 0 ? `known here: ${known.join(', ')}` : undefined;
}

function textHint(setting: Setting, value: string): string | undefined {
  const word = value.toLowerCase();
  if (setting.takes === 'flag') {
    if (TRUE_WORDS.includes(word)) return 'write true, without quotes';
    if (FALSE_WORDS.includes(word)) return 'write false, without quotes';
  }
  if (setting.takes === 'number' && /^\d+$/.test(value)) return 'write it without quotes';
  if (setting.takes === 'mapping' && value.startsWith('list:')) {
    return `write which condition the list is for: {client: ${value}}`;
  }
  if (setting.takes === 'mapping' && /^[\w-]+:\S/.test(value)) {
    return 'write a space after the colon';
  }
  return undefined;
}

function missing(setting: Setting): Explanation {
  const key = setting.path.at(-1) ?? '';
  return { problem: 'is missing', hint: `write ${key}: and ${setting.expects}` };
}

/** The value is of another kind than the setting takes: say what YAML made of it, and the remedy. */
function wrongType(setting: Setting, { value, source, isWritten }: Offender): Explanation {
  const problem = `${setting.path.length === 0 ? 'the configuration ' : ''}must be ${setting.expects}`;
  const isSection = setting.takes === 'mapping';
  if (value === undefined && !isWritten) return missing(setting);
  if ((value === undefined || value === null) && setting.fallback === undefined) {
    const isNeeded = setting.takes === 'mapping' || setting.path.at(-1) === 'then';
    const remedy = isNeeded ? `write ${setting.expects}` : 'remove the line';
    return { problem: value === undefined ? 'has no value' : problem, hint: remedy };
  }
  if (value === undefined || value === null) {
    const remedy = `remove the line for the default, ${written(setting.fallback)}`;
    return {
      problem: value === undefined ? 'has no value' : problem,
      hint: isSection ? undefined : remedy,
    };
  }
  if (typeof value === 'string') return { problem, hint: textHint(setting, value) };
  if (setting.takes === 'list' && typeof value === 'object' && !Array.isArray(value)) {
    return { problem, hint: 'write each of them behind a dash and a space' };
  }
  const text = source ?? JSON.stringify(value);
  if (typeof value === 'number' && setting.expects === A_DURATION) {
    const refusal = parseDuration(text);
    if ('problem' in refusal) return { problem: refusal.problem, hint: refusal.hint };
  }
  if (setting.takes !== 'text') return { problem, hint: undefined };
  return typeof value === 'object'
    ? { problem, hint: 'if this is meant as one value, put all of it in single quotes' }
    : { problem, hint: `put it in quotes: "${text.replace(/^0o/, '0')}"` };
}

/** Puts an issue into words, with what to write instead wherever that can be told. */
export function explain(issue: SchemaIssue, offender: Offender, root: Setting): Explanation {
  const setting = findSetting(root, issue.path) ?? root;
  switch (issue.kind) {
    case 'unknown-key':
      return { problem: 'unknown key', hint: unknownKeyHint(issue.path, root) };
    case 'type':
      return wrongType(setting, offender);
    case 'word': {
      const { value } = offender;
      if (value === undefined) return wrongType(setting, offender);
      const problem = `must be ${setting.expects}`;
      if (typeof value !== 'string') return { problem, hint: undefined };
      const ours = meant(value, issue.words);
      if (ours !== undefined) return { problem, hint: `that is "${ours}" here` };
      const near = nearest(value, issue.words);
      return { problem, hint: near === undefined ? undefined : `did you mean "${near}"?` };
    }
    case 'range':
      return { problem: issue.problem, hint: setting.why };
    case 'value':
      return { problem: issue.problem, hint: issue.hint };
  }
}
