import { close, constants, fstatSync, openSync } from 'node:fs';
import { fileProblem } from '../mail/file-problem.js';
import { LogError, type LogDestination } from './logger.js';

/** Something open that takes lines. */
export interface LogFile {
  readonly fd: number;
  /** A file on a disk, whose size tells what has arrived. */
  readonly isRegular: boolean;
  /** Whether to close it; standard error itself stays open. */
  readonly isOwned: boolean;
  /** What else ends with it. */
  readonly onClose?: () => void;
}

/**
 * Standard error, as daemons do: standard output belongs to what a command prints for others to
 * read, and systemd, containers and supervisors collect both.
 */
const CONSOLE_FD = 2;
const CONSOLE_PATH = '/proc/self/fd/2';

/** Writable by its owner and readable by its group, as syslog's files are: lines name people. */
const MODE = 0o640;

/**
 * Appending, so that copytruncate and a second process (a restart that overlaps) work. Not
 * blocking, because opening a FIFO without a reader would stop the daemon; a terminal that is
 * named here must not become the daemon's own.
 */
const FLAGS = constants.O_WRONLY | constants.O_APPEND | constants.O_NONBLOCK | constants.O_NOCTTY;

/**
 * A pipe or a terminal is opened once more, so that it can be made not to block without changing
 * it for everybody who shares it: a reader that stopped must not hold a thread or the exit. Files
 * must not be (where `2>` has opened one, what others write would land upon our lines), and
 * sockets (the journal's) cannot be.
 */
function openConsole(): LogFile {
  const shared: LogFile = { fd: CONSOLE_FD, isRegular: false, isOwned: false };
  try {
    const stat = fstatSync(CONSOLE_FD);
    if (stat.isFile()) return { ...shared, isRegular: true };
    if (!stat.isFIFO() && !stat.isCharacterDevice()) return shared;
    return { fd: openSync(CONSOLE_PATH, FLAGS), isRegular: false, isOwned: true };
  } catch {
    // It belongs to another user, or there is no /proc: it will do as it is.
    return shared;
  }
}

/**
 * Opens where lines go, for appending; a file that is not there is made, its directory is not.
 * @throws LogError with code LOG_CANNOT_OPEN.
 */
export function openLogFile(to: Exclude<LogDestination, { kind: 'syslog' }>): LogFile {
  if (to.kind === 'console') return openConsole();
  try {
    const fd = openSync(to.path, FLAGS | constants.O_CREAT, MODE);
    return { fd, isRegular: fstatSync(fd).isFile(), isOwned: true };
  } catch (error) {
    throw cannotOpenLog(to.path, error);
  }
}

/** What a log file that the system refuses ends in, whoever tries to make it. */
export function cannotOpenLog(path: string, cause: unknown): LogError {
  const message = `cannot open the log file ${path}: ${fileProblem(cause, 'write')}`;
  return new LogError('LOG_CANNOT_OPEN', message, { cause });
}

/** The size of a regular file; 0 if that cannot be told (a network file system that is away). */
export function sizeOf(file: LogFile): number {
  try {
    return fstatSync(file.fd).size;
  } catch {
    // Who asks only wants to wait no longer than needed, and has a limit for that.
    return 0;
  }
}

/** Closes a file that nothing is written to any more, unless it is shared with others. */
export function closeLogFile(file: LogFile): void {
  if (!file.isOwned) return;
  file.onClose?.();
  close(file.fd, () => {
    // Whether it succeeds or not, the descriptor is gone, and there is nobody left to tell.
  });
}
