import type { Place } from '../rules/rule.js';
import type { ConfigIssue } from './config-error.js';
import { findContradictions } from './cross-checks.js';
import type { CrossIssue } from './cross-checks.js';
import { explain } from './explain.js';
import { findOrigin, originInFile, valueAt } from './origins.js';
import type { ConfigSource, Origin } from './origins.js';
import { withoutValue } from './overrides.js';
import type { Override } from './overrides.js';
import { findWrongReferences } from './rule-references.js';
import type { SchemaIssue } from './schema-issue.js';
import { decodeConfig, RULE_SECTIONS, settings } from './schema.js';
import { findSetting } from './settings.js';
import type { Path, Setting } from './settings.js';

/** A configuration on its way: what was written where, and all of it put together. */
export interface Loading {
  readonly source: ConfigSource | undefined;
  readonly overrides: readonly Override[];
  readonly input: unknown;
}

/**
 * Single settings whose key stands there without a value. A section without content is fine, as its
 * lines may be commented out; but not one that has no default, as a rule without its conditions is
 * for everybody.
 */
function emptySettings(setting: Setting, value: unknown, at: Path): readonly SchemaIssue[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.keys(value).flatMap((key): readonly SchemaIssue[] => {
    const part = Array.isArray(value) ? Number(key) : key;
    const child = findSetting(setting, [part]);
    if (child === undefined || child === setting) return [];
    const inner = valueAt(value, [part]);
    const path = [...at, part];
    if (inner !== undefined) return emptySettings(child, inner, path);
    const isSection = child.children.size > 0 || child.element !== undefined;
    return isSection && child.fallback !== undefined ? [] : [{ kind: 'type', path }];
  });
}

/** Keys alone: which element of a list it is shows in the place, or in the problem. */
function nameOf(path: Path): string {
  return path.filter((part) => typeof part === 'string').join('.');
}

function toIssue(issue: SchemaIssue, loading: Loading): ConfigIssue {
  const { path } = issue;
  const value = valueAt(loading.input, path);
  const isKey = issue.kind === 'unknown-key' || (issue.kind === 'value' && issue.atKey === true);
  const origin = nearestOrigin(path, isKey || value === undefined ? 'key' : 'value', loading);
  const isInFile = origin.line !== undefined;
  const source = isInFile ? loading.source?.yaml.written(path)?.source : undefined;
  const isWritten = isIn(loading.input, path);
  const comment =
    isWritten && value === undefined ? /:\s+(#\S.*)$/.exec(origin.text)?.[1] : undefined;
  const { problem, hint } = explain(issue, { value, source, isWritten }, settings);
  const isElement = typeof path.at(-1) === 'number';
  const subject = isElement && !isInFile ? `${JSON.stringify(value)} ` : '';
  // What was meant as a value, and is a comment to YAML.
  const told = comment === undefined ? hint : `put the value in single quotes: '${comment}'`;
  return { ...origin, path: nameOf(path), problem: subject + problem, hint: told };
}

function isIn(input: unknown, path: Path): boolean {
  const outer = valueAt(input, path.slice(0, -1));
  return typeof outer === 'object' && outer !== null && Object.hasOwn(outer, path.at(-1) ?? '');
}

/** Where a value was written, or what it is missing from. */
function nearestOrigin(path: Path, at: 'key' | 'value', loading: Loading): Origin {
  const found = findOrigin(path, at, loading);
  if (found !== undefined) return found;
  return path.length === 0
    ? wholeFile(loading)
    : nearestOrigin(path.slice(0, -1), 'value', loading);
}

function wholeFile(loading: Loading): Origin {
  const file = loading.source?.name ?? 'defaults';
  return { file, line: undefined, column: undefined, text: '' };
}

/** Where something stands, for logs: what was written there, or the nearest thing around it. */
export function placeOf(path: Path, loading: Loading): Place {
  const { file, line } = nearestOrigin(path, 'value', loading);
  return { file, line };
}

/** The report of something at one setting. */
export function issueAt(
  { path, problem, hint }: { path: Path; problem: string; hint: string | undefined },
  loading: Loading,
): ConfigIssue {
  const at = typeof path.at(-1) === 'string' && path[0] === 'lists' && path.length === 2;
  const origin = nearestOrigin(path, at ? 'key' : 'value', loading);
  return { ...origin, path: nameOf(path), problem, hint };
}

/** The report of something between settings. */
export function toCrossIssue({ paths, problem, hint }: CrossIssue, loading: Loading): ConfigIssue {
  const found = paths.map((path) => findOrigin(path, 'value', loading)).find(Boolean);
  return { ...(found ?? wholeFile(loading)), path: nameOf(paths[0]), problem, hint };
}

/** The settings between which contradictions can be looked for although others are wrong. */
function contradictionsBeside(
  issues: readonly SchemaIssue[],
  input: unknown,
): readonly CrossIssue[] {
  const wrong = issues.map(({ kind, path }): Path => {
    // Nothing can be taken out of the middle of a list, or a rule: it goes as a whole.
    if (RULE_SECTIONS.includes(path[0])) return path.slice(0, 1);
    const setting = kind === 'unknown-key' ? undefined : findSetting(settings, path);
    return setting ? setting.path : path;
  });
  const decoded = decodeConfig(wrong.reduce(withoutValue, input));
  if (!('ok' in decoded)) return [];
  const isWrong = (path: Path): boolean =>
    wrong.some((prefix) => prefix.every((part, index) => part === path[index]));
  return findContradictions(decoded.ok).filter(({ paths }) => !paths.some(isWrong));
}

/**
 * What the YAML's own mistakes leave to be believed: everything before the first grave one, but
 * for the very values that are wrong already.
 */
function believable(issues: readonly ConfigIssue[], source: ConfigSource): readonly ConfigIssue[] {
  const { problems } = source.yaml;
  const end = problems.find((problem) => !problem.isLocal)?.place.line ?? Infinity;
  const told = new Set(problems.map(({ place }) => `${place.line}:${place.column}`));
  return issues.filter(
    ({ line, column }) => line === undefined || (line < end && !told.has(`${line}:${column ?? 0}`)),
  );
}

function syntaxIssues(source: ConfigSource): readonly ConfigIssue[] {
  return source.yaml.problems.map(({ place, path, problem, hint }) => ({
    ...originInFile(source, place),
    path: nameOf(path),
    problem,
    hint,
  }));
}

function compare(a = Infinity, b = Infinity): number {
  return a === b ? 0 : a - b;
}

/**
 * All that is wrong with a configuration, in the order of the file; options, which have no line,
 * come last.
 *
 * @param issues what the schema objects to
 * @param others what else is known to be wrong
 */
export function diagnose(
  issues: readonly SchemaIssue[],
  others: readonly ConfigIssue[],
  loading: Loading,
): readonly ConfigIssue[] {
  const { source, input } = loading;
  const isToldOf = (path: Path): boolean =>
    issues.some((issue) => issue.path.join('\0') === path.join('\0'));
  const empty = emptySettings(settings, input, []).filter(({ path }) => !isToldOf(path));
  const wrong = [...issues, ...empty];
  const isSound = source?.yaml.problems.every((problem) => problem.isLocal) ?? true;
  const crossed = isSound
    ? [...contradictionsBeside(wrong, input), ...findWrongReferences(input)]
    : [];
  const found = [
    ...wrong.map((issue) => toIssue(issue, loading)),
    ...crossed.map((issue) => toCrossIssue(issue, loading)),
  ];
  const told = source ? [...syntaxIssues(source), ...believable(found, source)] : found;
  const isHere = ({ file }: ConfigIssue): boolean => file === source?.name;
  return [...told, ...others.filter(isHere)]
    .sort((a, b) => compare(a.line, b.line) || compare(a.column, b.column))
    .concat(others.filter((issue) => !isHere(issue)));
}
