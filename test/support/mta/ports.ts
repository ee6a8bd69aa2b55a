import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { isRunning } from './owners.js';
import { mtaBase } from './places.js';

/** A port that no other test process is given until it is released. */
export interface ReservedPort {
  readonly port: number;
  release(): void;
}

const TRIES = 200;
// Below the range from which the kernel takes ports for outgoing connections (32768 and above).
const FIRST_PORT = 20_000;
const PORT_COUNT = 10_000;
// The kernel's number for the state, as /proc shows it.
const TCP_LISTEN = '0A';

/**
 * Reserves a free port on both loopback addresses. An MTA needs the number in its configuration and
 * binds it only later; until then a file per port keeps other test processes away from it.
 */
export async function reservePort(hosts: readonly string[]): Promise<ReservedPort> {
  const directory = join(mtaBase, 'ports');
  mkdirSync(directory, { recursive: true });
  for (const name of readdirSync(directory)) removeIfOrphaned(join(directory, name));
  for (let tries = 0; tries < TRIES; tries++) {
    const port = FIRST_PORT + Math.floor(Math.random() * PORT_COUNT);
    const file = join(directory, String(port));
    if (!claim(file)) continue;
    const release = (): void => {
      rmSync(file, { force: true });
    };
    const free = await Promise.all(hosts.map((host) => isFree(host, port)));
    if (free.every(Boolean)) return { port, release };
    release();
  }
  throw new Error(`no free port among ${TRIES} from ${FIRST_PORT} on`);
}

/**
 * How many addresses the port is listened on; asked of the kernel, because to connect would start a
 * session, which the filter under test would see.
 *
 * @param proc where it tells of the machine's sockets
 */
export function countListeners(port: number, proc = '/proc/net'): number {
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return [`${proc}/tcp`, `${proc}/tcp6`]
    .flatMap(readTable)
    .filter(([, address, , state]) => address?.endsWith(local) === true && state === TCP_LISTEN)
    .length;
}

function readTable(path: string): readonly (readonly string[])[] {
  try {
    const lines = readFileSync(path, 'utf8').trim().split('\n').slice(1);
    return lines.map((line) => line.trim().split(/\s+/));
  } catch (error) {
    // Without IPv6 there is no table for it.
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

function claim(file: string): boolean {
  try {
    const descriptor = openSync(file, 'wx');
    writeSync(descriptor, String(process.pid));
    closeSync(descriptor);
    return true;
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    return false;
  }
}

/** Tests that were killed could not release theirs. */
function removeIfOrphaned(file: string): void {
  let owner: number;
  try {
    owner = Number(readFileSync(file, 'utf8'));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw error;
  }
  // Zero: claimed this moment, and not yet signed.
  if (owner > 0 && !isRunning(owner)) rmSync(file, { force: true });
}

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => {
      if (errorCode(error) === 'EADDRINUSE') resolve(false);
      else reject(error);
    });
    server.listen({ host, port }, () => server.close(() => resolve(true)));
  });
}

function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
