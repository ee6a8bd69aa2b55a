import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  decodeXtext,
  encodeXtext,
  isPrintable,
  textFromLatin1,
} from '../../../../src/protocols/postfix-policy/text.js';

describe('text of the wire', () => {
  const rows: readonly (readonly [string, string, string])[] = [
    ['ASCII', 'abc', 'abc'],
    ['UTF-8', 'j\xc3\xb6rg@b\xc3\xbccher.example', 'jörg@bücher.example'],
    ['latin-1 stays as it is', 'j\xf6rg', 'jörg'],
    ['UTF-8 that is cut is latin-1', 'j\xc3', 'jÃ'],
    ['nothing', '', ''],
  ];
  for (const [name, latin1, text] of rows)
    test(name, () => assert.equal(textFromLatin1(latin1), text));
});

describe('xtext', () => {
  const rows: readonly (readonly [string, string])[] = [
    ['Wietse+20Venema', 'Wietse Venema'],
    ['a+2Bb+3Dc', 'a+b=c'],
    ['J+C3+B6rg', 'Jörg'],
    ['plain', 'plain'],
    ['', ''],
  ];
  for (const [encoded, text] of rows) {
    test(`${encoded || 'nothing'} is decoded`, () => assert.equal(decodeXtext(encoded), text));
    test(`${encoded || 'nothing'} is encoded`, () => assert.equal(encodeXtext(text), encoded));
  }

  test('a + that begins no code stays', () => {
    assert.equal(decodeXtext('+'), '+');
    assert.equal(decodeXtext('a+2'), 'a+2');
    assert.equal(decodeXtext('a+zz+20'), 'a+zz ');
  });

  test('small digits count as well', () => assert.equal(decodeXtext('+c3+b6'), 'ö'));
  test('bytes that are no UTF-8 are latin-1', () => assert.equal(decodeXtext('+F6'), 'ö'));
  test('text that is not encoded stays beside codes', () => {
    assert.equal(decodeXtext('ö+20ö'), 'ö ö');
  });
  test('control characters are encoded', () => assert.equal(encodeXtext('\n\x7f'), '+0A+7F'));
});

describe('printable text', () => {
  test('is ASCII from blank to tilde', () => {
    assert.equal(isPrintable(' az~'), true);
    assert.equal(isPrintable(''), true);
    for (const text of ['\x1f', '\x7f', '\n', 'ö', 'a\0']) assert.equal(isPrintable(text), false);
  });
});
