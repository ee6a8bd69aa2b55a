import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decodeText, textFromLatin1 } from '../../../../src/protocols/milter/text.js';

describe('textFromLatin1', () => {
  const cases = [
    { name: 'ASCII stays', latin1: 'a\x01b\x7f', text: 'a\x01b\x7f' },
    { name: 'UTF-8 becomes what it stands for', latin1: '\xc3\xa4@\xe2\x82\xac', text: 'ä@€' },
    { name: 'other bytes stay one character each', latin1: '\xe4\xff', text: '\xe4\xff' },
    {
      name: 'one broken sequence keeps all as it is',
      latin1: '\xc3\xa4\xff',
      text: '\xc3\xa4\xff',
    },
    { name: 'nothing stays nothing', latin1: '', text: '' },
  ];
  for (const { name, latin1, text } of cases) {
    test(name, () => {
      assert.equal(textFromLatin1(latin1), text);
    });
  }
});

describe('decodeText', () => {
  test('decodes a part of a buffer', () => {
    assert.equal(decodeText(Buffer.from('xäy'), 1, 3), 'ä');
    assert.equal(decodeText(Buffer.from('xäy'), 1, 1), '');
  });
});
