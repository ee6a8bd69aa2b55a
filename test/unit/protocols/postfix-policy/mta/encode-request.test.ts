import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { encodeRequest } from '../../../../../src/protocols/postfix-policy/mta/encode-request.js';

describe('encodeRequest', () => {
  test('says what kind of request it is', () => {
    assert.equal(encodeRequest([]), 'request=smtpd_access_policy\n\n');
    assert.equal(encodeRequest([['request', 'x']]), 'request=x\n\n');
  });

  test('keeps order, repetition, empty values and =', () => {
    const attributes = [
      ['b', '1=2'],
      ['a', ''],
      ['b', '3'],
    ] as const;
    const lines = 'request=smtpd_access_policy\nb=1=2\na=\nb=3\n\n';
    assert.equal(encodeRequest(attributes), lines);
    assert.equal(
      encodeRequest(new Map([['sender', 'jörg@x']])),
      'request=smtpd_access_policy\nsender=jörg@x\n\n',
    );
  });

  test("encodes a certificate's names as Postfix does", () => {
    assert.equal(
      encodeRequest([['ccert_issuer', 'Wietse Venema']]),
      'request=smtpd_access_policy\nccert_issuer=Wietse+20Venema\n\n',
    );
  });

  for (const [name, value] of [
    ['', 'x'],
    ['a=b', 'x'],
    ['a\n', 'x'],
    ['a\0', 'x'],
    ['a', 'x\ny'],
    ['a', 'x\r'],
    ['a', '\0'],
  ] as const)
    test(`refuses ${JSON.stringify([name, value])}`, () => {
      assert.throws(() => encodeRequest([[name, value]]), { code: 'POLICY_ATTRIBUTE_INVALID' });
    });
});
