import {
  closeSync,
  constants,
  fchownSync,
  openSync,
  readFileSync,
  truncateSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { basename } from 'node:path';
import { codeOf, fileProblem, isForbidden } from '../../mail/file-problem.js';
import type { SystemUser } from './system-account.js';

/** Why a pid file cannot be had. */
export type PidFileErrorCode =
  /** The process that it names is alive. */
  'PID_FILE_IN_USE' | 'PID_FILE_FAILED';

/** A pid file that cannot be had; the message says what to do. */
export class PidFileError extends Error {
  readonly code: PidFileErrorCode;

  constructor(code: PidFileErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'PidFileError';
    this.code = code;
  }
}

/** No more is read of what may be anything: a pid has seven digits at most. */
const PID = /^([1-9]\d{0,9})\s*$/;

/** Never through a symbolic link, which in a directory open to others anybody could have made. */
const FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_NOFOLLOW;

/**
 * Writes our pid, after the sockets are open and while we still may write where root alone can.
 *
 * @param user whom we are going to be, and who has to be able to empty the file in the end
 * @throws PidFileError
 */
export function writePidFile(path: string, user: SystemUser | undefined): void {
  fill(path, `${process.pid}\n`, user);
}

/**
 * Makes the file that another process, one of the user, is going to write its pid into.
 *
 * @throws PidFileError
 */
export function preparePidFile(path: string, user: SystemUser): void {
  fill(path, '', user);
}

/**
 * Removes the file if it still has our pid in it. Where only root may remove it, it is emptied, as
 * an empty one is no claim.
 */
export function removePidFile(path: string): void {
  try {
    if (readPid(path) !== process.pid) return;
    unlinkSync(path);
  } catch (error) {
    if (isForbidden(error)) truncateQuietly(path);
  }
}

/** Removes the file if no living process is named in it. */
export function removeStalePidFile(path: string): void {
  try {
    if (!isAlive(readPid(path))) unlinkSync(path);
  } catch {
    // It is not there, or not ours to remove: whoever needs it next will say so.
  }
}

function fill(path: string, text: string, user: SystemUser | undefined): void {
  try {
    refuseLiving(path);
    // A file that root has left behind can be replaced, but in a directory of root's not by others.
    unlinkWherePossible(path);
    const fd = openSync(path, FLAGS | constants.O_TRUNC, 0o644);
    try {
      if (user !== undefined && process.getuid?.() === 0) fchownSync(fd, user.uid, user.gid);
      writeSync(fd, text);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    if (error instanceof PidFileError) throw error;
    const message = `cannot write the pid file ${path}: ${fileProblem(error, 'write')}`;
    throw new PidFileError('PID_FILE_FAILED', message, { cause: error });
  }
}

function refuseLiving(path: string): void {
  const pid = readPid(path);
  if (pid === undefined || pid === process.pid || !isAlive(pid)) return;
  throw new PidFileError(
    'PID_FILE_IN_USE',
    `greymilter runs already: ${path} has the number of process ${pid}, which is alive; stop it, or choose another pid file`,
  );
}

function readPid(path: string): number | undefined {
  try {
    const pid = PID.exec(readFileSync(path, 'latin1'))?.[1];
    return pid === undefined ? undefined : Number(pid);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whether a process of our kind has this number, which after a crash may be anybody's. */
function isAlive(pid: number | undefined): boolean {
  if (pid === undefined) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return false;
  }
  const name = nameOf(pid);
  return name === undefined || name === nameOf(process.pid);
}

/** The program, as it was called: `comm` is a thread's name, which newer Node.js changes. */
function nameOf(pid: number): string | undefined {
  try {
    const [program = ''] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return basename(program);
  } catch {
    // No /proc, or one that hides other users' processes.
    return undefined;
  }
}

function unlinkWherePossible(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Not there, or the directory is not ours: then it is opened and written as it is.
  }
}

function truncateQuietly(path: string): void {
  try {
    truncateSync(path);
  } catch {
    // Not ours any more. A number of a process that is gone is no claim either.
  }
}
