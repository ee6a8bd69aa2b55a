import type { ChildProcess } from 'node:child_process';

const steps = new Set<() => void>();

process.once('exit', () => {
  for (const step of [...steps].reverse()) step();
});

/**
 * Does something if this process exits before it is taken back. The last comes first: who writes files is
 * ended before they are removed.
 *
 * @returns takes it back
 */
export function atExit(step: () => void): () => void {
  steps.add(step);
  return () => void steps.delete(step);
}

/** Kills a child if this process exits before it. */
export function killAtExit(child: ChildProcess): void {
  const forget = atExit(() => void child.kill('SIGKILL'));
  child.once('exit', forget);
}
