import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Where the load and a filter run: each on a processor of its own, or both on the same one. */
export type Placement = 'apart' | 'together';

/** Who is put where. */
export interface Placed {
  readonly load: number;
  /** Only the threads that answer; what works for these runs where the kernel likes. */
  readonly filters: readonly number[];
}

/**
 * Does something while these processes run where it says. Left to itself the kernel puts who wakes and who is
 * woken on one processor or on two, as it likes and for as long as it likes, and to wake somebody on
 * another one takes longer than most answers.
 *
 * @returns undefined, and nothing is done, where there are no two processors, or no `taskset` (util-linux)
 */
export async function whilePlaced<Found>(
  where: Placement,
  { load, filters }: Placed,
  what: () => Promise<Found>,
): Promise<Found | undefined> {
  const [first, second] = processorsOf(load);
  if (first === undefined || second === undefined) return undefined;
  const all = [load, ...filters];
  const before = all.map((pid) => [pid, allowed(pid)] as const);
  try {
    if (
      !all.every((pid) => pin(pid, String(pid === load || where === 'together' ? first : second)))
    )
      return undefined;
    return await what();
  } finally {
    for (const [pid, processors] of before) pin(pid, processors);
  }
}

/** The main thread only: a process and that thread have one number. */
function pin(pid: number, processors: string): boolean {
  const args = ['-p', '-c', processors, String(pid)];
  return spawnSync('taskset', args, { stdio: 'ignore' }).status === 0;
}

/** As in `0-3,8`. */
function allowed(pid: number): string {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const found = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1];
  if (found === undefined) throw new Error(`it is not known where process ${pid} may run`);
  return found;
}

function processorsOf(pid: number): readonly number[] {
  return allowed(pid)
    .split(',')
    .flatMap((range) => {
      const [from = NaN, to = from] = range.split('-').map(Number);
      return Array.from({ length: to - from + 1 }, (_, at) => from + at);
    });
}
