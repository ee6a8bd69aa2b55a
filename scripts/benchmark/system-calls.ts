import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Counts the system calls of a process. */
export interface CallCounter {
  /** How many there are, in all of its threads, while something is done. */
  count(pid: number, what: () => Promise<unknown>): Promise<number>;
}

/** By strace; undefined if that is not installed, or may not look at other processes. */
export function createCallCounter(): CallCounter | undefined {
  const { status } = spawnSync('strace', ['-c', '-U', 'calls,name', 'true'], { stdio: 'ignore' });
  return status === 0 ? { count } : undefined;
}

async function count(pid: number, what: () => Promise<unknown>): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'greymilter-calls-'));
  const summary = join(directory, 'summary');
  const args = ['-c', '-U', 'calls,name', '-f', '-o', summary, '-p', String(pid)];
  const strace = spawn('strace', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  try {
    await attached(strace);
    await what();
    const ended = once(strace, 'exit');
    strace.kill('SIGINT');
    await ended;
    return readTotal(readFileSync(summary, 'utf8'));
  } finally {
    strace.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  }
}

/** It says so in one line for all threads. */
async function attached({ stderr }: ChildProcess): Promise<void> {
  if (stderr === null) throw new Error('strace has no standard error');
  for await (const chunk of stderr.iterator({ destroyOnReturn: false })) {
    if (String(chunk).includes('attached')) return;
    throw new Error(`strace: ${String(chunk).trim()}`);
  }
  throw new Error('strace has ended before it began');
}

/** Reads the last line of a summary with these columns: ` 190 total`. */
export function readTotal(summary: string): number {
  const [, calls] = /^\s*(\d+) total$/m.exec(summary) ?? [];
  if (calls === undefined) throw new Error(`strace says no total: ${summary}`);
  return Number(calls);
}
