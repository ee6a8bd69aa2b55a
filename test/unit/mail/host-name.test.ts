import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { verifiedName } from '../../../src/mail/host-name.js';

describe('verifiedName', () => {
  const names: readonly (readonly [text: string, name: string])[] = [
    ['mx.example.net', 'mx.example.net'],
    ['MX-1.Example.NET.', 'mx-1.example.net'],
    ['localhost', 'localhost'],
    ['_mail.example.net', '_mail.example.net'],
    ['1-2-3-4.pool.example.net', '1-2-3-4.pool.example.net'],
    ['1.2.3.4.example', '1.2.3.4.example'],
    [`${'a'.repeat(63)}.example`, `${'a'.repeat(63)}.example`],
  ];
  for (const [text, name] of names) {
    test(`${text} is a name`, () => {
      assert.equal(verifiedName(text), name);
    });
  }

  const none = [
    '',
    '.',
    '..',
    '.a.example',
    'a..example',
    'unknown',
    'UNKNOWN',
    '[203.0.113.8]',
    '[IPv6:2001:db8:0:0:0:0:0:8]',
    '[2001:db8::8]',
    '203.0.113.8',
    '2001:db8::8',
    'IPv6:2001:db8::8',
    'a b.example',
    'a\nb.example',
    'a\0.example',
    'bücher.example',
    'a@b.example',
    'a'.repeat(254),
  ];
  for (const text of none) {
    test(`${JSON.stringify(text.slice(0, 40))} is none`, () => {
      assert.equal(verifiedName(text), undefined);
    });
  }
});
