import { spawn } from 'node:child_process';
import { buffer, text } from 'node:stream/consumers';
import { SetupError } from './setup-error.js';

/** How a program is run. */
export interface ProgramRun {
  readonly program: string;
  readonly args: readonly string[];
  /** On its standard input; nothing without it. */
  readonly input?: string;
  readonly directory?: string;
  /** Of its input and output: `latin1` has a character for each byte. */
  readonly encoding?: 'utf8' | 'latin1';
}

/** How a program ended. */
export interface ProgramEnd {
  /** Undefined if a signal ended it. */
  readonly status: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program to its end, whatever that is.
 *
 * @throws SetupError SETUP_PROGRAM if it is not there
 */
export async function runProgram(run: ProgramRun): Promise<ProgramEnd> {
  // Whoever became root by `su` has no sbin in the path. No locale: output is read.
  const env = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`, LC_ALL: 'C' };
  const child = spawn(run.program, run.args, { env, cwd: run.directory, stdio: 'pipe' });
  const ended = new Promise<number | undefined>((resolve, reject) => {
    child.once('error', (cause) => {
      const message = `${run.program} cannot be run; is it installed?`;
      reject(new SetupError('SETUP_PROGRAM', message, { cause }));
    });
    child.once('close', (status) => resolve(status ?? undefined));
  });
  // One that reads nothing may be gone before it is written to.
  child.stdin.on('error', () => undefined);
  const encoding = run.encoding ?? 'utf8';
  child.stdin.end(run.input ?? '', encoding);
  const [status, stdout, stderr] = await Promise.all([
    ended,
    buffer(child.stdout),
    text(child.stderr),
  ]);
  return { status, stdout: stdout.toString(encoding), stderr };
}

/**
 * Runs a program that is to succeed.
 *
 * @returns what it printed
 * @throws SetupError SETUP_PROGRAM with what it said
 */
export async function runWell(run: ProgramRun): Promise<string> {
  const { status, stdout, stderr } = await runProgram(run);
  if (status === 0) return stdout;
  const [command = ''] = run.args;
  throw new SetupError('SETUP_PROGRAM', `${run.program} ${command} failed: ${stderr.trim()}`);
}
