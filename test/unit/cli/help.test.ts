import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { withCommands } from '../../../src/cli/command-line.js';
import { outlineCommand, type CommandOutline } from '../../../src/cli/shell/command-outline.js';
import { RecordingOutput } from './recording-output.js';

/** A command that does something, with all of its words. */
interface Leaf {
  readonly words: string;
  readonly outline: CommandOutline;
}

function leavesOf(outline: CommandOutline, before = ''): readonly Leaf[] {
  return outline.commands.flatMap((command): readonly Leaf[] => {
    const words = `${before}${command.name}`;
    const inner = leavesOf(command, `${words} `);
    const isGroup = inner.length > 0 && command.examples.length === 0;
    return isGroup ? inner : [{ words, outline: command }, ...inner];
  });
}

const root = outlineCommand({ usage: 'greymilter', describe: '' }, (argv) =>
  withCommands(argv, new RecordingOutput()),
);

/** Whose help is that of the program that they stand in for. */
const standIns: ReadonlySet<string> = new Set(['postgrey', 'milter-greylist']);
const leaves = leavesOf(root).filter(({ words }) => !standIns.has(words));

/** What prints something that has a form of its own. */
const withoutJson: Readonly<Record<string, string>> = {
  serve: 'is the filter itself: its log has log.format',
  'check-config': 'prints the configuration, as YAML',
  'convert-config': 'prints a configuration, as YAML',
  completion: 'prints a script',
  export: 'prints JSON anyway',
  postgreyreport: "has Postgrey's columns, for programs that read these",
  'setup postfix': 'prints lines of main.cf',
  'setup sendmail': 'prints lines of m4',
};

/** The command of a line, whose options are all there. */
function commandIn(line: string): Leaf {
  const said = line.slice('greymilter '.length);
  const leaf = leaves
    .filter(({ words }) => said === words || said.startsWith(`${words} `))
    .reduce((one, other) => (other.words.length > one.words.length ? other : one), {
      words: '',
      outline: root,
    });
  const known = new Set(leaf.outline.options.map(({ name }) => name));
  for (const [, option = ''] of said.matchAll(/ --([a-z][\w-]*)/g)) {
    assert.ok(known.has(option) || known.has(option.replace(/^no-/, '')), `${option}: ${line}`);
  }
  return leaf;
}

describe('the help of each command', () => {
  test('the example of explain finds lines of a log that are JSON, which --stdin reads', () => {
    const examples = leaves.find(({ words }) => words === 'explain')?.outline.examples ?? [];
    const sought = examples.map(([line]) => /^grep (\S+) log\.json \| /.exec(line)?.[1]);
    assert.ok(sought.includes(`'"verdict":"tempfail"'`), sought.join());
  });

  test('is there to be looked at', () => assert.ok(leaves.length > 25, `${leaves.length}`));

  for (const { words, outline } of leaves) {
    test(`${words}: says what it does, with examples of what it takes`, () => {
      assert.notEqual(outline.describe, '');
      assert.ok(outline.examples.length > 0);
      const named = outline.examples.flatMap(([line]) =>
        line
          .split('|')
          .map((part) => part.trim())
          .filter((part) => part.startsWith('greymilter '))
          .map((part) => commandIn(part)),
      );
      assert.ok(
        named.some((other) => other.words === words),
        'none is of it',
      );
    });

    test(`${words}: has words for programs, or a reason to have none`, () => {
      const hasJson = outline.options.some(({ name }) => name === 'json');
      assert.equal(hasJson, withoutJson[words] === undefined);
    });
  }

  test('names the way around the question, and the rehearsal, of all that destroys something', () => {
    const has = (name: string): readonly string[] =>
      leaves
        .filter(({ outline }) => outline.options.some((option) => option.name === name))
        .map(({ words }) => words)
        .sort();
    assert.deepEqual(has('yes'), ['forget', 'pass', 'repair', 'restore']);
    assert.deepEqual(has('dry-run'), has('yes'));
  });
});
