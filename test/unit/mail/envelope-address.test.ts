import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { parseEnvelopeAddress } from '../../../src/mail/envelope-address.js';

type Case = readonly [name: string, raw: string, text: string, localPart: string, domain: string];

const CASES: readonly Case[] = [
  ['plain', '<user@local.test>', 'user@local.test', 'user', 'local.test'],
  ['without brackets', 'user2@local.test', 'user2@local.test', 'user2', 'local.test'],
  ['upper case', '<USER3@LOCAL.TEST>', 'USER3@LOCAL.TEST', 'USER3', 'local.test'],
  ['upper case in the middle of the domain', 'a@b.C.d', 'a@b.C.d', 'a', 'b.c.d'],
  ['without a domain', '<postmaster>', 'postmaster', 'postmaster', ''],
  ['null sender', '<>', '', '', ''],
  ['null sender as the empty string', '', '', '', ''],
  ['null sender with arguments', '<> SIZE=100', '', '', ''],
  ['null sender with a blank', '< >', '', '', ''],
  ['blanks around', ' < a@b > ', 'a@b', 'a', 'b'],
  ['a tab behind', 'a@b\t', 'a@b', 'a', 'b'],
  ['arguments behind the bracket', '<a@b> SIZE=1 X=<y@z>', 'a@b', 'a', 'b'],
  ['a bracket in quotes', '<"a>b"@c> SIZE=1', '"a>b"@c', '"a>b"', 'c'],
  ['an escaped bracket', String.raw`<a\>b@c> X`, String.raw`a\>b@c`, '"a>b"', 'c'],
  ['no closing bracket', '<a@b', 'a@b', 'a', 'b'],
  ['a quote that is not closed', '<"a@b> X', '"a@b> X', '"a@b> X"', ''],
  ['quotes that are needed', '<"quoted local"@b>', '"quoted local"@b', '"quoted local"', 'b'],
  ['needless quotes', '<"ab"@c>', '"ab"@c', 'ab', 'c'],
  ['needless quotes around dots', '"a..b"@c', '"a..b"@c', 'a..b', 'c'],
  ['a needless backslash', String.raw`"a\b"@c`, String.raw`"a\b"@c`, 'ab', 'c'],
  ['a needed backslash', String.raw`"a\"b\\"@c`, String.raw`"a\"b\\"@c`, String.raw`"a\"b\\"`, 'c'],
  ['quotes in the middle', 'a."b c".d@e', 'a."b c".d@e', '"a.b c.d"', 'e'],
  ['a blank without quotes', 'a b@c', 'a b@c', '"a b"', 'c'],
  ['empty quotes', '""@c', '""@c', '""', 'c'],
  ['an at sign in quotes', '"a@b"@c', '"a@b"@c', '"a@b"', 'c'],
  ['two at signs', 'a@b@c', 'a@b@c', '"a@b"', 'c'],
  ['a backslash at the end', 'a\\', 'a\\', '"a\\\\"', ''],
  ['a source route', '<@relay.example:u@l.test>', '@relay.example:u@l.test', 'u', 'l.test'],
  ['a long source route', '<@a,@b,@c:u@l>', '@a,@b,@c:u@l', 'u', 'l'],
  [
    'a route of address literals',
    '<@[IPv6:::1],@[1.2.3.4]: u@l>',
    '@[IPv6:::1],@[1.2.3.4]: u@l',
    'u',
    'l',
  ],
  ['a route in a route', '@a:@b:u@l', '@a:@b:u@l', 'u', 'l'],
  ['a route to nothing', '<@a:>', '@a:', '', 'a:'],
  ['a route to blanks', '@a:\t "" ', '@a:\t ""', '""', ''],
  ['a literal that is not closed', '@[a:b', '@[a:b', '', '[a:b'],
  ['no local part', '<@b>', '@b', '', 'b'],
  ['no domain behind the sign', '<a@>', 'a@', 'a', ''],
  ['only a sign', '<@>', '@', '"@"', ''],
  ['only a sign and dots', '@..', '@..', '"@.."', ''],
  ['final dots', 'a@B..', 'a@B..', 'a', 'b'],
  ['an IPv4 literal', 'a@[192.0.2.1]', 'a@[192.0.2.1]', 'a', '[192.0.2.1]'],
  [
    'an IPv6 literal',
    'a@[ipv6:2001:DB8:0::1]',
    'a@[ipv6:2001:DB8:0::1]',
    'a',
    '[IPv6:2001:db8::1]',
  ],
  ['an IPv6 literal without tag', 'a@[2001:db8::1]', 'a@[2001:db8::1]', 'a', '[IPv6:2001:db8::1]'],
  [
    'an IPv4-mapped literal',
    'a@[IPv6:::ffff:1.2.3.4]',
    'a@[IPv6:::ffff:1.2.3.4]',
    'a',
    '[1.2.3.4]',
  ],
  ['a literal that is none', 'a@[Foo]', 'a@[Foo]', 'a', '[foo]'],
  ['half a literal', 'a@[1.2.3.4', 'a@[1.2.3.4', 'a', '[1.2.3.4'],
  [
    'a UTF-8 local part',
    '<sénder@client.example>',
    'sénder@client.example',
    'sénder',
    'client.example',
  ],
  ['a decomposed local part', 'se\u0301nder@c', 'se\u0301nder@c', 'sénder', 'c'],
  ['an accent kept apart by quotes', 'e""\u0301@c', 'e""\u0301@c', 'é', 'c'],
  ['a U-label', 'a@Bücher.example', 'a@Bücher.example', 'a', 'xn--bcher-kva.example'],
  [
    'a decomposed U-label',
    'a@bu\u0308cher.example',
    'a@bu\u0308cher.example',
    'a',
    'xn--bcher-kva.example',
  ],
  [
    'an A-label',
    'a@XN--bcher-kva.example',
    'a@XN--bcher-kva.example',
    'a',
    'xn--bcher-kva.example',
  ],
  ['an ideographic final dot', 'a@bücher。', 'a@bücher。', 'a', 'xn--bcher-kva'],
  ['a U-label with a slash', 'a@Bücher/X', 'a@Bücher/X', 'a', 'bücher/x'],
  ['a domain that no name can be', 'a@\ufffd.X', 'a@\ufffd.X', 'a', '\ufffd.x'],
];

describe('parseEnvelopeAddress', () => {
  for (const [name, raw, text, localPart, domain] of CASES) {
    test(`reads ${name}`, () => {
      assert.deepEqual(parseEnvelopeAddress(raw), { text, localPart, domain });
    });
  }

  test('takes an address of a megabyte in its stride', () => {
    const length = 1 << 20;
    for (const raw of ['@:', '. ', '" ', '\\', '<', '@', '@[', 'é. ', '"\\"', ' .']) {
      const long = raw.repeat(length / raw.length);
      assert.notEqual(parseEnvelopeAddress(`<${long}x`).text, '');
    }
  });
});
