import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { PrivilegeError } from '../../daemon/process/privileges.js';
import { FIRST_HANDED_OVER_FD } from '../../daemon/process/socket-activation.js';
import type { SystemUser } from '../../daemon/process/system-account.js';
import { exitCodes } from '../arguments/exit-codes.js';

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
 * Whom the service manager's sockets and watchdog are for is told by number, and the number is known
 * only once the process is there: a shell puts its own in the place of ours, and becomes setpriv.
 */
const readdress =
  '[ "$LISTEN_PID" != "$PPID" ] || export LISTEN_PID=$$; ' +
  '[ "$WATCHDOG_PID" != "$PPID" ] || export WATCHDOG_PID=$$; exec "$@"';

/** What a shell ends with when there is no such program. */
const NOT_FOUND = 127;

/** What a process of another user gets from us. */
export interface RunAsUserOptions {
  /** What it is to be a member of. */
  readonly groups: readonly number[];
  /** How many sockets were handed over to us that it is to have. */
  readonly handedOver: number;
}

/**
 * Runs this command line again as another user, by setpriv of util-linux, and passes signals on to
 * it. For a Node.js that cannot change its own user.
 *
 * @returns its exit code
 * @throws PrivilegeError if setpriv cannot be run
 */
export function runAsUser(
  user: SystemUser,
  { groups, handedOver }: RunAsUserOptions,
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
  const sockets = Array.from({ length: handedOver }, (_, index) => FIRST_HANDED_OVER_FD + index);
  const child = spawn('/bin/sh', ['-c', readdress, 'sh', 'setpriv', ...options, '--', ...command], {
    stdio: ['inherit', 'inherit', 'inherit', ...sockets],
  });
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT'] as const) {
    // A terminal sends Ctrl-C to both of us.
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  return new Promise((resolve, reject) => {
    const refuse = (cause?: Error): void => {
      const message = `cannot become user ${user.name}: setpriv (util-linux) does not run here`;
      reject(new PrivilegeError(message, { cause }));
    };
    child.on('error', refuse);
    child.on('exit', (code, signal) => {
      if (code === NOT_FOUND) refuse();
      resolve(code ?? (signal === null ? exitCodes.software : 128 + constants.signals[signal]));
    });
  });
}
