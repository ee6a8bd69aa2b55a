import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';

/** What was measured, on what, and when. */
export interface Machine {
  readonly version: string;
  /** Of the source; with a plus if it has changes that are not committed, undefined without git. */
  readonly commit: string | undefined;
  readonly node: string;
  readonly kernel: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  /** Processes that ran, or wanted to, in the minute before: what else the machine had to do. Not in old reports. */
  readonly load?: number;
  readonly measuredAt: string;
  /** What greymilter is compared with, where it is: `postgrey 1.37`. */
  readonly postgrey?: string | undefined;
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Looks at this machine, as it is before a measurement. */
export function describeMachine(): Machine {
  const [processor] = cpus();
  // It is our own.
  const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as Machine;
  return {
    version,
    commit: describeCommit(),
    node: process.version,
    kernel: release(),
    cpu: processor?.model ?? 'unknown',
    cores: cpus().length,
    memoryBytes: totalmem(),
    load: loadavg()[0] ?? NaN,
    measuredAt: new Date().toISOString(),
  };
}

function describeCommit(): string | undefined {
  const git = (...args: readonly string[]): string | undefined => {
    const { status, stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8' });
    return status === 0 ? stdout.trim() : undefined;
  };
  const commit = git('rev-parse', '--short', 'HEAD');
  return commit && commit + (git('status', '--porcelain') === '' ? '' : '+');
}

/** One line for people. */
export function formatMachine(machine: Machine): string {
  const { version, commit, node, kernel, cpu, cores, memoryBytes, load, postgrey } = machine;
  const what = `greymilter ${version}${commit === undefined ? '' : ` (${commit})`}`;
  const memory = `${(memoryBytes / 2 ** 30).toFixed(0)} GiB`;
  const before = load === undefined ? '' : `, load ${load.toFixed(1)} before`;
  const beside = postgrey === undefined ? '' : `, beside ${postgrey}`;
  return `${what}, Node.js ${node}, Linux ${kernel}, ${cores} × ${cpu}, ${memory}${before}${beside}`;
}
