import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createTempDirectory } from '../support/temp-directory.js';

const runner = fileURLToPath(new URL('../../scripts/run-tests.mjs', import.meta.url));
const nodeTest = `import { describe, test, after } from 'node:test';\n`;

interface Run {
  readonly status: number | null;
  readonly output: string;
  readonly lastLine: string | undefined;
}

/** Runs the runner on test files with these texts. */
function runFiles(
  t: TestContext,
  texts: readonly string[],
  { ci = false, timeoutSeconds = 60 } = {},
): Run {
  const folder = createTempDirectory(t);
  const files = texts.map((text, index) => {
    const file = join(folder, `${index}.test.mts`);
    writeFileSync(file, text);
    return file;
  });
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [runner, `--timeout=${timeoutSeconds}`, ...files],
    {
      encoding: 'utf8',
      // Node's runner, if this file runs under it, would make node:test in the files mute.
      env: { ...process.env, CI: String(ci), NODE_TEST_CONTEXT: undefined },
    },
  );
  const output = stdout + stderr;
  return { status, output, lastLine: stdout.trimEnd().split('\n').at(-1) };
}

describe('the test runner', () => {
  test('counts what passes, over all files', (t) => {
    const run = runFiles(t, [
      `${nodeTest} describe('a', () => { test('b', () => {}); test('c', () => {}); });`,
      `${nodeTest} test('d', () => {});`,
    ]);
    assert.equal(run.lastLine, '3 passed, 0 failed');
    assert.equal(run.status, 0);
  });

  test('fails with a test, names it by its suites and shows what it printed', (t) => {
    const run = runFiles(t, [
      `${nodeTest} describe('a', () => { test('b', () => { console.log('so'); throw Error('why'); }); });`,
    ]);
    assert.equal(run.lastLine, '0 passed, 1 failed');
    assert.equal(run.status, 1);
    for (const part of [/a > b/, /Error: why/, /so/]) assert.match(run.output, part);
  });

  test('fails with a hook', (t) => {
    const run = runFiles(t, [
      `${nodeTest} describe('a', () => { test('b', () => {}); after(() => { throw Error('c'); }); });`,
    ]);
    assert.equal(run.lastLine, '1 passed, 1 failed');
    assert.equal(run.status, 1);
  });

  const troubles: readonly (readonly [what: string, text: string, says: RegExp])[] = [
    ['contains no test', 'export const a = 1;', /contains none/],
    ['cannot be loaded', 'throw Error("broken");', /exit status 1[^]*broken/],
    ['ends early', `${nodeTest} test('a', () => process.exit(0));`, /ended early/],
    [
      'leaves a process behind',
      `${nodeTest} import { spawn } from 'node:child_process';
       test('a', () => { spawn('sleep', ['60'], { stdio: 'ignore' }).unref(); });`,
      /left running: sleep 60/,
    ],
  ];
  for (const [what, text, says] of troubles)
    test(`fails with a file that ${what}`, (t) => {
      const run = runFiles(t, [text]);
      assert.match(run.output, says);
      assert.match(run.lastLine ?? '', /, 1 failed$/);
      assert.equal(run.status, 1);
    });

  test('ends a file that hangs, and fails with it', (t) => {
    const text = `${nodeTest} test('a', () => {}); setInterval(() => {}, 1000);`;
    const run = runFiles(t, [text], { timeoutSeconds: 4 });
    assert.match(run.output, /not finished after 4 s/);
    assert.equal(run.status, 1);
  });

  test('shows what is skipped, and fails with it in CI only', (t) => {
    const texts = [
      `${nodeTest} test('a', () => {}); test('b', { skip: 'no MTA' }, () => {});
       describe('c', { skip: 'nor this' }, () => {}); test('d', { todo: true }, () => {});`,
    ];
    const run = runFiles(t, texts);
    assert.equal(run.lastLine, '1 passed, 0 failed, 3 skipped');
    assert.match(run.output, /b: no MTA[^]*c: nor this/);
    assert.equal(run.status, 0);
    assert.equal(runFiles(t, texts, { ci: true }).status, 1);
  });

  test('fails when no test has run at all', (t) => {
    const run = runFiles(t, [`${nodeTest} test('a', { skip: true }, () => {});`]);
    assert.equal(run.lastLine, '0 passed, 0 failed, 1 skipped');
    assert.equal(run.status, 1);
  });

  test('refuses a part that it does not know', () => {
    const { status, stderr } = spawnSync(process.execPath, [runner, 'nonsense'], {
      encoding: 'utf8',
    });
    assert.match(stderr, /neither a part nor a file "nonsense"/);
    assert.equal(status, 64);
  });
});
