import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { AsyncCleanUp } from './dns-server.js';
import { createTempDirectory } from './temp-directory.js';
import { waitUntil } from './wait-until.js';

/** Debian puts it where not everybody's path leads. */
const environment = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` };

/** Debian's own Postgrey, which is killed in the end. */
export interface RunningPostgrey {
  readonly socket: string;
  /** All that it has said. */
  readonly log: () => string;
}

/** Starts Debian's Postgrey on a Unix socket, with a database of its own. */
export async function startPostgrey(
  t: AsyncCleanUp,
  options: readonly string[],
): Promise<RunningPostgrey> {
  const directory = createTempDirectory(t);
  const database = join(directory, 'db');
  mkdirSync(database);
  // It runs as a user that may be anybody's on this machine.
  chmodSync(directory, 0o777);
  chmodSync(database, 0o777);
  const socket = join(directory, 'socket');
  const child = spawn('postgrey', [`--unix=${socket}`, `--dbdir=${database}`, ...options], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: environment,
  });
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', (error) => {
      log += error.message;
      resolve();
    });
  });
  t.after(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  await waitUntil(() => {
    if (child.exitCode !== null) throw new Error(`Postgrey has ended: ${log}`);
    return existsSync(socket);
  }, 'Postgrey listens');
  return { socket, log: () => log };
}
