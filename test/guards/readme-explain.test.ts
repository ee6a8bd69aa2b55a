import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, test } from 'node:test';
import { runCommandLine } from '../../src/cli/command-line.js';
import { askedLine } from '../../src/cli/explain/explain-input.js';
import { explainOptions } from '../../src/cli/explain/explain-options.js';
import { explain } from '../../src/cli/explain/explain.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { RecordingOutput } from '../unit/cli/recording-output.js';
import { codeIn, firstColumn, readHandbook, readPage, shellWords } from './readme-text.js';

const { snippets, tables, prose } = readPage('docs/reports.md');
const shownConfig = '/etc/greymilter/greymilter.yaml';
const shownStore = '/var/lib/greymilter/db';

/** Columns are as wide as the path of the configuration. */
function narrow(text: string): string {
  return text.replace(/ {2,}/g, '  ').trim();
}

describe('The explanation in docs/reports.md', () => {
  const commands = snippets.filter(({ info }) => info === 'sh explain');
  const [shown, ...more] = snippets.filter(({ info }) => info === 'text explain');
  const [first, second] = commands.flatMap(({ lines }) => lines);

  test('is what is said with the rules above it', async (t) => {
    const directory = createTempDirectory(t);
    const config = join(directory, 'greymilter.yaml');
    const store = join(directory, 'db');
    const rules = snippets.findLast(
      ({ info, line }) => info === 'yaml config' && line < (commands[0]?.line ?? 0),
    );
    writeFileSync(config, rules?.lines.join('\n') ?? '');
    const [program, ...args] = shellWords((first ?? '').replace(shownConfig, config));
    const output = new RecordingOutput();
    assert.equal(program, 'greymilter');
    const set = ['--set', `store.url=level:${store}`];
    assert.equal(await runCommandLine([...args, ...set], output), 0, output.errors);
    const said = output.printed.replaceAll(config, shownConfig).replaceAll(store, shownStore);
    assert.equal(narrow(said), narrow(shown?.lines.join('\n') ?? ''));
    assert.deepEqual(more, []);
  });

  test('takes lines of the log, and the line that is shown', async () => {
    assert.match(second ?? '', / \| greymilter explain .*--stdin --json$/);
    const logged = readHandbook().snippets.flatMap(({ info, lines }) =>
      info === 'text json-log' ? lines : [],
    );
    const output = new RecordingOutput();
    const set = ['greylist.providers=greylist'];
    const args = { set, stdin: true, json: true, 'no-store': true };
    assert.equal(await explain(args, output, Readable.from([logged.join('\n')])), 0, output.errors);
    assert.equal(output.printed.trim().split('\n').length, logged.length);
    const written = codeIn(prose).find((code) => code.startsWith('{"client"'));
    assert.ok('mail' in askedLine(written ?? '', 0), written);
  });

  test('has the options in a table', () =>
    assert.deepEqual(
      firstColumn(tables, 'explain takes')
        .flatMap((name) => (name.startsWith('--') ? [name.slice(2)] : []))
        .toSorted(),
      Object.keys(explainOptions).toSorted(),
    ));
});
