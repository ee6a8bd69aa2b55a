import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseShellVariables } from '../../../../src/cli/stand-ins/shell-variables.js';

const valueOf = (written: string): string | undefined =>
  parseShellVariables(`A=${written}`, 'f').get('A');

describe('a file of shell variables', () => {
  for (const [written, value] of [
    ['', ''],
    ['plain', 'plain'],
    ['"--inet=10023 --delay=60"', '--inet=10023 --delay=60'],
    ['\'a $b "c"\'', 'a $b "c"'],
    ['"a \\"b\\" \\$c \\d"', 'a "b" $c \\d'],
    ['a\\ b"c"\'d\'', 'a bcd'],
    ['a # why', 'a'],
    ['a#b', 'a#b'],
    ['"x"   ', 'x'],
  ] as const)
    test(`A=${written}`, () => assert.equal(valueOf(written), value));

  test('has one a line, of which the last counts, and comments', () =>
    assert.deepEqual(
      [...parseShellVariables('# c\n\n export A=1\nB="a \\\nb"\r\nA=2\n', 'f')],
      [
        ['A', '2'],
        ['B', 'a b'],
      ],
    ));

  for (const written of [
    'A=$B',
    'A="$B"',
    'A=`b`',
    'A="b',
    'A=b c',
    'A=b;c',
    'if true',
    'A=b && c',
  ])
    test(`that takes a shell is refused: ${written}`, () =>
      assert.throws(
        () => parseShellVariables(`\n${written}`, '/etc/default/x'),
        /^Error: \/etc\/default\/x:2: cannot be read without a shell: /,
      ));
});
