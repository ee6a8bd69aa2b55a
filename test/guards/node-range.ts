type Version = readonly [number, number, number];

const COMPARATOR = /^(\^|~|>=|<=|>|<|=)?v?(\d+|[x*])(?:\.(\d+|[x*]))?(?:\.(\d+|[x*]))?$/;

/**
 * Whether a version is in a range of npm's notation, as far as `engines` fields use it: `||`,
 * comparators side by side, `^`, `~`, missing or starred parts. Throws on anything else, since a
 * range that is not understood must not pass.
 */
export function isInRange(range: string, version: Version): boolean {
  return range.split('||').some((alternative) =>
    alternative
      .trim()
      // A comparator may stand apart from its version.
      .replace(/([<>=^~])\s+/g, '$1')
      .split(/\s+/)
      .every((comparator) => fulfils(comparator, version)),
  );
}

function fulfils(comparator: string, version: Version): boolean {
  if (comparator === '' || comparator === '*') return true;
  const [, operator = '=', ...parts] = COMPARATOR.exec(comparator) ?? [];
  const numbers = parts.map((part) => (/^\d+$/.test(part) ? Number(part) : undefined));
  const [major, minor, patch] = numbers;
  if (major === undefined) throw new Error(`not understood: ${comparator}`);
  const low: Version = [major, minor ?? 0, patch ?? 0];
  const next = afterEvery(operator, [major, minor, patch]);
  switch (operator) {
    case '>=':
      return compare(version, low) >= 0;
    case '<':
      return compare(version, low) < 0;
    case '>':
      return compare(version, next) >= 0;
    case '<=':
      return compare(version, next) < 0;
    default:
      return compare(version, low) >= 0 && compare(version, next) < 0;
  }
}

/** The first version behind all that the comparator's version, or its gaps, can mean. */
function afterEvery(
  operator: string,
  [major, minor, patch]: readonly [number, number | undefined, number | undefined],
): Version {
  if (minor === undefined || (operator === '^' && major > 0)) return [major + 1, 0, 0];
  if (patch === undefined || operator === '~') return [major, minor + 1, 0];
  if (operator === '^' && minor > 0) return [0, minor + 1, 0];
  return [major, minor, patch + 1];
}

function compare(a: Version, b: Version): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}
