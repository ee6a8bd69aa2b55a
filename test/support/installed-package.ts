import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { createTempDirectory, type CleanUp } from './temp-directory.js';

const projectRoot = fileURLToPath(new URL('../..', import.meta.url));

/** What a package is made of and from; never the tests, nor what was built before. */
const sources = [
  'src',
  'scripts',
  'config',
  'contrib',
  'docs',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'README.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'LICENSE',
];

/** Building and installing take a quarter of a minute on a quiet machine. */
const LIMIT_MS = 150_000;

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

/** Packs a copy of the project, building it as `npm pack` does, and installs what comes out. */
export async function installPackage(cleanUp: CleanUp): Promise<InstalledPackage> {
  const root = createTempDirectory(cleanUp);
  const tree = join(root, 'tree');
  for (const part of sources)
    cpSync(join(projectRoot, part), join(tree, part), { recursive: true });
  symlinkSync(join(projectRoot, 'node_modules'), join(tree, 'node_modules'));
  const packed = await run('npm', ['pack', '--json', '--pack-destination', root], tree);
  const { filename, files } = readPacked(packed.stdout);
  const directory = join(root, 'user');
  mkdirSync(directory);
  writeFileSync(join(directory, 'package.json'), '{ "private": true, "type": "module" }\n');
  const quiet = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
  await run('npm', ['install', ...quiet, join(root, filename)], directory);
  // What a user of TypeScript has beside it.
  mkdirSync(join(directory, 'node_modules/@types'), { recursive: true });
  symlinkSync(
    join(projectRoot, 'node_modules/@types/node'),
    join(directory, 'node_modules/@types/node'),
  );
  return { directory, files, program: join(directory, 'node_modules/.bin/greymilter') };
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

/** What a test run has put there for itself. */
const ofTestRuns = new Set(['NODE_V8_COVERAGE', 'NODE_TEST_CONTEXT', 'NODE_ENV']);

/** The environment of a user. */
export function userEnvironment(): NodeJS.ProcessEnv {
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
