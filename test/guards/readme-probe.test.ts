import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { runCommandLine } from '../../src/cli/command-line.js';
import { probeOptions } from '../../src/cli/probe/probe-options.js';
import { startTestDaemon } from '../support/daemon-harness.js';
import { RecordingOutput } from '../unit/cli/recording-output.js';
import { firstColumn, readHandbook, shellWords } from './readme-text.js';

const { snippets, tables } = readHandbook();
const shownSocket = 'unix:/run/greymilter/milter.sock';
const shownConfig = '/etc/greymilter/greymilter.yaml';

/** Times differ from run to run, and with them the width of their column. */
function timeless(text: string): string {
  return text.replace(/\d+\.\d ms/g, 'N ms').replace(/ {2,}/g, '  ');
}

describe("The handbook's probes", () => {
  const lines = snippets.filter(({ info }) => info === 'sh probe').flatMap((each) => each.lines);
  const [shown, ...more] = snippets.filter(({ info }) => info === 'text probe');

  for (const [index, line] of lines.entries()) {
    test(`are answered: ${line}`, async (t) => {
      const daemon = await startTestDaemon(t);
      const [address = ''] = daemon.addresses;
      const config = join(daemon.directory, 'greymilter.yaml');
      writeFileSync(config, `listen: {milter: '${address}'}\n`);
      const replaced = line.replace(shownSocket, address).replace(shownConfig, config);
      const [program, ...args] = shellWords(replaced);
      const output = new RecordingOutput();
      assert.equal(program, 'greymilter');
      assert.equal(await runCommandLine(args, output), 0, output.errors + output.printed);
      if (index > 0) return;
      const said = output.printed.replace(address, shownSocket).trimEnd();
      assert.equal(timeless(said), timeless(shown?.lines.join('\n') ?? ''));
    });
  }

  test('show one answer', () => assert.deepEqual(more, []));

  test('have their options in a table', () =>
    assert.deepEqual(
      firstColumn(tables, 'option')
        .map((name) => name.replace(/^--/, ''))
        .toSorted(),
      Object.keys(probeOptions).toSorted(),
    ));
});
