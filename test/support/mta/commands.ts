import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';

const execFileAsync = promisify(execFile);

/** Whoever became root by `su` has no sbin in the path. No locale: output is parsed. */
export const mtaEnvironment = {
  PATH: `${process.env['PATH'] ?? '/usr/bin:/bin'}:/usr/sbin:/sbin`,
  LC_ALL: 'C',
};

/** Any name with a dot: without one Sendmail sleeps for a minute whenever it starts. */
export const mtaHostName = 'mx.local.test';

/** The options that run a command with `mtaHostName` as the host's name. */
export function underMtaHostName(command: string, options: readonly string[]): readonly string[] {
  return ['--uts', 'sh', '-c', `hostname ${mtaHostName}; exec "$@"`, 'sh', command, ...options];
}

/** Runs a command and resolves to what it printed; rejects, with its stderr, if it fails. */
export async function runCommand(command: string, options: readonly string[]): Promise<string> {
  const { stdout } = await execFileAsync(command, options, {
    env: mtaEnvironment,
    timeout: 60_000,
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
}

/** Runs a short command with this input; throws, with its stderr, if it fails. */
export function runWithInput(command: string, options: readonly string[], input: string): string {
  const { error, status, stdout, stderr } = spawnSync(command, options, {
    env: mtaEnvironment,
    encoding: 'utf8',
    input,
    timeout: 60_000,
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} ended with ${status ?? 'a signal'}: ${stderr}`);
  return stdout;
}
