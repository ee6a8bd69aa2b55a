import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { formatAddressPattern, parseAddressPattern } from '../../../src/config/address-pattern.js';
import type { AddressPattern } from '../../../src/mail/address-pattern.js';

function read(text: string): AddressPattern {
  const parsed = parseAddressPattern(text);
  assert.ok('ok' in parsed, text);
  return parsed.ok;
}

describe('patterns that are read, and how they are written', () => {
  const cases: readonly (readonly [text: string, canonical: string])[] = [
    ['<>', '<>'],
    ['postmaster@', 'postmaster@'],
    ['Double-Bounce@', 'double-bounce@'],
    ['@Example.ORG.', '@example.org'],
    ['joe@example.org', 'joe@example.org'],
    ['"a@b"@example.org', '"a@b"@example.org'],
    ['jö@bücher.example', 'jö@bücher.example'],
    ['joe@[192.0.2.1]', 'joe@[192.0.2.1]'],
  ];
  for (const [text, canonical] of cases) {
    test(text, () => {
      assert.equal(formatAddressPattern(read(text)), canonical);
      assert.deepEqual(read(canonical), read(text));
    });
  }
});

describe('patterns that are refused', () => {
  const forms = 'write <>, local-part@, @domain or local-part@domain';
  const cases: readonly (readonly [text: string, problem: string, hint?: string])[] = [
    ['', 'is not an address', forms],
    ['@', 'is not an address', forms],
    ['postmaster', 'is not an address', forms],
    ['*@example.org', 'is not an address', forms],
    ['/^joe@/', 'is not an address', forms],
    ['<joe@example.org>', 'is not an address', forms],
    ['joe@.org', 'has an empty part in its domain', forms],
    ['joe@.', 'has an empty part in its domain', forms],
    ['joe@a..', 'has an empty part in its domain', forms],
    ['joe@a..org', 'has an empty part in its domain', forms],
    ['joe @example.org', 'has a space or a control character in it'],
    ['joe\u0000@', 'has a space or a control character in it'],
  ];
  for (const [text, problem, hint] of cases) {
    test(JSON.stringify(text), () =>
      assert.deepEqual(parseAddressPattern(text), hint ? { problem, hint } : { problem }),
    );
  }
});
