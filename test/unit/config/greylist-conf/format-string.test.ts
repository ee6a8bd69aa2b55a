import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import {
  FORMAT_TOKENS,
  parseEscapedFormat,
  parseFormat,
} from '../../../../src/config/greylist-conf/format-string.js';

const literal = (text: string) => ({ kind: 'literal', text });
const value = (token: string) => ({ kind: 'value', token });

const FORMATS: readonly (readonly [text: string, parts: readonly unknown[]])[] = [
  ['', []],
  ['plain', [literal('plain')]],
  ['%r', [value('r')]],
  ['a%rb%f', [literal('a'), value('r'), literal('b'), value('f')]],
  ['%mr@%sr', [value('mr'), literal('@'), value('sr')]],
  ['%Est', [value('Es'), literal('t')]],
  ['%E:%R', [value('E'), literal(':'), value('R')]],
  ['%cA', [value('cA')]],
  ['%I{/24}', [{ kind: 'masked-client', bits: 24 }]],
  [
    '%M{auth_type}%Mi',
    [
      { kind: 'macro', name: 'auth_type' },
      { kind: 'macro', name: 'i' },
    ],
  ],
  ['%T{%Y-%m}x', [{ kind: 'time', format: '%Y-%m' }, literal('x')]],
  [String.raw`%g{\1}`, [{ kind: 'group', number: 1 }]],
  ['%P{a-b}', [{ kind: 'property', name: 'a-b' }]],
  ['100%', [literal('100%')]],
  ['%%', [literal('%')]],
  ['%%r', [literal('%r')]],
  ['%%%r', [literal('%'), value('r')]],
  ['%x %mx %m', [literal('%x %mx %m')]],
  ['%I %T{', [literal('%I %T{')]],
  ['%20', [literal('%20')]],
  ['$name', [literal('$name')]],
  [String.raw`a\nb`, [literal(String.raw`a\nb`)]],
];

describe('formats of milter-greylist', () => {
  for (const [text, parts] of FORMATS)
    test(JSON.stringify(text), () => assert.deepEqual(parseFormat(text), { text, parts }));

  test('have all values that there are', () => {
    for (const token of FORMAT_TOKENS)
      assert.deepEqual(parseFormat(`%${token}`).parts, [value(token)]);
  });

  test('with escapes as in C', () => {
    const escaped: readonly (readonly [text: string, read: string])[] = [
      [String.raw`\a\b\f\n\r\t\v`, '\x07\b\f\n\r\t\v'],
      [String.raw`\\ \? \' \"`, `\\ ? ' "`],
      [String.raw`\012\07\08`, '\n\x07' + '08'],
      [String.raw`\x41\x7z\xg`, 'A\x07zxg'],
      [String.raw`\q\é`, 'qé'],
      ['x\\', 'x'],
    ];
    for (const [text, read] of escaped)
      assert.deepEqual(parseEscapedFormat(text), { text, parts: [literal(read)] }, text);
    assert.deepEqual(parseEscapedFormat(String.raw`%i\n`).parts, [value('i'), literal('\n')]);
  });
});
