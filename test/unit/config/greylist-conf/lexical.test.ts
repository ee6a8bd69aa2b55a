import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { parseGreylistConf } from '../../../../src/config/greylist-conf/parser.js';
import { notesOf, problemsOf, statementOf, statementsOf } from './reading.js';

describe('the text of a greylist.conf', () => {
  test('has comments, tabs, empty lines and letters of any case', () => {
    const { statements, comments } = parseGreylistConf(
      '# one\n\n\t QUIET\t# two\n  # three \nVerbose #\n',
    );
    assert.equal(statements.length, 2);
    assert.deepEqual(comments, [
      { line: 1, text: '# one', isAlone: true },
      { line: 3, text: '# two', isAlone: false },
      { line: 4, text: '# three', isAlone: true },
      { line: 5, text: '#', isAlone: false },
    ]);
  });

  test('may be empty', () => {
    assert.deepEqual(statementsOf(''), []);
    assert.deepEqual(notesOf(''), []);
    assert.deepEqual(notesOf(' \t'), []);
  });

  test('goes over lines behind a backslash', () => {
    assert.equal(statementOf('racl greylist \\\ndefault')['action'], 'greylist');
    assert.equal(statementOf('racl\\\n\\ # x\ngreylist default')['action'], 'greylist');
    assert.deepEqual(notesOf('racl greylist default \\'), [
      '1:24 ends without a newline, which milter-greylist refuses',
    ]);
  });

  test('loses what stands behind a backslash, and is told so', () => {
    assert.deepEqual(notesOf('racl greylist addr 192.0.2.1 \\ nolog\n\n'), [
      '1:31 has text behind a backslash, which is dropped as in milter-greylist; end the line with the backslash',
    ]);
  });

  test('may end without a newline, also in a comment, and have lines of Windows', () => {
    const note = 'ends without a newline, which milter-greylist refuses';
    assert.deepEqual(notesOf('quiet'), [`1:6 ${note}`]);
    assert.deepEqual(notesOf('quiet\n# x'), [`2:4 ${note}`]);
    assert.deepEqual(notesOf('quiet\r\n# x\r\n'), [
      '1:6 has lines that end as on Windows, which milter-greylist refuses',
    ]);
    assert.deepEqual(notesOf('\ufeffquiet\n'), []);
  });

  test('tells all mistakes of all statements at once, in order', () => {
    const text = 'foo\nracl greylist \\\n nothing \\\n default\nquiet\nsocket "/x" 1\nuser "x"\n';
    assert.deepEqual(
      problemsOf(text).map((problem) => problem.split(' ')[0]),
      ['1:1', '3:2', '6:13'],
    );
    assert.equal(parseGreylistConf(text).statements.length, 2);
  });

  for (const [name, character, escaped] of [
    ['a form feed', '\f', '000c'],
    ['a vertical tab', '\v', '000b'],
    ['a no-break space', '\u00a0', '00a0'],
    ['a zero-width space', '\u200b', '200b'],
    ['a lone carriage return', '\r', '000d'],
  ] as const)
    test(`takes ${name} for no blank, in a list neither, and shows it`, () => {
      assert.deepEqual(
        problemsOf(
          `list "a" rcpt { ${character}a@b.example c@d.example }\nracl ${character}whitelist default\n`,
        ).map((problem) => problem.split(';')[0]),
        [
          `1:17 has "\\u${escaped}a@b.example" for an address`,
          `2:6 has "\\u${escaped}whitelist" for what to do`,
        ],
      );
    });

  test('has strings that end in a backslash, and long ones', () => {
    assert.equal(statementOf(String.raw`pidfile "C:\"`)['path'], 'C:\\');
    assert.equal(statementOf(`pidfile "${'x'.repeat(4096)}"`)['path'], 'x'.repeat(4096));
    assert.deepEqual(notesOf(`pidfile "${'ü'.repeat(2049)}"\n`), [
      '1:9 has the path of more than 4096 bytes; milter-greylist cuts it off there; it is whole here',
    ]);
  });

  test('has an end of a statement, which is no semicolon', () => {
    assert.deepEqual(problemsOf('quiet;\n'), [
      '1:6 has ";" behind it; a statement ends with its line',
    ]);
  });
});
