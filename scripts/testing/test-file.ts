import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { killGroup, listGroup } from './process-group.js';
import type { TestOutcome } from './event-reporter.js';

export interface TestFileOptions {
  /** The project's folder, in which the file runs. */
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
}

export interface TestFileResult {
  readonly file: string;
  readonly outcomes: readonly TestOutcome[];
  /** What the file printed, up to a limit. */
  readonly output: string;
  readonly tookMs: number;
}

interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly timedOut: boolean;
  /** Command lines. */
  readonly leftBehind: readonly string[];
}

const reporter = fileURLToPath(new URL('event-reporter.ts', import.meta.url));
const OUTPUT_LIMIT = 20_000;
const GRACE_MS = 2_000;
/** Process groups: all that run, and those whose time is up. */
const running = new Set<number>();
const overdue = new Set<number>();

/** Ends every test file that still runs, with all that it has started. */
export function killRunningTests(): void {
  running.forEach(killGroup);
}

/**
 * Runs one test file in a process group of its own. Whatever goes wrong beside its tests (it hangs,
 * contains none, ends early, leaves processes behind) becomes a failed outcome.
 */
export async function runTestFile(file: string, options: TestFileOptions): Promise<TestFileResult> {
  const directory = mkdtempSync(join(tmpdir(), 'greymilter-run-'));
  const outcomeFile = join(directory, 'outcomes');
  const startedAt = performance.now();
  try {
    const reporting = ['--test-reporter', reporter, '--test-reporter-destination', outcomeFile];
    const { ending, output } = await runNode(['--import', 'tsx', ...reporting, file], options);
    const outcomes = readOutcomes(outcomeFile);
    const error = findProblem(outcomes, ending, options.timeoutMs);
    const name = 'the file as a whole';
    const all =
      error === undefined ? outcomes : [...outcomes, { kind: 'failed', name, error } as const];
    return { file, outcomes: all, output, tookMs: Math.round(performance.now() - startedAt) };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function runNode(
  nodeOptions: readonly string[],
  { root, env, timeoutMs }: TestFileOptions,
): Promise<{ readonly ending: Ending; readonly output: string }> {
  const child = spawn(process.execPath, nodeOptions, {
    cwd: root,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      if (output.length < OUTPUT_LIMIT) output += text;
    });
  const closed = new Promise<void>((resolve) => child.once('close', resolve));
  const ending = await endOf(child, timeoutMs);
  await Promise.race([closed, sleep(GRACE_MS, undefined, { ref: false })]);
  return { ending, output };
}

async function endOf(child: ChildProcess, timeoutMs: number): Promise<Ending> {
  const exit = new Promise<Pick<Ending, 'code' | 'signal'>>((resolve, reject) => {
    child.once('exit', (code, signal) => {
      resolve({ code, signal });
    });
    child.once('error', reject);
  });
  const group = child.pid;
  // Not started: `exit` rejects with the reason.
  if (group === undefined) return { ...(await exit), timedOut: false, leftBehind: [] };
  running.add(group);
  const limit = setTimeout(() => {
    overdue.add(group);
    killGroup(group);
  }, timeoutMs);
  const { code, signal } = await exit;
  clearTimeout(limit);
  const timedOut = overdue.delete(group);
  const leftBehind = timedOut ? [] : await listLeftBehind(group);
  killGroup(group);
  running.delete(group);
  return { code, signal, timedOut, leftBehind };
}

function findProblem(
  outcomes: readonly TestOutcome[],
  { code, signal, timedOut, leftBehind }: Ending,
  timeoutMs: number,
): string | undefined {
  const has = (kind: TestOutcome['kind']): boolean => outcomes.some((each) => each.kind === kind);
  if (timedOut)
    return `not finished after ${timeoutMs / 1000} s: a test hangs, or something was left open`;
  if (leftBehind.length > 0) return `left running: ${leftBehind.join('; ')}`;
  if (signal !== null) return `ended by ${signal}`;
  if (code !== 0 && !has('failed')) return `ended with exit status ${code ?? 'unknown'}`;
  if (outcomes.length === 0) return 'no outcome of a test: it contains none, or ended early';
  return has('end') ? undefined : 'ended before its tests did';
}

function readOutcomes(outcomeFile: string): readonly TestOutcome[] {
  let text: string;
  try {
    text = readFileSync(outcomeFile, 'utf8');
  } catch (error) {
    // Nothing is written if there is no test.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
  // The last line may be cut off if the process was killed.
  const lines = text.split('\n').slice(0, -1);
  // Written by our own reporter a moment ago.
  return lines.map((line) => JSON.parse(line) as TestOutcome);
}

/** What the file has started and not ended; what is about to end gets a moment for it. */
async function listLeftBehind(group: number): Promise<readonly string[]> {
  const deadline = performance.now() + GRACE_MS;
  for (;;) {
    // tsx's compiler notices only after up to a second that it is no longer needed.
    const left = listGroup(group).filter((command) => !command.includes('esbuild'));
    if (left.length === 0 || performance.now() > deadline) return left;
    await sleep(20);
  }
}
