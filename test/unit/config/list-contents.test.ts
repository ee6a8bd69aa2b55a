import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';

import { ConfigError } from '../../../src/config/config-error.js';
import { entriesOfFile } from '../../../src/config/list-file.js';
import { loadConfig, parseConfig } from '../../../src/config/load.js';
import { STEP_SIZE } from '../../../src/rules/steps.js';
import { createTempDirectory } from '../../support/temp-directory.js';
import { withoutRights } from '../../support/without-rights.js';

const clientLists = (files: readonly string[]): string =>
  `lists:\n  a:\n    clients:\n${files.map((file) => `      - {file: ${file}}\n`).join('')}` +
  'rules:\n  - {when: {client: list:a}, then: accept}\n';

/** A configuration with list files beside it. */
function write(t: TestContext, files: Readonly<Record<string, string | Buffer>>) {
  const directory = createTempDirectory(t);
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(directory, name), content);
  }
  return { directory, file: join(directory, 'g.yaml') };
}

async function problemsOf(file: string): Promise<readonly (string | undefined)[][]> {
  try {
    await loadConfig({ file });
    return [];
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    assert.equal(error.code, 'CONFIG_INVALID');
    return error.issues.map(({ file: name, line, column, path, problem, hint }) => [
      `${name}:${line ?? 0}:${column ?? 0}`,
      `${path}: ${problem}`,
      hint,
    ]);
  }
}

describe('long lists', () => {
  test('let others have their turns behind each pattern, which takes long to read', async (t) => {
    const patterns = Array.from({ length: 50 }, (_, at) => `/^dyn${at}-[0-9]+\\.example$/`);
    const { file } = write(t, { 'g.yaml': clientLists(['long']), long: patterns.join('\n') });
    let turns = 0;
    const next = () => {
      turns += 1;
      return Promise.resolve();
    };
    await loadConfig({ file, turns: { isOver: true, next } });
    assert.ok(turns > patterns.length, `${turns} turns`);
  });

  test('let others have their turns while they are read, and come to the same', async (t) => {
    const networks = Array.from(
      { length: 5000 },
      (_, at) => `10.${(at * 7) % 256}.${at % 256}.0/24`,
    );
    const { directory, file } = write(t, { a: networks.join('\n') });
    writeFileSync(file, clientLists([join(directory, 'a')]));
    let turns = 0;
    const next = (): Promise<void> => {
      turns += 1;
      return Promise.resolve();
    };
    const loaded = await loadConfig({ file, turns: { isOver: true, next } });
    // Read, put into order, and made into a table.
    assert.ok(turns > networks.length + (2 * networks.length) / STEP_SIZE, `${turns} turns`);
    assert.deepEqual(loaded.lists, (await loadConfig({ file })).lists);
  });
});

describe('the lines of a list file', () => {
  test('are entries without blanks and comments', () =>
    assert.deepEqual(
      [...entriesOfFile('\uFEFFa\r\n  b \t# c\n#d\n\n e#f\r/g #h/ # i\n/j/i\t\n/k')],
      [
        { text: 'a', line: 1, column: 1 },
        { text: 'b', line: 2, column: 3 },
        { text: 'e#f', line: 5, column: 2 },
        { text: '/g #h/', line: 6, column: 1 },
        { text: '/j/i', line: 7, column: 1 },
        { text: '/k', line: 8, column: 1 },
      ],
    ));
});

describe('list files', () => {
  test('are read from where they are, or from beside the configuration', async (t) => {
    const { directory, file } = write(t, {
      'one.txt': '192.0.2.0/24 # ours\n\nmx.example.net\n',
      'two.txt': '# nothing yet\n',
    });
    writeFileSync(file, clientLists(['one.txt', join(directory, 'two.txt')]));
    const { lists, program } = await loadConfig({ file });
    assert.deepEqual(
      lists.get('a')?.clients?.map(({ value, place }) => [value.text, place]),
      [
        ['192.0.2.0/24', `${directory}/one.txt:1`],
        ['mx.example.net', `${directory}/one.txt:3`],
      ],
    );
    assert.deepEqual(program.rules[0]?.place, { file, line: 7 });
  });

  test('that are wrong are told with their own lines, beside what else is wrong', async (t) => {
    const lines = [
      '10.0.0.1/8',
      '"10.0.0.1"',
      '- 10.0.0.1',
      '10.0.0.1, 10.0.0.2',
      'x'.repeat(2000),
    ];
    const { directory, file } = write(t, { 'one.txt': `\n${lines.join('\n')}\n` });
    writeFileSync(file, `log: {level: loud}\n${clientLists(['one.txt'])}`);
    const at = (line: number): string => `${directory}/one.txt:${line}:1`;
    const problems = await problemsOf(file);
    assert.deepEqual(problems, [
      [`${file}:1:14`, 'log.level: must be error, warn, info or debug', undefined],
      [
        at(2),
        'lists.a.clients: is an address with a prefix',
        'write 10.0.0.0/8 for the network or 10.0.0.1 for the address',
      ],
      [at(3), 'lists.a.clients: is not a host name', 'write entries of a file without quotes'],
      [at(4), 'lists.a.clients: is not a host name', 'write entries of a file without a dash'],
      [
        at(5),
        'lists.a.clients: is not a host name',
        'write one entry a line, and comments behind a #',
      ],
      [at(6), 'lists.a.clients: is too long for an entry', 'write one entry a line'],
    ]);
  });

  test('that are wrong all through are told of ten times', async (t) => {
    const { directory, file } = write(t, { 'one.txt': '1.2.3.4/5\n'.repeat(5000) });
    writeFileSync(file, clientLists(['one.txt']));
    const problems = await problemsOf(file);
    assert.equal(problems.length, 11);
    assert.deepEqual(problems.at(-1), [
      `${directory}/one.txt:11:1`,
      'lists.a.clients: 4990 more lines from here on are wrong',
      undefined,
    ]);
  });

  test('that cannot be read are told where they are named', (t) =>
    withoutRights(t, import.meta.url, async () => {
      const { directory, file } = write(t, {
        'binary.txt': Buffer.from([0x61, 0xff]),
        'large.txt': Buffer.alloc(16 * 1024 * 1024 + 1, '#'),
        'closed.txt': '',
      });
      mkdirSync(join(directory, 'folder'));
      chmodSync(join(directory, 'closed.txt'), 0);
      const names = ['none.txt', 'folder', 'binary.txt', 'large.txt', 'closed.txt'];
      writeFileSync(file, clientLists(names));
      const expected: readonly (readonly [string, string | undefined])[] = [
        ['there is no such file', 'write the path as it is on this machine'],
        ['is not a regular file', undefined],
        ['is not UTF-8 text: save it in that encoding', undefined],
        ['is larger than 16384 KiB', 'use networks and domains in place of single addresses'],
        [
          'this user may not read it: look at its owner and mode, and at those of the directories above it',
          undefined,
        ],
      ];
      const problems = await problemsOf(file);
      assert.deepEqual(
        problems,
        expected.map(([problem, hint], index) => [
          `${file}:${index + 4}:16`,
          `lists.a.clients.file: ${directory}/${names[index] ?? ''}: ${problem}`,
          hint,
        ]),
      );
    }));

  test('are not read where nothing may be', () =>
    assert.throws(() => parseConfig({ text: clientLists(['/x']) }), /\/x: was not read/));

  test('of a hundred thousand entries are loaded at once', async (t) => {
    const networks = Array.from(
      { length: 100_000 },
      (_, n) => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`,
    );
    const { file } = write(t, { 'one.txt': networks.join('\n') });
    writeFileSync(file, clientLists(['one.txt']));
    const { lists } = await loadConfig({ file });
    assert.equal(lists.get('a')?.clients?.length, 100_000);
  });
});
