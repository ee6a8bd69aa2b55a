import type { ConfigIssue } from './config-error.js';
import { withoutSecrets } from './secrets.js';
import type { Path } from './settings.js';
import { readYaml } from './yaml-text.js';

/** A value from the command line, on top of the file. */
export interface Override {
  /** The option as it was given, for reports; a long one only as it begins, and without its passwords. */
  readonly origin: string;
  /** One for each element of a list that several options made. */
  readonly origins?: readonly string[];
  readonly path: Path;
  readonly value: unknown;
}

type Mapping = Readonly<Record<string, unknown>>;

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refuse(origin: string, path: string, problem: string, hint?: string): ConfigIssue {
  return { file: origin, line: undefined, column: undefined, path, text: '', problem, hint };
}

/** Each of its mistakes is told with it, and rules in one option may have hundreds. */
const LONGEST_SHOWN = 100;

function originOf(argument: string): string {
  if (argument.length <= LONGEST_SHOWN) return `--set ${argument}`;
  // First: a password of which only a part is left may not look like one.
  return `--set ${withoutSecrets(argument).slice(0, LONGEST_SHOWN)}...`;
}

/** Reads the argument of `--set`: a setting's path, `=`, and its value as YAML. */
export function parseOverride(
  argument: string,
): { readonly ok: Override } | { readonly issues: readonly ConfigIssue[] } {
  const origin = originOf(argument);
  const equals = argument.indexOf('=');
  const name = argument.slice(0, Math.max(equals, 0)).trim();
  const path = name.split('.');
  if (equals < 0 || path.includes('')) {
    const hint = 'write --set and a setting: --set greylist.delay=60s';
    return { issues: [refuse(origin, '', 'is not a setting and a value', hint)] };
  }
  const yaml = readYaml(argument.slice(equals + 1));
  if (yaml.problems.length === 0) return { ok: { origin, path, value: yaml.value } };
  return { issues: yaml.problems.map(({ problem, hint }) => refuse(origin, name, problem, hint)) };
}

/** Puts a value at a path: mappings are merged, everything else is replaced. */
export function withValue(base: unknown, path: Path, value: unknown): unknown {
  const [key, ...rest] = path;
  if (typeof key === 'number') return withElement(base, key, withValue(undefined, rest, value));
  const mapping = isMapping(base) ? base : {};
  if (key !== undefined) {
    const inner = Object.hasOwn(mapping, key) ? mapping[key] : undefined;
    return { __proto__: null, ...mapping, [key]: withValue(inner, rest, value) };
  }
  if (!isMapping(value) || !isMapping(base)) return value;
  let merged: unknown = base;
  for (const [name, inner] of Object.entries(value)) merged = withValue(merged, [name], inner);
  return merged;
}

/** Puts an element at its place in a list, or behind a list that ends there. */
function withElement(base: unknown, index: number, element: unknown): readonly unknown[] {
  const list: readonly unknown[] = Array.isArray(base) ? base : [];
  return [...list.slice(0, index), element, ...list.slice(index + 1)];
}

/** Removes what stands at a path. */
export function withoutValue(base: unknown, path: Path): unknown {
  const [key, ...rest] = path;
  if (!isMapping(base) || key === undefined || !Object.hasOwn(base, key)) return base;
  const { [String(key)]: inner, ...others } = base;
  const kept = { __proto__: null, ...others };
  return rest.length === 0 ? kept : { ...kept, [key]: withoutValue(inner, rest) };
}
