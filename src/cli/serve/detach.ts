import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import type { SocketAddress } from '../../config/socket-address.js';
import { codeOf } from '../../mail/file-problem.js';
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
  const isServing = await watchFor(signs);
  const child = spawn(process.execPath, [...process.execArgv, ...commandLine], {
    detached: true,
    stdio: 'ignore',
  });
  const ended = new Promise<number>((resolve) => {
    child.on('error', () => resolve(exitCodes.software));
    child.on('exit', (code) => resolve(code ?? exitCodes.software));
  });
  const outcome = await Promise.race([awaitSign(child, isServing), ended]);
  if (outcome === true) {
    child.unref();
    return exitCodes.done;
  }
  const code = outcome === false ? exitCodes.unavailable : outcome;
  output.error('greymilter: it does not run in the background; syslog says why\n');
  return code;
}

/**
 * Tells from now on whether the process serves. What is there before it is started is no sign of it: the
 * pid file of one that crashed, or whoever answers at its address and keeps it from starting.
 */
async function watchFor({ pidFile, listeners }: Signs): Promise<() => Promise<boolean>> {
  if (pidFile !== null) {
    const before = stampOf(pidFile);
    return () => Promise.resolve(stampOf(pidFile) !== before && hasPid(pidFile));
  }
  const [listener] = listeners;
  if (listener === undefined || (await answers(listener))) return () => Promise.resolve(false);
  return () => answers(listener);
}

/** False if the time is over. */
async function awaitSign(child: ChildProcess, isServing: () => Promise<boolean>): Promise<boolean> {
  const end = performance.now() + WITHIN_MS;
  while (performance.now() < end && child.exitCode === null) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    if (await isServing()) return true;
  }
  return false;
}

/** Another one once the file has been written anew; undefined if there is none that we may see. */
function stampOf(path: string): string | undefined {
  try {
    const { ino, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
    return `${ino} ${mtimeNs} ${ctimeNs}`;
  } catch {
    return undefined;
  }
}

/**
 * Whether the file has the number of a process, which need not be the one that was started: another user's
 * may be a child of it. It is made empty, and filled once the sockets are open.
 */
function hasPid(path: string): boolean {
  try {
    const pid = Number(readFileSync(path, 'utf8'));
    return Number.isInteger(pid) && pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) === 'EPERM';
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
