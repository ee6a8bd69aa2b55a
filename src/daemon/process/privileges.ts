import { chownSync, closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Config } from '../../config/schema.js';
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
  chownSync(path, user.uid, user.gid);
  if (first === undefined) return;
  for (let around = dirname(path); around.startsWith(first); around = dirname(around)) {
    chownSync(around, user.uid, user.gid);
  }
}

/** Makes a file that the user can write to, if it is missing. */
export function ensureFileFor(path: string, user: SystemUser, mode: number): void {
  if (existsSync(path)) return;
  closeSync(openSync(path, 'a', mode));
  chownSync(path, user.uid, user.gid);
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
}

/** We may not become the user that we were told to be. */
export class PrivilegeError extends Error {
  readonly code = 'USER_PERMISSION';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'PrivilegeError';
  }
}
