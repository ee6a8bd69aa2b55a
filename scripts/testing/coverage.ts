import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';

interface Count {
  readonly total: number;
  readonly covered: number;
}

type FileCoverage = Readonly<Record<'lines' | 'branches', Count>>;

/** What is covered of each file, and what is demanded of which files. */
export interface CoverageGate {
  readonly what: 'lines' | 'branches';
  /** Paths that begin so; empty for all. */
  readonly folder: string;
  readonly percent: number;
}

const GATES: readonly CoverageGate[] = [
  { what: 'lines', folder: 'src/', percent: 95 },
  { what: 'branches', folder: 'src/', percent: 90 },
  { what: 'branches', folder: 'src/protocols/', percent: 100 },
  { what: 'branches', folder: 'src/greylist/', percent: 100 },
  // The rest are guards against what the types cannot rule out, such as an index beyond an array.
  { what: 'branches', folder: 'src/rules/', percent: 98 },
];

/** What the tests have covered: one line for each gate, the gates that were missed, the details. */
export interface CoverageVerdict {
  readonly summary: readonly string[];
  readonly missed: number;
  readonly details: string;
}

/** Reads what Node wrote down and compares it with the gates. */
export function judgeCoverage(root: string): CoverageVerdict {
  const c8 = join(root, 'node_modules/c8/bin/c8.js');
  const places = ['--temp-directory', 'coverage/raw', '--reports-dir', 'coverage'];
  const reporters = ['json-summary', 'lcov', 'text'].flatMap((name) => ['--reporter', name]);
  // What ran from dist/ is left out: it counts branches that the sources do not have.
  const filter = ['--include', 'src/**/*.ts', '--exclude', 'src/admin/page/**', '--skip-full'];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [c8, 'report', ...places, ...reporters, ...filter],
    { cwd: root, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`c8 report failed: ${stderr}`);
  const files = readSummary(root);
  const results = GATES.map((gate) => judgeGate(gate, files));
  return {
    summary: results.map(({ line }) => line),
    missed: results.filter(({ ok }) => !ok).length,
    details: stdout,
  };
}

function judgeGate(
  { what, folder, percent }: CoverageGate,
  files: ReadonlyMap<string, FileCoverage>,
): { readonly ok: boolean; readonly line: string } {
  const counts = [...files]
    .filter(([file]) => file.startsWith(folder))
    .map(([, file]) => file[what]);
  const total = counts.reduce((sum, count) => sum + count.total, 0);
  const covered = counts.reduce((sum, count) => sum + count.covered, 0);
  const reached = total === 0 ? 100 : (100 * covered) / total;
  const ok = reached >= percent;
  const figure = `${reached.toFixed(2)} % of ${what} in ${folder}`;
  return { ok, line: `${ok ? 'ok  ' : 'FAIL'} ${figure} (at least ${percent} %)` };
}

function readSummary(root: string): ReadonlyMap<string, FileCoverage> {
  const text = readFileSync(join(root, 'coverage', 'coverage-summary.json'), 'utf8');
  // c8's own format, of the version that the lock file pins.
  const summary = JSON.parse(text) as Readonly<Record<string, FileCoverage>>;
  const files = new Map<string, FileCoverage>();
  for (const [path, coverage] of Object.entries(summary))
    if (path !== 'total') files.set(relative(root, path), coverage);
  for (const file of listSources(root).filter((path) => !files.has(path)))
    files.set(file, notCovered(join(root, file)));
  return files;
}

/**
 * c8 knows only what was loaded. What no test loads counts as not covered at all, unless nothing
 * remains of it when its types are taken away.
 */
function notCovered(path: string): FileCoverage {
  const source = readFileSync(path, 'utf8');
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: {
      module: ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ES2022,
      verbatimModuleSyntax: true,
      removeComments: true,
    },
  });
  const isEmpty = outputText.replace('export {};', '').trim() === '';
  const lines = isEmpty ? 0 : source.split('\n').length;
  return {
    lines: { total: lines, covered: 0 },
    branches: { total: isEmpty ? 0 : 1, covered: 0 },
  };
}

function listSources(root: string): readonly string[] {
  return (
    readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
      .map((name) => join('src', name))
      // The page runs in browsers; test/browser/ goes through all of it.
      .filter((name) => name.endsWith('.ts') && !name.startsWith('src/admin/page/'))
  );
}
