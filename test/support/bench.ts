import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The script itself. */
export const benchScript: string = fileURLToPath(new URL('../../scripts/bench', import.meta.url));

/** What `scripts/bench` has said in the end. */
export interface BenchResult {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs `scripts/bench`. */
export function bench(...args: readonly string[]): BenchResult {
  return benchFrom(process.cwd(), ...args);
}

/** Runs it as somebody does who is in this directory. */
export function benchFrom(cwd: string, ...args: readonly string[]): BenchResult {
  const { status, stdout, stderr } = spawnSync(benchScript, args, { cwd, encoding: 'utf8' });
  return { status, out: stdout, err: stderr };
}

/** A row of a table in a report. */
export type BenchRow = Readonly<Record<string, unknown>> & { readonly name: string };

/** Reads a report that it has written; what is in it is for its test to say. */
export function readBenchReport(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}
