import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { createTempDirectory, type CleanUp } from './temp-directory.js';

const projectRoot = fileURLToPath(new URL('../..', import.meta.url));

/** What a package is made of. The runner has built `dist` of the sources that are there. */
const contents = [
  'dist',
  'config',
  'contrib',
  'docs',
  'package.json',
  'package-lock.json',
  'README.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'LICENSE',
];

/** Much more than any of it takes on a quiet machine. */
const LIMIT_MS = 240_000;

/** A package as a user has it: installed from its tarball into a project of its own. */
export interface InstalledPackage {
  /** The user's project. */
  readonly directory: string;
  /** The paths in the tarball. */
  readonly files: readonly string[];
  /** The installed program. */
  readonly program: string;
}

/** How a program ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A package and what is in it. */
export interface PackedPackage {
  readonly tarball: string;
  /** The paths in the tarball. */
  readonly files: readonly string[];
}

/** Copies parts of the project to where a test may change them, with its packages beside them. */
export function copyProject(root: string, parts: readonly string[]): string {
  const tree = join(root, 'tree');
  for (const part of parts) cpSync(join(projectRoot, part), join(tree, part), { recursive: true });
  symlinkSync(join(projectRoot, 'node_modules'), join(tree, 'node_modules'));
  return tree;
}

/** Packs a project; without options as for a release, which builds it first. */
export async function pack(tree: string, ...options: readonly string[]): Promise<PackedPackage> {
  const packed = await run('npm', ['pack', '--json', ...options], tree);
  const { filename, files } = readPacked(packed.stdout);
  return { tarball: join(tree, filename), files };
}

/** Packs a copy of the project, as it is built, and installs what comes out. */
export async function installPackage(cleanUp: CleanUp): Promise<InstalledPackage> {
  const root = createTempDirectory(cleanUp);
  const { tarball, files } = await pack(copyProject(root, contents), '--ignore-scripts');
  const directory = join(root, 'user');
  mkdirSync(directory);
  writeFileSync(join(directory, 'package.json'), '{ "private": true, "type": "module" }\n');
  await run('npm', ['install', ...quiet, tarball], directory);
  // What a user of TypeScript has beside it.
  mkdirSync(join(directory, 'node_modules/@types'), { recursive: true });
  symlinkSync(
    join(projectRoot, 'node_modules/@types/node'),
    join(directory, 'node_modules/@types/node'),
  );
  return { directory, files, program: join(directory, 'node_modules/.bin/greymilter') };
}

const quiet = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];

/**
 * Installs a tarball for all of a machine, whose programs and manual pages are in one folder; nothing of any
 * package is run.
 */
export async function installGlobally(tarball: string, prefix: string): Promise<void> {
  const place = ['--global', '--prefix', prefix, '--ignore-scripts'];
  await run('npm', ['install', ...place, ...quiet, tarball], '/');
}

/** Each package below a `node_modules`, those within others too, as `name@version`; in order, and once. */
export function packagesIn(folder: string): readonly string[] {
  const found = new Set<string>();
  const folders = [folder];
  for (let at = folders.pop(); at !== undefined; at = folders.pop()) {
    if (!existsSync(at)) continue;
    const names = readdirSync(at).filter((name) => !name.startsWith('.'));
    for (const each of names.map((name) => join(at, name))) {
      const manifest = join(each, 'package.json');
      // A scope has packages and is none.
      folders.push(existsSync(manifest) ? join(each, 'node_modules') : each);
      if (existsSync(manifest)) found.add(readName(manifest));
    }
  }
  return [...found].sort();
}

function readName(manifest: string): string {
  // npm's own format.
  const { name, version } = JSON.parse(readFileSync(manifest, 'utf8')) as Record<string, string>;
  return `${name}@${version}`;
}

/** Checks the types of the user's project. */
export async function compile(directory: string, options: readonly string[]): Promise<void> {
  const tsc = join(projectRoot, 'node_modules/typescript/bin/tsc');
  await run(process.execPath, [tsc, ...options], directory);
}

/** Runs a program to its end, which is to be a good one. */
export async function run(
  program: string,
  args: readonly string[],
  directory: string,
): Promise<Ended> {
  const ended = await tryToRun(program, args, directory);
  if (ended.code === 0) return ended;
  const said = `${ended.stdout}${ended.stderr}`;
  throw new Error(`${program} ${args.join(' ')} ended with ${ended.code}:\n${said}`);
}

/** Runs a program to its end, whatever that is. */
export async function tryToRun(
  program: string,
  args: readonly string[],
  directory: string,
): Promise<Ended> {
  const options = { cwd: directory, env: userEnvironment(), timeout: LIMIT_MS, maxBuffer: 1 << 26 };
  try {
    const { stdout, stderr } = await promisify(execFile)(program, args, options);
    return { code: 0, stdout, stderr };
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'number')
      throw error;
    // execFile's own error has them.
    const { stdout, stderr } = error as unknown as Ended;
    return { code: error.code, stdout, stderr };
  }
}

/** Starts a program of the user's, and ends it with the test if it has not ended by then. */
export function startProgram(
  t: TestContext,
  command: readonly [string, ...string[]],
  directory: string,
): { readonly stop: () => Promise<unknown> } {
  const [program, ...args] = command;
  const child = spawn(program, args, { cwd: directory, env: userEnvironment(), stdio: 'ignore' });
  const ended = once(child, 'exit');
  t.after(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return {
    stop: async () => {
      child.kill('SIGTERM');
      const ending: readonly unknown[] = await ended;
      return ending[0];
    },
  };
}

/** What a test run has put there for itself. */
const ofTestRuns = new Set(['NODE_V8_COVERAGE', 'NODE_TEST_CONTEXT', 'NODE_ENV']);

/** The environment of a user. */
function userEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ofTestRuns.has(name)));
}

function readPacked(text: string): {
  readonly filename: string;
  readonly files: readonly string[];
} {
  // Scripts that run before may print lines of their own. npm's own format.
  const packed = JSON.parse(text.slice(text.search(/^[[{]$/m))) as
    readonly Packed[] | Readonly<Record<string, Packed>>;
  const [first] = Object.values(packed);
  if (first === undefined) throw new Error(`npm has packed nothing: ${text}`);
  return { filename: first.filename, files: first.files.map(({ path }) => path) };
}

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}
