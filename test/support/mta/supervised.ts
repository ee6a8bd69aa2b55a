import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { NetworkHost } from '../test-network.js';
import { mtaEnvironment } from './commands.js';
import { countListeners } from './ports.js';

/** How to start an MTA's daemon in the foreground. */
export interface SupervisedCommand {
  /** The instance's own directory. */
  readonly directory: string;
  readonly command: readonly string[];
  readonly port: number;
  /** On how many addresses it will listen on that port. */
  readonly listeners: number;
  /** Files of its own in which it may say why it does not start. */
  readonly logFiles: readonly string[];
  /** Names of client addresses, beside localhost; all others have no name. */
  readonly hosts: Readonly<Record<string, string>>;
  /** The machine that it runs on, in place of this one. */
  readonly machine?: NetworkHost | undefined;
}

const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 5_000;
const POLL_MS = 10;

/** What the daemon printed, where it has nothing better to log to. */
export function outputFile(directory: string): string {
  return join(directory, 'output');
}

/**
 * Starts the daemon and resolves, once it listens, to what stops it with all its processes.
 * It also stops when this process ends, however that happens.
 */
export async function startSupervised(start: SupervisedCommand): Promise<() => Promise<void>> {
  writeNameService(start);
  const output = openSync(outputFile(start.directory), 'w');
  const script = fileURLToPath(new URL('supervise.sh', import.meta.url));
  const [program = '', ...options] = [
    ...(start.machine?.enter ?? []),
    ...['unshare', '--uts', '--mount', '--pid', '--fork', '--kill-child'],
    ...['sh', script, start.directory, ...start.command],
  ];
  const child = spawn(program, options, {
    stdio: ['pipe', output, output],
    env: mtaEnvironment,
    cwd: start.directory,
  });
  closeSync(output);
  const stop = (): Promise<void> => stopChild(child);
  try {
    await listening(child, start);
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}

async function listening(child: ChildProcess, start: SupervisedCommand): Promise<void> {
  let failed: unknown;
  child.once('error', (error) => {
    failed = error;
  });
  const deadline = performance.now() + START_LIMIT_MS;
  while (countListeners(start.port, start.machine?.proc) < start.listeners) {
    const [name] = start.command;
    if (failed !== undefined) throw new Error(`${name ?? ''} cannot be run`, { cause: failed });
    if (hasEnded(child) || performance.now() > deadline) {
      const files = [outputFile(start.directory), ...start.logFiles].filter((file) =>
        existsSync(file),
      );
      const said = files.map((file) => readFileSync(file, 'utf8')).join('');
      const what = hasEnded(child) ? 'ended at start' : 'does not listen';
      throw new Error(`${name ?? ''} ${what}; it said: ${said}`);
    }
    await sleep(POLL_MS);
  }
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (hasEnded(child) || child.pid === undefined) return;
  const exit = once(child, 'exit');
  child.stdin?.end();
  // Process 1 of the namespace dies with unshare, and everything else with process 1.
  const impatience = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
  await exit;
  clearTimeout(impatience);
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function writeNameService({ directory, hosts }: SupervisedCommand): void {
  const names = { '127.0.0.1': 'localhost', '::1': 'localhost', ...hosts };
  const lines = Object.entries(names).map(([address, name]) => `${address} ${name}\n`);
  writeFileSync(join(directory, 'hosts'), lines.join(''));
  writeFileSync(join(directory, 'nsswitch.conf'), 'passwd: files\ngroup: files\nhosts: files\n');
}
