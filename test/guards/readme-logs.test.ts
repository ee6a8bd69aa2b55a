import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { runCommandLine } from '../../src/cli/command-line.js';
import { reportOptions } from '../../src/cli/logs/report-options.js';
import { STORY_KEYS } from '../../src/reports/story-keys.js';
import { dayOfMail, mailLog } from '../support/mail-log.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { RecordingOutput } from '../unit/cli/recording-output.js';
import { codeIn, firstColumn, readHandbook, shellWords } from './readme-text.js';

const { snippets, tables } = readHandbook();
const shownLog = '/var/log/mail.log';

describe("The handbook's commands that read logs", () => {
  const commands = snippets.filter(({ info }) => info === 'sh logs');
  const answers = snippets.filter(({ info }) => info === 'text logs');

  test('each have their answer', () => {
    assert.deepEqual(
      commands.map(({ lines: [line = ''] }) => shellWords(line)[1]),
      ['report', 'postgreyreport', 'tune', 'replay'],
    );
    assert.equal(answers.length, commands.length);
  });

  for (const [index, { lines }] of commands.entries()) {
    const [line = ''] = lines;
    test(line, async (t) => {
      const log = join(createTempDirectory(t), 'mail.log');
      writeFileSync(log, mailLog(dayOfMail()));
      const [command = '', last] = line.split(' | tail -n ');
      const [program, ...args] = shellWords(command.replace(shownLog, log));
      assert.equal(program, 'greymilter');
      const output = new RecordingOutput();
      const dated = ['--time-zone', 'UTC', '--until', '2026-11-28'];
      assert.equal(await runCommandLine([...args, ...dated], output), 0, output.errors);
      const said = output.printed.trimEnd().split('\n');
      assert.deepEqual(
        answers[index]?.lines,
        last === undefined ? said : said.slice(-Number(last)),
      );
    });
  }

  test('have their options in a table', () => {
    const named = firstColumn(tables, 'report takes').map(
      (code) => code.slice(2).split(' ')[0] ?? '',
    );
    const own = Object.keys(reportOptions).filter(
      (name) => !['time-zone', 'until', 'greylist-text'].includes(name),
    );
    for (const name of own) assert.ok(named.includes(name), name);
  });

  test('have all keys', () => {
    const cells = tables.flatMap(({ rows }) => rows).find(([first]) => first === '`--by KEY`');
    assert.deepEqual(codeIn(cells?.[1] ?? ''), STORY_KEYS);
  });
});
