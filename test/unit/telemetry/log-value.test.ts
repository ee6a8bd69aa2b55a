import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  clip,
  formatJsonString,
  formatTextSentence,
  formatTextValue,
} from '../../../src/telemetry/log-value.js';

const ESC = '\u001b';

interface Row {
  readonly name: string;
  readonly value: string;
  readonly text: string;
  /** If it is not the same as the text. */
  readonly json?: string;
}

const HOSTILE: readonly Row[] = [
  { name: 'nothing', value: '', text: '""' },
  { name: 'a line of its own', value: 'a\r\nb', text: '"a\\r\\nb"' },
  { name: 'NUL', value: 'a\0b', text: '"a\\u0000b"' },
  { name: 'a tab', value: 'a\tb', text: '"a\\tb"' },
  { name: 'a colour', value: `${ESC}[31mred`, text: '"\\u001b[31mred"' },
  { name: 'a title of the window', value: `${ESC}]0;x\u0007`, text: '"\\u001b]0;x\\u0007"' },
  { name: 'DEL', value: 'a\u007fb', text: '"a\\u007fb"' },
  { name: 'CSI in one character', value: '\u009b31m', text: '"\\u009b31m"' },
  { name: 'NEL', value: 'a\u0085b', text: '"a\\u0085b"' },
  { name: 'line separator', value: 'a\u2028b', text: '"a\\u2028b"' },
  { name: 'paragraph separator', value: 'a\u2029b', text: '"a\\u2029b"' },
  { name: 'right-to-left override', value: 'a\u202egpj', text: '"a\\u202egpj"' },
  { name: 'bidirectional isolate', value: '\u2066a', text: '"\\u2066a"' },
  { name: 'zero width space', value: 'a\u200bb', text: '"a\\u200bb"' },
  { name: 'byte order mark', value: '\ufeffa', text: '"\\ufeffa"' },
  { name: 'a filler that is a letter', value: 'a\u3164b', text: '"a\\u3164b"' },
  { name: 'no-break space', value: 'a\u00a0b', text: '"a\\u00a0b"' },
  { name: 'half of a pair, first', value: 'a\ud83db', text: '"a\\ud83db"' },
  { name: 'half of a pair, last', value: 'a\udca9', text: '"a\\udca9"' },
  { name: 'private use', value: '\ue000', text: '"\\ue000"' },
  { name: 'private use beyond the basic plane', value: '\u{f0000}', text: '"\\udb80\\udc00"' },
  { name: 'a tag character', value: 'a\u{e0041}', text: '"a\\udb40\\udc41"' },
  { name: 'not assigned', value: '\u0378', text: '"\\u0378"' },
  { name: 'two fields for one', value: 'x to=y', text: '"x to=y"' },
  { name: 'an equals sign', value: 'SRS0=h=t=d=u@x', text: '"SRS0=h=t=d=u@x"' },
  { name: 'the end of quotes', value: '" to="y', text: '"\\" to=\\"y"' },
  { name: 'a quoted local part', value: '"a b"@x', text: '"\\"a b\\"@x"' },
  { name: 'a backslash', value: 'a\\', text: '"a\\\\"' },
  { name: 'an escape that it is not', value: '\\u0041', text: '"\\\\u0041"' },
  {
    name: 'letters of a language',
    value: 'bücher@exämple',
    text: '"bücher@exämple"',
    json: '"b\\u00fccher@ex\\u00e4mple"',
  },
  { name: 'Arabic letters', value: 'بريد', text: '"بريد"', json: '"\\u0628\\u0631\\u064a\\u062f"' },
  { name: 'a symbol beyond the basic plane', value: '💌', text: '"💌"', json: '"\\ud83d\\udc8c"' },
  { name: 'bytes of latin-1', value: 'caf\u00e9', text: '"café"', json: '"caf\\u00e9"' },
  { name: 'what could not be decoded', value: '\ufffd', text: '"\ufffd"', json: '"\\ufffd"' },
];

const HARMLESS = [
  'a',
  '-',
  '192.0.2.1',
  '2001:db8::1',
  '<>',
  "<o'neil+x@example.org>",
  '<!#$%&*/?^_`{|}~@example.org>',
  '[192.0.2.1]',
];

describe('values from the wire', () => {
  for (const { name, value, text, json } of HOSTILE) {
    test(name, () => {
      assert.equal(formatTextValue(value), text);
      assert.equal(formatJsonString(value), json ?? text);
      assert.equal(JSON.parse(formatTextValue(value)), value);
      assert.equal(JSON.parse(formatJsonString(value)), value);
    });
  }

  for (const value of HARMLESS) {
    test(`as it is: ${value}`, () => {
      assert.equal(formatTextValue(value), value);
      assert.equal(formatJsonString(value), `"${value}"`);
    });
  }
});

describe('a sentence', () => {
  test('of plain words stands without quotes', () => {
    assert.equal(formatTextSentence('listening'), 'listening');
    assert.equal(formatTextSentence("can't go on (it's over)"), "can't go on (it's over)");
  });

  test('that could be taken for a field, or for none, is quoted', () => {
    assert.equal(formatTextSentence('x verdict=accept'), '"x verdict=accept"');
    assert.equal(formatTextSentence('said "no"'), '"said \\"no\\""');
    assert.equal(formatTextSentence('one\ntwo'), '"one\\ntwo"');
    assert.equal(formatTextSentence(''), '""');
    assert.equal(formatTextSentence(' a'), '" a"');
    assert.equal(formatTextSentence('a  b'), '"a  b"');
  });
});

test('what is too long is cut, and shows it', () => {
  assert.equal(clip('abc', 3), 'abc');
  assert.equal(clip('abcd', 3), 'abc…');
});
