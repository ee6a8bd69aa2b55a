import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { CoverageVerdict } from './coverage.js';
import { runTestFile, type TestFileOptions, type TestFileResult } from './test-file.js';

// The smallest machines have two cores, and more would only disturb the tests that watch a clock.
const CONCURRENCY = 2;

/** All test files below a folder; Node 20 neither expands globs nor finds TypeScript by itself. */
export function findTestFiles(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join(folder, name))
    .sort();
}

/** Runs parts one after the other, prints how they go, and keeps count. */
export class TestRun {
  readonly #root: string;
  readonly #counts = { passed: 0, failed: 0, skipped: 0 };
  readonly #failedParts: string[] = [];

  constructor(root: string) {
    this.#root = root;
  }

  /** Runs a command that checks something; its status is the verdict. */
  runCheck(part: string, [command = '', ...options]: readonly string[]): boolean {
    print(`\n== ${part}\n`);
    const { status, error } = spawnSync(command, options, {
      cwd: this.#root,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    if (error !== undefined) print(`  ${error.message}\n`);
    print(status === 0 ? '  ok\n' : '  FAILED\n');
    if (status !== 0) this.#failedParts.push(part);
    return status === 0;
  }

  async runFiles(part: string, files: readonly string[], options: TestFileOptions): Promise<void> {
    print(`\n== ${part}\n`);
    const failedBefore = this.#counts.failed;
    const queue = [...files];
    const work = async (): Promise<void> => {
      for (let file = queue.shift(); file !== undefined; file = queue.shift())
        this.#report(await runTestFile(file, options));
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, work));
    if (files.length === 0) print('  there is no test file\n');
    if (files.length === 0 || this.#counts.failed > failedBefore) this.#failedParts.push(part);
  }

  reportCoverage({ summary, missed, details }: CoverageVerdict): void {
    print(`\n== coverage\n${missed > 0 ? details : ''}`);
    for (const line of summary) print(`  ${line}\n`);
    if (missed > 0) this.#failedParts.push('coverage');
  }

  /** Prints the last lines; returns whether the run may count as good. */
  conclude({
    onlyChecks,
    isCi,
  }: {
    readonly onlyChecks: boolean;
    readonly isCi: boolean;
  }): boolean {
    const { passed, failed, skipped } = this.#counts;
    if (!onlyChecks && passed + failed === 0) this.#failedParts.push('no test has run');
    if (isCi && skipped > 0) this.#failedParts.push('skipped tests, which CI does not allow');
    const isGood = this.#failedParts.length === 0;
    print(isGood ? '\n' : `\nFailed: ${this.#failedParts.join(', ')}\n`);
    print(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
    return isGood;
  }

  #report({ file, outcomes, output, tookMs }: TestFileResult): void {
    const details: string[] = [];
    const counts = { passed: 0, failed: 0, skipped: 0 };
    for (const outcome of outcomes) {
      if (outcome.kind === 'end') continue;
      counts[outcome.kind]++;
      this.#counts[outcome.kind]++;
      if (outcome.kind === 'skipped') details.push(`skipped: ${outcome.name}: ${outcome.reason}`);
      if (outcome.kind === 'failed') details.push(`FAILED: ${outcome.name}`, indent(outcome.error));
    }
    if (counts.failed > 0 && output !== '') details.push('it printed:', indent(output));
    const figures = Object.entries(counts).filter(([, count]) => count > 0);
    const text = figures.map(([kind, count]) => `${count} ${kind}`).join(', ');
    const path = relative(this.#root, file);
    print(`  ${counts.failed > 0 ? 'FAIL' : 'ok  '} ${path}: ${text} (${tookMs} ms)\n`);
    for (const detail of details) print(`${indent(detail)}\n`);
  }
}

function print(text: string): void {
  process.stdout.write(text);
}

function indent(text: string): string {
  return text.trimEnd().replace(/^/gm, '    ');
}
