import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { printable } from '../../../../src/cli/terminal/printable.js';

describe('a line for a terminal', () => {
  for (const [written, shown] of [
    ['a b', 'a b'],
    ['bücher@بريد.example 💌', 'bücher@بريد.example 💌'],
    ['blanks at the end  ', 'blanks at the end'],
    ['\u001b[31mred', '\\u001b[31mred'],
    ['a\r\nb\0', 'a\\u000d\\u000ab\\u0000'],
    ['\u009b31m', '\\u009b31m'],
    ['a\u2028b\u2029', 'a\\u2028b\\u2029'],
    ['a\u202egpj', 'a\\u202egpj'],
    ['a\u200bb\u3164c\u00a0d', 'a\\u200bb\\u3164c\\u00a0d'],
    ['a\u{e0041}b', 'a\\udb40\\udc41b'],
    ['a\ud83db', 'a\\ud83db'],
  ] as const)
    test(JSON.stringify(written), () => assert.equal(printable(written), shown));
});
