import { existsSync } from 'node:fs';
import { runProgram } from './run-program.js';

/** Whether a user may connect to a Unix socket. */
export type SocketAccess =
  | 'allowed'
  | 'denied'
  /** The filter does not run. */
  | 'absent'
  /** Only root can try it. */
  | 'unknown';

/** Tries it as that user, with all groups that he is in, as smtpd has them. */
export async function socketAccess(user: string, path: string): Promise<SocketAccess> {
  if (process.getuid?.() !== 0) return 'unknown';
  if (!existsSync(path)) return 'absent';
  const group = await runProgram({ program: 'id', args: ['-g', user] });
  if (group.status !== 0) return 'unknown';
  const as = [`--reuid=${user}`, `--regid=${group.stdout.trim()}`, '--init-groups', '--'];
  const tried = await runProgram({ program: 'setpriv', args: [...as, 'test', '-w', path] });
  return tried.status === 0 ? 'allowed' : 'denied';
}
