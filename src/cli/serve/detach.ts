import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import type { SocketAddress } from '../../config/socket-address.js';
import { exitCodes } from '../arguments/exit-codes.js';
import type { Output } from '../terminal/output.js';

/** By what the process in the background shows that it runs. */
export interface Signs {
  /** The file that it writes its number into; null if there is none. */
  readonly pidFile: string | null;
  /** Where it listens. */
  readonly listeners: readonly SocketAddress[];
}

/** A store that has to be opened again after a crash may take its time. */
const WITHIN_MS = 30_000;
const POLL_MS = 50;

/**
 * Runs a command line of ours in the background, without a terminal and in a session of its own, and
 * waits until it serves: whoever started us may then rely on it.
 *
 * @returns the exit code for the process in the foreground
 */
export async function detach(
  commandLine: readonly string[],
  signs: Signs,
  output: Output,
): Promise<number> {
  const child = spawn(process.execPath, [...process.execArgv, ...commandLine], {
    detached: true,
    stdio: 'ignore',
  });
  const ended = new Promise<number>((resolve) => {
    child.on('error', () => resolve(exitCodes.software));
    child.on('exit', (code) => resolve(code ?? exitCodes.software));
  });
  const isServing = await Promise.race([awaitSigns(child, signs), ended]);
  if (isServing === true) {
    child.unref();
    return exitCodes.done;
  }
  const code = isServing === false ? exitCodes.unavailable : isServing;
  output.error('greymilter: it does not run in the background; syslog says why\n');
  return code;
}

/** False if the time is over. */
async function awaitSigns(child: ChildProcess, { pidFile, listeners }: Signs): Promise<boolean> {
  const [listener] = listeners;
  const end = performance.now() + WITHIN_MS;
  while (performance.now() < end && child.exitCode === null) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    if (pidFile !== null ? hasPid(pidFile) : listener !== undefined && (await answers(listener))) {
      return true;
    }
  }
  return false;
}

/** Written once the sockets are open; one of a process that is gone may lie there until then. */
function hasPid(path: string): boolean {
  try {
    process.kill(Number(readFileSync(path, 'utf8')), 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function answers(address: SocketAddress): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = address.kind === 'unix' ? connect(address.path) : connect(address);
    const end = (isOpen: boolean): void => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.on('connect', () => end(true)).on('error', () => end(false));
  });
}
