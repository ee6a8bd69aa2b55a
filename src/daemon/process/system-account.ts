import { execFileSync } from 'node:child_process';

/** A user or group that the configuration or the command line names, and the system does not know. */
export class AccountError extends Error {
  readonly code = 'ACCOUNT_UNKNOWN';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'AccountError';
  }
}

/** A user to run as. */
export interface SystemUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  /** All its groups, the main one included. */
  readonly groups: readonly number[];
}

/**
 * Looks a user up, by name or number, in whatever the system keeps its accounts.
 *
 * @throws AccountError
 */
export function findUser(name: string): SystemUser {
  const [login = name, , uid, gid] = lookUp('passwd', name);
  const groups = run('id', ['-G', '--', login]).split(' ').map(Number);
  return { name: login, uid: Number(uid), gid: Number(gid), groups };
}

/**
 * Looks a group's number up.
 *
 * @throws AccountError
 */
export function findGroup(name: string): number {
  return Number(lookUp('group', name)[2]);
}

// Node.js has no getpwnam, and /etc/passwd is not all: getent asks what the system asks.
function lookUp(database: 'passwd' | 'group', name: string): readonly string[] {
  try {
    return run('getent', [database, '--', name]).split(':');
  } catch (error) {
    const kind = database === 'passwd' ? 'user' : 'group';
    throw new AccountError(
      `there is no ${kind} "${name}" on this system: create it, or name another one`,
      { cause: error },
    );
  }
}

function run(program: string, args: readonly string[]): string {
  return execFileSync(program, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
}
