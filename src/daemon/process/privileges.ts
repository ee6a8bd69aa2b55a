import { closeSync, constants, existsSync, fchownSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Config } from '../../config/schema.js';
import { codeOf } from '../../mail/file-problem.js';
import type { SystemUser } from './system-account.js';

/**
 * Refuses a user that we cannot become, before anything is made for it.
 *
 * @throws PrivilegeError
 */
export function requireRootFor(user: SystemUser): void {
  const uid = process.getuid?.();
  if (uid === 0 || uid === user.uid) return;
  throw new PrivilegeError(
    `cannot become user ${user.name}: start as root, or as that user without --user`,
  );
}

/** Makes what only root can make, and the user will need: the directories of sockets and store. */
export function prepareDirectories(config: Config, user: SystemUser): void {
  const { url } = config.store;
  if (url.kind === 'level') ensureDirectoryFor(url.path, user, 0o700);
  const { milter, policy, admin } = config.listen;
  for (const address of [...milter, ...policy, ...(admin === null ? [] : [admin])]) {
    if (address.kind === 'unix') ensureDirectoryFor(dirname(address.path), user, 0o755);
  }
}

/**
 * Makes a directory that the user can write to, if it is missing, and with it those around it that
 * are missing; root alone can do that below /var/lib or /run.
 */
export function ensureDirectoryFor(path: string, user: SystemUser, mode: number): void {
  if (existsSync(path)) return;
  const first = mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
  mkdirSync(path, { mode });
  giveDirectory(path, user);
  if (first === undefined) return;
  for (let around = dirname(path); around.startsWith(first); around = dirname(around)) {
    giveDirectory(around, user);
  }
}

/**
 * Gives away a directory that was made, and no other: what stands there may by now be a symbolic link
 * of whoever may write around it, and root's chown would follow it.
 */
function giveDirectory(path: string, user: SystemUser): void {
  const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = constants;
  give(openSync(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW), user);
}

function give(fd: number, { uid, gid }: SystemUser): void {
  try {
    fchownSync(fd, uid, gid);
  } finally {
    closeSync(fd);
  }
}

/**
 * Makes a file that the user can write to, if nothing has its name. A symbolic link that leads nowhere
 * is something: in a directory of the user's, root would make a file for him wherever he likes.
 */
export function ensureFileFor(path: string, user: SystemUser, mode: number): void {
  try {
    give(openSync(path, 'ax', mode), user);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}

/**
 * Does something with the user's rights instead of root's, and has root's again; who is not root has no
 * others than his own. Whatever root opens where the user may write, he could have put there.
 */
export function withRightsOf<T>(user: SystemUser, act: () => T): T {
  if (process.getuid?.() !== 0 || user.uid === 0) return act();
  const groups = process.getgroups?.() ?? [];
  const group = process.getegid?.() ?? 0;
  try {
    process.setgroups?.([...user.groups]);
    process.setegid?.(user.gid);
    process.seteuid?.(user.uid);
    return act();
  } finally {
    process.seteuid?.(0);
    process.setegid?.(group);
    process.setgroups?.(groups);
  }
}

/**
 * Becomes another user for good: its groups, its group, its id, in the only order that works. Does
 * nothing if we are that user already.
 *
 * @throws PrivilegeError
 */
export function becomeUser(user: SystemUser): void {
  if (process.getuid?.() === user.uid) return;
  try {
    process.setgroups?.([...user.groups]);
    process.setgid?.(user.gid);
    process.setuid?.(user.uid);
  } catch (error) {
    throw new PrivilegeError(
      `cannot become user ${user.name}: start as root, or as that user without --user`,
      { cause: error },
    );
  }
  if (canBeRoot()) throw new PrivilegeError(`became user ${user.name}, but could be root again`);
}

/** Whether the way back is open, as it is if a system keeps root's id somewhere. */
function canBeRoot(): boolean {
  try {
    process.setuid?.(0);
  } catch {
    return false;
  }
  return process.getuid?.() === 0;
}

/** We may not become the user that we were told to be. */
export class PrivilegeError extends Error {
  readonly code = 'USER_PERMISSION';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'PrivilegeError';
  }
}
