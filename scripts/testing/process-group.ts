import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** Ends all processes of a group; none being left is no error. */
export function killGroup(group: number): void {
  try {
    process.kill(-group, 'SIGKILL');
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error;
  }
}

/** The command lines of a group's living processes; empty where there is no /proc to tell. */
export function listGroup(group: number): readonly string[] {
  if (!existsSync('/proc/self/stat')) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => commandIfIn(group, pid));
}

function commandIfIn(group: number, pid: string): readonly string[] {
  try {
    // The name, in parentheses, may contain anything; what follows is state, parent, group.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, , itsGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (Number(itsGroup) !== group || state === 'Z') return [];
    return [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()];
  } catch (error) {
    // Ended while we looked.
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ESRCH') return [];
    throw error;
  }
}

function errorCode(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
