import type { Config } from '../../config/schema.js';
import { cannotOpenLog } from '../../telemetry/log-file.js';
import type { ManagedLogger } from '../../telemetry/logger.js';
import type { SyslogUser } from '../../telemetry/syslog-pipe.js';
import { createLogger } from '../../telemetry/winston-logger.js';
import type { Clock } from './clock.js';
import { ensureFileFor, withRightsOf } from './privileges.js';
import type { SystemUser } from './system-account.js';

export type { ManagedLogger };

/**
 * Opens the log as configured. A log file is made the user's before we become that user, who has to
 * be able to open it again after logrotate; and is opened as by the user, since root would write
 * through whatever link the user has put there.
 *
 * @throws LogError
 */
export function createDaemonLogger(
  settings: Config['log'],
  clock: Clock,
  user: SystemUser | undefined,
): ManagedLogger {
  const { level, format, style, to, privacy } = settings;
  if (user !== undefined) prepareLog(settings, user);
  const now = (): number => clock.now();
  const open = (): ManagedLogger =>
    createLogger({ level, format, style, to, privacy, now, syslogUser: userFor(user) });
  return user !== undefined && to.kind === 'file' ? withRightsOf(user, open) : open();
}

/** Makes a log file that the user can write to, if it is missing. @throws LogError */
export function prepareLog({ to }: Config['log'], user: SystemUser): void {
  if (to.kind !== 'file') return;
  try {
    ensureFileFor(to.path, user, 0o640);
  } catch (error) {
    throw cannotOpenLog(to.path, error);
  }
}

// Only root can start a process for somebody else, and for ourselves there is no need to.
function userFor(user: SystemUser | undefined): SyslogUser | undefined {
  return user !== undefined && process.getuid?.() === 0
    ? { uid: user.uid, gid: user.gid }
    : undefined;
}
