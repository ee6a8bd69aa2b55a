import type { ConfigIssue } from './config-error.js';
import type { Finding } from './greylist-conf/findings.js';
import type { Override } from './overrides.js';
import type { Path } from './settings.js';
import type { YamlText } from './yaml-text.js';

/** A configuration file and what was read from it. */
export interface ConfigSource {
  readonly name: string;
  /** Of its text: split once, since each rule and each entry of a list asks for the line it stands on. */
  readonly lines: readonly string[];
  readonly yaml: YamlText;
  /** What else there is to say of a file of milter-greylist's. */
  readonly findings: readonly Finding[];
  /** Whether it is in our own language. */
  readonly isOurs: boolean;
}

/** Where a setting was written. */
export type Origin = Pick<ConfigIssue, 'file' | 'line' | 'column' | 'text'>;

/** What stands at a path in plain data; undefined if nothing does. */
export function valueAt(value: unknown, path: Path): unknown {
  let inner = value;
  for (const part of path) {
    if (typeof inner !== 'object' || inner === null || !Object.hasOwn(inner, part))
      return undefined;
    inner = Reflect.get(inner, part) as unknown;
  }
  return inner;
}

function startsWith(path: Path, prefix: Path): boolean {
  return prefix.every((part, index) => part === path[index]);
}

/** The option that set what stands at a path, or, for a mapping, something in it. */
function overrideOf(path: Path, overrides: readonly Override[]): Override | undefined {
  const outer = overrides.findLast(
    (override) =>
      startsWith(path, override.path) &&
      (override.path.length === path.length ||
        valueAt(override.value, path.slice(override.path.length)) !== undefined),
  );
  return outer ?? overrides.findLast((override) => startsWith(override.path, path));
}

/** The place of a line and column in a file. */
export function originInFile(
  source: Pick<ConfigSource, 'name' | 'lines'>,
  place: { readonly line: number; readonly column: number },
): Origin {
  const text = source.lines[place.line - 1] ?? '';
  return { file: source.name, line: place.line, column: place.column, text: text.trimEnd() };
}

/**
 * Finds who wrote the value at a path: the last option that did, or else the file. A value that
 * stands for a list of one is found as its first element.
 *
 * @returns undefined if it is a default
 */
export function findOrigin(
  path: Path,
  at: 'key' | 'value',
  from: { readonly source: ConfigSource | undefined; readonly overrides: readonly Override[] },
): Origin | undefined {
  const written = from.source?.yaml.written(path);
  const override = overrideOf(path, from.overrides);
  if (override && (written === undefined || startsWith(path, override.path))) {
    const origin = override.origins?.[Number(path[override.path.length])] ?? override.origin;
    return { file: origin, line: undefined, column: undefined, text: '' };
  }
  if (from.source && written) {
    return originInFile(from.source, at === 'key' ? (written.key ?? written.value) : written.value);
  }
  return typeof path.at(-1) === 'number' ? findOrigin(path.slice(0, -1), at, from) : undefined;
}
