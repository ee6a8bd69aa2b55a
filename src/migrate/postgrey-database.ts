import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { codeOf, fileProblem, isForbidden } from '../mail/file-problem.js';
import { MigrateError } from './migrate-error.js';

/** Postgrey's tables: triplets, and auto-whitelisted clients, which only some have. */
const TRIPLETS = 'postgrey.db';
const TABLES = [TRIPLETS, 'postgrey_clients.db'] as const;

const NAME_DBDIR = 'name the directory that Postgrey has as --dbdir';

/** Postgrey holds it exclusively while it runs. */
const LOCK = 'postgrey.lock';

/** Of what a program has to say. */
const MOST_LINES = 5;

/** Debian's db-util has links to the programs of the current version, which carry its number. */
const SPELLINGS = ['db', 'db5.3', 'db4.8'] as const;

/** The `--dbdir` of a Postgrey, ready to be dumped. */
export interface PostgreyDatabase {
  /** Its tables, one after the other. */
  dump(): AsyncIterable<Uint8Array>;
  /** Removes what was made for it. */
  close(): Promise<void>;
}

/**
 * Opens Postgrey's database directory. What was written last is in the logs and in memory only, so
 * the files alone, copied from under a running daemon, are old or empty. While Postgrey runs, which
 * its lock tells, its environment is asked; otherwise a copy of the files is recovered, as Postgrey
 * itself would recover them at its next start, and nothing of the original is touched.
 *
 * @throws MigrateError IMPORT_UNREADABLE, IMPORT_PERMISSION, IMPORT_NEEDS_PROGRAM
 */
export async function openPostgreyDatabase(directory: string): Promise<PostgreyDatabase> {
  const names = await listFiles(directory);
  const tables = TABLES.filter((table) => names.includes(table));
  if (!tables.includes(TRIPLETS)) {
    const message = `there is no ${TRIPLETS} in ${directory}: ${NAME_DBDIR}`;
    throw new MigrateError('IMPORT_UNREADABLE', message);
  }
  const prefix = findPrograms();
  const dumpOf = (opened: string): (() => AsyncIterable<Uint8Array>) =>
    async function* () {
      const home = { directory, opened };
      for (const table of tables) yield* run(`${prefix}_dump`, home, ['-p', table]);
    };
  if (names.includes(LOCK) && isLocked(join(directory, LOCK))) {
    return { dump: dumpOf(directory), close: () => Promise.resolve() };
  }
  const copy = await recoveredCopy(directory, names, `${prefix}_recover`);
  return {
    dump: dumpOf(copy),
    close: () => rm(copy, { recursive: true, force: true }),
  };
}

async function listFiles(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (codeOf(error) !== 'ENOTDIR') throw unreadable(directory, error);
    const message = `${directory} is no directory: ${NAME_DBDIR}`;
    throw new MigrateError('IMPORT_UNREADABLE', message, { cause: error });
  }
}

function findPrograms(): string {
  const found = SPELLINGS.find(
    (prefix) => spawnSync(`${prefix}_dump`, ['-V'], { stdio: 'ignore' }).status === 0,
  );
  if (found !== undefined) return found;
  throw new MigrateError(
    'IMPORT_NEEDS_PROGRAM',
    "there is no db_dump on this system: install Debian's db-util, or make the dumps elsewhere and import them from standard input",
  );
}

/** By somebody who is alive. Whoever may not open it will hear so when it comes to the tables. */
function isLocked(lock: string): boolean {
  const taken = 75;
  const args = ['--nonblock', '--shared', '--conflict-exit-code', String(taken), lock, 'true'];
  return spawnSync('flock', args, { stdio: 'ignore' }).status === taken;
}

/** The tables first: what changes meanwhile is in the logs. */
async function recoveredCopy(
  directory: string,
  names: readonly string[],
  program: string,
): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'greymilter-import-'));
  try {
    const logs = names.filter((name) => /^log\.\d{10}$/.test(name)).sort();
    for (const name of [...names.filter((each) => each.endsWith('.db')), ...logs]) {
      await copyTable(directory, copy, name);
    }
    await runToEnd(program, { directory, opened: copy });
    return copy;
  } catch (error) {
    await rm(copy, { recursive: true, force: true });
    throw error instanceof MigrateError ? error : unreadable(directory, error);
  }
}

async function copyTable(directory: string, copy: string, name: string): Promise<void> {
  try {
    await copyFile(join(directory, name), join(copy, name));
  } catch (error) {
    throw unreadable(join(directory, name), error);
  }
}

/** A database directory as it was named, and where its files are opened: itself, or the copy of it. */
interface Home {
  readonly directory: string;
  readonly opened: string;
}

/** What a program writes. @throws MigrateError IMPORT_UNREADABLE if it fails, with what it said */
async function* run(
  program: string,
  home: Home,
  args: readonly string[] = [],
): AsyncGenerator<Uint8Array, void, undefined> {
  const all = ['-h', home.opened, ...args];
  const child = spawn(program, all, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ending = endingOf(child);
  ending.catch(() => undefined);
  try {
    for await (const chunk of child.stdout) {
      // A stream without an encoding.
      yield chunk as Uint8Array;
    }
    const { code, complaint } = await ending;
    if (code === 0) return;
    throw hasFailed(program, home, complaint);
  } finally {
    child.kill();
  }
}

async function runToEnd(program: string, home: Home): Promise<void> {
  const output = run(program, home);
  while ((await output.next()).done !== true);
}

function endingOf(
  child: ChildProcessByStdio<null, Readable, Readable>,
): Promise<{ readonly code: number | null; readonly complaint: string }> {
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, complaint: said }));
  });
}

/** Nobody else finds the copy, which is gone by then; and a program may say the same of each page. */
function hasFailed(program: string, { directory, opened }: Home, complaint: string): MigrateError {
  const lines = complaint.replaceAll(opened, directory).split('\n');
  const words = [...new Set(lines.filter((line) => line.trim() !== ''))].slice(0, MOST_LINES);
  const said = words.length === 0 ? 'it does not say why' : words.join('\n');
  return new MigrateError(
    'IMPORT_UNREADABLE',
    `${program} has failed with the database in ${directory}, which may be damaged: ${said}\n` +
      `What can still be read: db_dump -p -r ${join(directory, TRIPLETS)} | greymilter import postgrey -`,
  );
}

function unreadable(path: string, cause: unknown): MigrateError {
  return new MigrateError(
    isForbidden(cause) ? 'IMPORT_PERMISSION' : 'IMPORT_UNREADABLE',
    `cannot read ${path}: ${fileProblem(cause, 'read')}`,
    { cause },
  );
}
