import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { clearCoverage, coverageEnvironment } from './coverage-data.js';
import { findTestFiles, TestRun } from './test-run.js';
import { killRunningTests } from './test-file.js';

interface Wanted {
  readonly parts: readonly string[];
  readonly files: readonly string[];
  readonly coverage: boolean;
  readonly timeoutMs: number;
}

const root = resolve(fileURLToPath(new URL('../..', import.meta.url)));

const checkParts = new Map([
  ['build', ['node', 'scripts/build.mjs']],
  ['types', ['npm', 'run', '--silent', 'typecheck']],
  ['lint', ['npm', 'run', '--silent', 'lint']],
  ['format', ['npm', 'run', '--silent', 'format']],
]);

const testParts = [
  'unit',
  'property',
  'fuzz',
  'contract',
  'guards',
  'system',
  'interop',
  'browser',
];
/** Where coverage is counted: not by the MTAs, since it must not depend on what can be installed. */
const coveredParts = ['unit', 'property', 'fuzz', 'contract', 'system'];

function readArguments(): Wanted {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      coverage: { type: 'boolean', default: false },
      timeout: { type: 'string', default: '300' },
    },
  });
  const known = [...checkParts.keys(), ...testParts];
  const files = positionals.filter((name) => !known.includes(name));
  const missing = files.find((file) => !existsSync(file));
  if (missing !== undefined) {
    const hint = `the parts are ${known.join(', ')}`;
    process.stderr.write(`there is neither a part nor a file "${missing}"; ${hint}\n`);
    process.exit(64);
  }
  return {
    parts: positionals.length === 0 ? known : known.filter((name) => positionals.includes(name)),
    files: files
      .map((file) => resolve(file))
      .flatMap((file) => (statSync(file).isDirectory() ? findTestFiles(file) : [file])),
    coverage: values.coverage,
    timeoutMs: Number(values.timeout) * 1000,
  };
}

/** Runs what is wanted, in order; only a failed build ends the run early. */
async function runAll(run: TestRun, { parts, files, coverage, timeoutMs }: Wanted): Promise<void> {
  for (const [part, command] of checkParts)
    if (parts.includes(part) && !run.runCheck(part, command) && part === 'build') return;
  if (coverage) clearCoverage(root);
  for (const part of testParts.filter((name) => parts.includes(name))) {
    const counted = coverage && coveredParts.includes(part);
    const env = { ...process.env, ...(counted ? coverageEnvironment(root) : {}) };
    await run.runFiles(part, findTestFiles(join(root, 'test', part)), { root, env, timeoutMs });
  }
  if (files.length > 0) await run.runFiles('files', files, { root, env: process.env, timeoutMs });
  if (!coverage) return;
  // It loads the TypeScript compiler, which takes a second.
  const { judgeCoverage } = await import('./coverage.js');
  run.reportCoverage(judgeCoverage(root));
}

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    killRunningTests();
    process.exit(1);
  });

const wanted = readArguments();
const onlyChecks =
  wanted.files.length === 0 && !wanted.parts.some((part) => testParts.includes(part));
const run = new TestRun(root);
await runAll(run, wanted);
process.exitCode = run.conclude({ onlyChecks, isCi: process.env['CI'] === 'true' }) ? 0 : 1;
