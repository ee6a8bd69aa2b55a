import { readdirSync, readFileSync } from 'node:fs';

/**
 * CPU time of a process since its start, user and system, all its threads, in microseconds. Linux
 * counts it in nanoseconds for each thread; what threads that have ended had used is not in it.
 */
export function cpuMicroseconds(pid: number): number {
  let nanoseconds = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    nanoseconds += Number(readIfThere(`/proc/${pid}/task/${thread}/schedstat`).split(' ')[0]);
  }
  return nanoseconds / 1000;
}

/** Resident memory of a process in bytes. */
export function residentBytes(pid: number): number {
  const found = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  if (found === null) throw new Error(`no VmRSS for process ${pid}`);
  return Number(found[1]) * 1024;
}

// A thread may end between the listing and the reading.
function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '0';
  }
}
