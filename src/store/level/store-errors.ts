import { userInfo } from 'node:os';
import { systemWords } from '../../mail/file-problem.js';
import { StoreError } from '../store.js';

/** The `code` of an error or, failing that, of what caused it. */
function codesOf(error: unknown): readonly string[] {
  const codes: string[] = [];
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && typeof cause.code === 'string') codes.push(cause.code);
  }
  return codes;
}

/** The innermost message: LevelDB's or the system's own words. */
export function reasonOf(error: unknown): string {
  let reason = String(error);
  for (let cause = error; cause instanceof Error; cause = cause.cause) reason = systemWords(cause);
  return reason;
}

function currentUser(): string {
  try {
    const { username, uid } = userInfo();
    return `${username} (uid ${String(uid)})`;
  } catch {
    // No entry in the user data base, as in many containers: the number has to do.
    return `uid ${String(process.geteuid?.() ?? 'unknown')}`;
  }
}

export function lockedError(path: string, cause: unknown): StoreError {
  return new StoreError(
    'STORE_LOCKED',
    `The store ${path} is in use by another process. Only one can open it: stop the other ` +
      'greymilter first.',
    { cause },
  );
}

export function notOursError(path: string, found: string, cause?: unknown): StoreError {
  return new StoreError(
    'STORE_NOT_OURS',
    `${path} is not a greymilter store: ${found}. Nothing was changed there; set store.url to ` +
      'a directory of its own.',
    { cause },
  );
}

export function newerFormatError(path: string, found: number, known: number): StoreError {
  return new StoreError(
    'STORE_NEWER_FORMAT',
    `The store ${path} has format ${String(found)}, and this greymilter knows formats up to ` +
      `${String(known)}. Run the version that wrote it or a later one, or set store.url to a ` +
      'new directory.',
  );
}

export function damagedError(path: string, found: string, cause?: unknown): StoreError {
  return new StoreError(
    'STORE_DAMAGED',
    `The store ${path} is damaged: ${found}. Nothing was deleted. Stop greymilter and run ` +
      '"greymilter repair" with the same --config or --store: it keeps what can be read, and the ' +
      'damaged directory beside it. If that fails, "greymilter repair --start-empty" begins anew, ' +
      'which costs no mail but lets everybody wait once more.',
    { cause: cause ?? new Error(found) },
  );
}

export function removedError(path: string): StoreError {
  return new StoreError(
    'STORE_REMOVED',
    `The store ${path} has been removed or moved away, or another one put in its place, while it is ` +
      'open: what is written now is lost with this process, so nobody new is made to wait. Put back ' +
      'what was moved. If it is gone, "greymilter backup FILE" may still save what the filter knows; ' +
      'then stop it, restore that file or an earlier one with "greymilter restore FILE", and start ' +
      'it. Without a backup just restart it: it begins with an empty store.',
  );
}

/** Somebody has mounted it so, or the kernel has: that is what it does after an error of the device. */
function readOnlyError(path: string, cause: unknown): StoreError {
  return new StoreError(
    'STORE_PERMISSION',
    `The store ${path} cannot be written: ${reasonOf(cause)}. Look for an error of the device in ` +
      'the log of the kernel (dmesg); check the file system, and mount it for writing.',
    { cause },
  );
}

export function permissionError(path: string, cause: unknown): StoreError {
  return new StoreError(
    'STORE_PERMISSION',
    `The user ${currentUser()} may not read and write the store ${path}: ${reasonOf(cause)}. ` +
      'Give the directory and all in it to that user (chown -R), or run greymilter as its owner.',
    { cause },
  );
}

export function unavailableError(path: string, cause: unknown): StoreError {
  return new StoreError(
    'STORE_UNAVAILABLE',
    `The store ${path} does not work: ${reasonOf(cause)}. Look for a full disk, a quota or ` +
      'errors of the device.',
    { cause },
  );
}

export function closedError(path: string): StoreError {
  return new StoreError('STORE_CLOSED', `The store ${path} has been closed.`);
}

/** Says in our words what LevelDB or the file system has reported. */
export function toStoreError(error: unknown, path: string): StoreError {
  if (error instanceof StoreError) return error;
  const codes = codesOf(error);
  const reason = reasonOf(error);
  if (codes.includes('LEVEL_LOCKED')) return lockedError(path, error);
  // A file that LevelDB counts on is gone: only damage, or somebody, takes one away.
  const isGone = codes.includes('LEVEL_IO_ERROR') && reason.includes('No such file');
  if (isGone || codes.includes('LEVEL_CORRUPTION')) return damagedError(path, reason, error);
  // LevelDB hands on strerror(3), which Node leaves in English; Node's own words are the same.
  if (/read-only file system/i.test(reason)) return readOnlyError(path, error);
  if (/permission denied|operation not permitted/i.test(reason))
    return permissionError(path, error);
  if (reason.includes('does not match existing comparator')) {
    return notOursError(path, 'its LevelDB is sorted by another program', error);
  }
  return unavailableError(path, error);
}
