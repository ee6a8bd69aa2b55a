import { readdirSync, readFileSync } from 'node:fs';

const TICK_US = 10_000;

/**
 * CPU time of a process since its start, user and system, all its threads, in microseconds. Linux
 * counts it in nanoseconds for each thread that there is. What those have used that have ended is in the ticks
 * of the process only, which are taken where it shows in them: for a filter with a thread for each connection.
 */
export function cpuMicroseconds(pid: number): number {
  const living = cpuOfThreads(pid);
  const { user, system } = cpuTicks(pid);
  const all = (user + system) * TICK_US;
  return all > living + 2 * TICK_US ? all : living;
}

function cpuOfThreads(pid: number): number {
  let nanoseconds = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    nanoseconds += Number(readIfThere(`/proc/${pid}/task/${thread}/schedstat`).split(' ')[0]);
  }
  return nanoseconds / 1000;
}

/** CPU time of a process as Linux divides it, in ticks of a hundredth of a second. */
export interface CpuTicks {
  readonly user: number;
  readonly system: number;
}

/** How the CPU time of a process divides; coarse, so it is to be read over a long time. */
export function cpuTicks(pid: number): CpuTicks {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The program's name, in parentheses, may have blanks in it.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { user: Number(fields[11]), system: Number(fields[12]) };
}

/** What of a process is in memory, in bytes. */
export interface Memory {
  /** All of it. */
  readonly residentBytes: number;
  /** Its own: what would have to go to the swap. */
  readonly anonBytes: number;
  /** Pages of files, which the kernel can let go at any time: the program, and tables of LevelDB. */
  readonly fileBytes: number;
}

/** What of a process is in memory now. */
export function memoryOf(pid: number): Memory {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8');
  const bytes = (field: string): number => {
    const found = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(text);
    if (found === null) throw new Error(`no ${field} for process ${pid}`);
    return Number(found[1]) * 1024;
  };
  const [residentBytes, anonBytes] = [bytes('VmRSS'), bytes('RssAnon')];
  return { residentBytes, anonBytes, fileBytes: bytes('RssFile') };
}

// A thread may end between the listing and the reading.
function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '0';
  }
}
