/**
 * The packages of others that are in what is released, as CycloneDX has it, from package-lock.json. npm's own
 * `npm sbom` knows neither what the page is built of nor the name of the project, and Debian's npm has none.
 *
 *   tsx scripts/bill-of-materials.ts    prints it
 */
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/** Packages that only the build needs, but of which something is in what it makes; see scripts/build.mjs. */
const builtIn: readonly string[] = ['uplot'];

/** What package-lock.json says of one package; the first, whose path is empty, is the project. */
interface LockedPackage {
  readonly name?: string;
  readonly version: string;
  readonly license: string;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** By the path where each is installed. */
type LockedPackages = ReadonlyMap<string, LockedPackage>;

interface Component {
  readonly type: 'application' | 'library';
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly licenses: readonly object[];
  readonly hashes?: readonly object[];
}

/** What the file has, of the fields that CycloneDX 1.5 knows. */
export interface BillOfMaterials {
  readonly bomFormat: 'CycloneDX';
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

/** It says neither when it was made nor where: the same lock file makes the same text. */
export function billOfMaterials(lockFile: string): BillOfMaterials {
  // npm's own format, lockfileVersion 3.
  const { packages } = JSON.parse(lockFile) as { packages: Record<string, LockedPackage> };
  const locked: LockedPackages = new Map(Object.entries(packages));
  const shipped = [...locked].filter(
    ([path, { dev }]) => dev !== true || builtIn.includes(nameAt(path)),
  );
  const components = new Map<string, Component>();
  const needs = new Map<string, Set<string>>();
  // One that is installed in two places is one.
  for (const [path, found] of shipped) {
    const component = describe(path, found);
    const ref = component['bom-ref'];
    components.set(ref, component);
    const needed = needs.get(ref) ?? new Set();
    needs.set(ref, needed);
    for (const each of neededBy(locked, path, found)) needed.add(each);
  }
  const [[, project] = [], ...others] = components;
  if (project === undefined) throw new RangeError('the lock file names no project');
  return {
    ...{ $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json', bomFormat: 'CycloneDX' },
    ...{ specVersion: '1.5', version: 1, metadata: { component: project } },
    components: others.map(([, component]) => component),
    dependencies: [...needs].map(([ref, needed]) => ({ ref, dependsOn: [...needed].sort() })),
  };
}

function describe(path: string, { name, version, license, integrity }: LockedPackage): Component {
  const called = name ?? nameAt(path);
  return {
    type: path === '' ? 'application' : 'library',
    'bom-ref': `${called}@${version}`,
    name: called,
    version,
    purl: `pkg:npm/${called.replace('@', '%40')}@${version}`,
    // SPDX: one licence, or words between several.
    licenses: [license.includes(' ') ? { expression: license } : { license: { id: license } }],
    ...(integrity !== undefined && { hashes: integrity.split(' ').map(hashOf) }),
  };
}

/** `sha512-BASE64` is how npm writes `SHA-512` and the same in hexadecimal digits. */
function hashOf(integrity: string): object {
  const [algorithm = '', digest = ''] = integrity.split('-');
  const alg = algorithm.replace('sha', 'SHA-');
  return { alg, content: Buffer.from(digest, 'base64').toString('hex') };
}

function neededBy(locked: LockedPackages, path: string, found: LockedPackage): readonly string[] {
  const { dependencies, optionalDependencies, peerDependencies } = found;
  const own = path === '' ? builtIn : [];
  const names = [dependencies, optionalDependencies, peerDependencies].flatMap((each = {}) =>
    Object.keys(each),
  );
  return [...names, ...own].flatMap((name) => {
    const place = placeOf(locked, path, name);
    const needed = place === undefined ? undefined : locked.get(place);
    // Whatever is optional need not be there.
    return place === undefined || needed === undefined ? [] : [describe(place, needed)['bom-ref']];
  });
}

/** Where Node.js finds a package, from within another: in its own folder, or in one above. */
function placeOf(locked: LockedPackages, path: string, name: string): string | undefined {
  const place = `${path === '' ? '' : `${path}/`}node_modules/${name}`;
  if (locked.has(place)) return place;
  if (path === '') return undefined;
  return placeOf(locked, path.slice(0, Math.max(path.lastIndexOf('/node_modules/'), 0)), name);
}

function nameAt(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const lockFile = readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8');
  process.stdout.write(`${JSON.stringify(billOfMaterials(lockFile), undefined, 2)}\n`);
}
