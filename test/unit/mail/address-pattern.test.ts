import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { matchesAddress } from '../../../src/mail/address-pattern.js';
import type { AddressPattern } from '../../../src/mail/address-pattern.js';
import type { EnvelopeAddress } from '../../../src/mail/envelope-address.js';

function address(localPart: string, domain: string): EnvelopeAddress {
  return { text: `${localPart}@${domain}`, localPart, domain };
}

const NULL_SENDER: AddressPattern = { text: '<>', localPart: '', domain: '' };
const POSTMASTER: AddressPattern = {
  text: 'postmaster@',
  localPart: 'postmaster',
  domain: undefined,
};
const DOMAIN: AddressPattern = {
  text: '@example.org',
  localPart: undefined,
  domain: 'example.org',
};
const JOE: AddressPattern = { text: 'joe@example.org', localPart: 'joe', domain: 'example.org' };

describe('what a pattern matches', () => {
  const cases: readonly (readonly [AddressPattern, EnvelopeAddress, expected: boolean])[] = [
    [NULL_SENDER, address('', ''), true],
    [NULL_SENDER, address('joe', ''), false],
    [NULL_SENDER, address('', 'example.org'), false],
    [POSTMASTER, address('postmaster', 'example.org'), true],
    [POSTMASTER, address('PostMaster', ''), true],
    [POSTMASTER, address('postmaster2', 'example.org'), false],
    [DOMAIN, address('anybody', 'example.org'), true],
    [DOMAIN, address('anybody', 'sub.example.org'), false],
    [JOE, address('Joe', 'example.org'), true],
    [JOE, address('joe', 'example.com'), false],
  ];
  for (const [pattern, { text, localPart, domain }, expected] of cases) {
    test(`${pattern.text} and ${text}`, () =>
      assert.equal(matchesAddress(pattern, address(localPart, domain)), expected));
  }
});
