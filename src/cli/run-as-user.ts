import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { PrivilegeError } from '../daemon/privileges.js';
import type { SystemUser } from '../daemon/system-account.js';
import { exitCodes } from './exit-codes.js';

/**
 * Whether this Node.js can change its user at all. Debian 13's cannot: it refuses each of these
 * calls with ERR_INVALID_STATE because its libuv may use io_uring (CVE-2024-22017), whatever the
 * environment says.
 */
export function canChangeUser(): boolean {
  try {
    process.setuid?.(process.getuid?.() ?? 0);
    return true;
  } catch {
    return false;
  }
}

/**
 * Runs this command line again as another user, by setpriv of util-linux, and passes signals on to
 * it. For a Node.js that cannot change its own user.
 *
 * @param groups what it is to be a member of
 * @returns its exit code
 * @throws PrivilegeError if setpriv cannot be run
 */
export function runAsUser(
  user: SystemUser,
  groups: readonly number[],
  commandLine: readonly string[],
): Promise<number> {
  const options = [
    `--reuid=${user.uid}`,
    `--regid=${user.gid}`,
    `--groups=${groups.join(',')}`,
    // Whoever kills us means the daemon.
    '--pdeathsig=TERM',
  ];
  const command = [process.execPath, ...process.execArgv, ...commandLine];
  const child = spawn('setpriv', [...options, '--', ...command], { stdio: 'inherit' });
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT'] as const) {
    // A terminal sends Ctrl-C to both of us.
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', (cause) => {
      const message = `cannot become user ${user.name}: setpriv (util-linux) does not run here`;
      reject(new PrivilegeError(message, { cause }));
    });
    child.on('exit', (code, signal) => {
      resolve(code ?? (signal === null ? exitCodes.software : 128 + constants.signals[signal]));
    });
  });
}
