import type { ConfigIssue } from './config-error.js';
import { findContradictions } from './cross-checks.js';
import type { CrossIssue } from './cross-checks.js';
import { explain } from './explain.js';
import { findOrigin, originInFile, valueAt } from './origins.js';
import type { ConfigSource } from './origins.js';
import { withoutValue } from './overrides.js';
import type { Override } from './overrides.js';
import type { SchemaIssue } from './schema-issue.js';
import { decodeConfig, settings } from './schema.js';
import { findSetting } from './settings.js';
import type { Path, Setting } from './settings.js';

/** A configuration on its way: what was written where, and all of it put together. */
export interface Loading {
  readonly source: ConfigSource | undefined;
  readonly overrides: readonly Override[];
  readonly input: unknown;
}

/** Single settings whose key stands there without a value; a section without content is fine. */
function emptySettings(setting: Setting, value: unknown): readonly SchemaIssue[] {
  return [...setting.children].flatMap(([key, child]): readonly SchemaIssue[] => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return [];
    const inner = valueAt(value, [key]);
    if (child.children.size > 0) return emptySettings(child, inner);
    return inner === undefined ? [{ kind: 'type', path: child.path }] : [];
  });
}

/** Keys alone: which element of a list it is shows in the place, or in the problem. */
function nameOf(path: Path): string {
  return path.filter((part) => typeof part === 'string').join('.');
}

function toIssue(issue: SchemaIssue, loading: Loading): ConfigIssue {
  const { path } = issue;
  const value = valueAt(loading.input, path);
  const at = issue.kind === 'unknown-key' || value === undefined ? 'key' : 'value';
  const origin = findOrigin(path, at, loading) ?? wholeFile(loading);
  const isInFile = origin.line !== undefined;
  const source = isInFile ? loading.source?.yaml.written(path)?.source : undefined;
  const { problem, hint } = explain(issue, { value, source }, settings);
  const isElement = typeof path.at(-1) === 'number';
  const subject = isElement && !isInFile ? `${JSON.stringify(value)} ` : '';
  return { ...origin, path: nameOf(path), problem: subject + problem, hint };
}

function wholeFile(loading: Loading) {
  const file = loading.source?.name ?? 'defaults';
  return { file, line: undefined, column: undefined, text: '' };
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
 */
export function diagnose(issues: readonly SchemaIssue[], loading: Loading): readonly ConfigIssue[] {
  const { source, input } = loading;
  const wrong = [...issues, ...emptySettings(settings, input)];
  const isSound = source?.yaml.problems.every((problem) => problem.isLocal) ?? true;
  const crossed = isSound ? contradictionsBeside(wrong, input) : [];
  const found = [
    ...wrong.map((issue) => toIssue(issue, loading)),
    ...crossed.map((issue) => toCrossIssue(issue, loading)),
  ];
  const told = source ? [...syntaxIssues(source), ...believable(found, source)] : found;
  return told.sort((a, b) => compare(a.line, b.line) || compare(a.column, b.column));
}
