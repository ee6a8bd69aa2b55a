import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** How a script is run. */
export interface MiltertestOptions {
  /** The filter, in Sendmail's spelling. */
  readonly address: string;
  /** Moves the filter's clock when the script asks for it. */
  readonly passTime: (seconds: number) => void;
}

const scripts = fileURLToPath(new URL('../interop/miltertest', import.meta.url));
const LIMIT_MS = 60_000;

/** For the `skip` option of a test; in CI nothing is skipped, and what needs miltertest fails. */
export function skipWithoutMiltertest(): string | false {
  const { error } = spawnSync('miltertest', ['-V'], { stdio: 'ignore' });
  if (error === undefined || process.env['CI'] === 'true') return false;
  return 'miltertest is missing; scripts/install-mtas installs it';
}

/**
 * Plays a Lua script of test/interop/miltertest by miltertest, an MTA by other authors. A script
 * prints `pass` and seconds when time is to pass, and waits for an answer. Rejects, with what was
 * printed, if the script fails.
 */
export async function runMiltertest(script: string, options: MiltertestOptions): Promise<void> {
  const globals = ['-D', `script=${script}`, '-D', `socket=${options.address}`];
  const child = spawn('miltertest', [...globals, '-s', 'run.lua'], {
    cwd: scripts,
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: LIMIT_MS,
    killSignal: 'SIGKILL',
  });
  const said: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => said.push(text));
  // A script that has failed reads no more; its exit status tells.
  child.stdin.on('error', () => undefined);
  createInterface(child.stdout).on('line', (line) => {
    said.push(`${line}\n`);
    const seconds = /^pass (\d+)$/.exec(line)?.[1];
    if (seconds === undefined) return;
    options.passTime(Number(seconds));
    child.stdin.write('passed\n');
  });
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  });
  if (status !== 0)
    throw new Error(`${script} ended with ${status ?? 'a signal'}: ${said.join('')}`);
}
