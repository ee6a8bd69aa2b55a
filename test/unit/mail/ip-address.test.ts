import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import {
  commonPrefixLength,
  ipAddressFromBytes,
  isLoopback,
  parseIpAddress,
} from '../../../src/mail/ip-address.js';
import type { IpAddress } from '../../../src/mail/ip-address.js';

function addressOf(text: string): IpAddress {
  const address = parseIpAddress(text);
  assert.ok(address !== undefined, text);
  return address;
}

describe('parseIpAddress', () => {
  const accepted: readonly (readonly [text: string, canonical: string, hex: string])[] = [
    ['192.0.2.1', '192.0.2.1', 'c0000201'],
    ['0.0.0.0', '0.0.0.0', '00000000'],
    ['255.255.255.255', '255.255.255.255', 'ffffffff'],
    ['2001:db8::8', '2001:db8::8', '20010db8000000000000000000000008'],
    ['2001:DB8::ABCD', '2001:db8::abcd', '20010db800000000000000000000abcd'],
    // As Sendmail writes it: with the tag, and not compressed.
    ['IPv6:2001:db8:0:0:0:0:0:8', '2001:db8::8', '20010db8000000000000000000000008'],
    ['ipV6:::1', '::1', '00000000000000000000000000000001'],
    ['::', '::', '00000000000000000000000000000000'],
    ['1::', '1::', '00010000000000000000000000000000'],
    ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8', '00010002000300040005000600070008'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0', '00010002000300040005000600070000'],
    ['::2:3:4:5:6:7:8', '0:2:3:4:5:6:7:8', '00000002000300040005000600070008'],
    ['0001:0000:03:4:5:6:7:8', '1:0:3:4:5:6:7:8', '00010000000300040005000600070008'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3', '00010000000000020000000000000003'],
    ['1:0:0:2:3:0:0:4', '1::2:3:0:0:4', '00010000000000020003000000000004'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221', '0064ff9b0000000000000000c0000221'],
    ['fe80::1%eth0', 'fe80::1', 'fe800000000000000000000000000001'],
    ['::ffff:192.0.2.1', '192.0.2.1', 'c0000201'],
    ['::FFFF:c000:201', '192.0.2.1', 'c0000201'],
    ['IPv6:0:0:0:0:0:ffff:192.0.2.1', '192.0.2.1', 'c0000201'],
    ['::1.2.3.4', '::102:304', '00000000000000000000000001020304'],
  ];
  for (const [text, canonical, hex] of accepted) {
    test(`reads ${text}`, () => {
      const address = addressOf(text);
      assert.equal(address.text, canonical);
      assert.equal(Buffer.from(address.bytes).toString('hex'), hex);
      assert.equal(address.family, hex.length === 8 ? 4 : 6);
    });
  }

  const refused = [
    '',
    'unknown',
    'localhost',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.',
    '.1.2.3',
    '1..2.3',
    '1.2.3.256',
    '1.2.3.1000',
    '01.2.3.4',
    '1.2.3.00',
    '1.2.3.4 ',
    '1.2.3.a',
    '-1.2.3.4',
    'IPv6:1.2.3.4',
    'IPv6:',
    ':',
    ':::',
    ':1::',
    '1:',
    '1:2',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8:',
    '1:2:3:4:5:6:7:8::',
    '12345::',
    'g::',
    '::1 ',
    '1::g',
    '::1.2.3',
    '::1.2.3.400',
    '1:2:3:4:5:6:7:1.2.3.4',
    '1.2.3.4::',
    'fe80::1%',
    '1.2.3.4%eth0',
    '[192.0.2.1]',
    '192.0.2.1/24',
    '１.2.3.4',
  ];
  for (const text of refused) {
    test(`refuses ${JSON.stringify(text)}`, () => {
      assert.equal(parseIpAddress(text), undefined);
    });
  }
});

describe('ipAddressFromBytes', () => {
  test('makes IPv4 of four bytes', () => {
    const bytes = Uint8Array.of(203, 0, 113, 7);
    assert.deepEqual(ipAddressFromBytes(bytes), { family: 4, bytes, text: '203.0.113.7' });
  });

  test('makes IPv4 of an IPv4-mapped address, and only of that', () => {
    const mapped = Buffer.from('00000000000000000000ffffcb007107', 'hex');
    const nearly = Buffer.from('00000000000000000001ffffcb007107', 'hex');
    const half = Buffer.from('00000000000000000000ff00cb007107', 'hex');
    assert.equal(ipAddressFromBytes(mapped).text, '203.0.113.7');
    assert.equal(ipAddressFromBytes(nearly).text, '::1:ffff:cb00:7107');
    assert.equal(ipAddressFromBytes(half).text, '::ff00:cb00:7107');
  });

  test('throws for any other length', () => {
    assert.throws(() => ipAddressFromBytes(new Uint8Array(5)), RangeError);
  });
});

describe('commonPrefixLength', () => {
  const cases: readonly (readonly [string, string, number])[] = [
    ['192.0.2.1', '192.0.2.1', 32],
    ['192.0.2.1', '192.0.2.0', 31],
    ['192.0.2.1', '192.0.3.1', 23],
    ['0.0.0.0', '128.0.0.0', 0],
    ['2001:db8::1', '2001:db8::1', 128],
    ['2001:db8::', '2001:db8:0:1::', 63],
    ['0.0.0.0', '::', -1],
  ];
  for (const [a, b, expected] of cases) {
    test(`${a} and ${b} share ${expected} bits`, () => {
      assert.equal(commonPrefixLength(addressOf(a), addressOf(b)), expected);
    });
  }
});

describe('isLoopback', () => {
  for (const text of ['127.0.0.1', '127.255.255.254', '::1', '::ffff:127.0.0.1']) {
    test(`${text} is`, () => assert.equal(isLoopback(addressOf(text)), true));
  }
  for (const text of ['126.255.255.255', '128.0.0.1', '::2', '10.0.0.0', 'fc00::', '2001:db8::1']) {
    test(`${text} is not`, () => assert.equal(isLoopback(addressOf(text)), false));
  }
});
