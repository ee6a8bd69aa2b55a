import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { isInRange } from './node-range.js';

interface LockedPackage {
  readonly dev?: boolean;
  readonly engines?: { readonly node?: string };
  readonly hasInstallScript?: boolean;
  readonly resolved?: string;
  readonly integrity?: string;
}

/** The oldest Node that is promised in package.json. */
const oldestNode = [20, 19, 0] as const;

const lockFile = JSON.parse(
  readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8'),
  // npm's own format, lockfileVersion 3.
) as { readonly lockfileVersion: number; readonly packages: Record<string, LockedPackage> };

const packages = Object.entries(lockFile.packages).filter(([path]) => path !== '');
const runtime = packages.filter(([, { dev }]) => dev !== true);

describe('package-lock.json', () => {
  test('has a form that this guard understands', () => {
    assert.equal(lockFile.lockfileVersion, 3);
    assert.ok(runtime.length > 0);
    assert.equal(lockFile.packages['']?.engines?.node, `>=${oldestNode[0]}.${oldestNode[1]}`);
  });

  test(`has no runtime package that refuses Node ${oldestNode.join('.')}`, () => {
    const refusing = runtime.filter(
      ([, { engines }]) => !isInRange(engines?.node ?? '*', oldestNode),
    );
    assert.deepEqual(refusing, []);
  });

  test('only the database of level has an install script, and can do without it', () => {
    const names = runtime
      .filter(([, { hasInstallScript }]) => hasInstallScript)
      .map(([path]) => path);
    assert.deepEqual(names, ['node_modules/classic-level']);
  });

  test('names no place to download from, so that any registry will do', () => {
    assert.deepEqual(
      packages.filter(([, { resolved }]) => resolved !== undefined),
      [],
    );
  });

  test('has a checksum for every package', () => {
    assert.deepEqual(
      packages.filter(([, { integrity }]) => integrity === undefined),
      [],
    );
  });
});

describe('a range of Node versions', () => {
  const cases: readonly (readonly [
    range: string,
    version: readonly [number, number, number],
    boolean,
  ])[] = [
    ['*', [20, 19, 0], true],
    ['', [20, 19, 0], true],
    ['>=18', [20, 19, 0], true],
    ['>= 20.19.0', [20, 19, 0], true],
    ['>=20.19.1', [20, 19, 0], false],
    ['>20', [20, 19, 0], false],
    ['>20.18', [20, 19, 0], true],
    ['<=20', [20, 19, 0], true],
    ['<20', [20, 19, 0], false],
    ['>=14 <20', [20, 19, 0], false],
    ['>=14 <21', [20, 19, 0], true],
    ['^20.19.0 || ^22.12.0 || >=23', [20, 19, 0], true],
    ['^20.20.0 || >=22.12.0', [20, 19, 0], false],
    ['^20.20.0 || >=22.12.0', [22, 12, 0], true],
    ['18 || 20 || >=22', [20, 19, 0], true],
    ['20.x', [20, 19, 0], true],
    ['20.18.x', [20, 19, 0], false],
    ['~20.19', [20, 19, 7], true],
    ['~20.18.1', [20, 19, 0], false],
    ['20.19.0', [20, 19, 0], true],
    ['20.19.0', [20, 19, 1], false],
    ['^0.10.3', [0, 11, 0], false],
    ['^0.0.3', [0, 0, 4], false],
    ['v20.19.0', [20, 19, 0], true],
  ];
  for (const [range, version, expected] of cases)
    test(`"${range}" ${expected ? 'holds' : 'does not hold'} ${version.join('.')}`, () => {
      assert.equal(isInRange(range, version), expected);
    });

  test('is refused if it is not understood', () => {
    assert.throws(() => isInRange('>=20.19.0-rc.1', oldestNode), /not understood/);
    assert.throws(() => isInRange('lts', oldestNode), /not understood/);
  });
});
