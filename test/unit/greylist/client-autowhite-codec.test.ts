import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ClientAutowhite } from '../../../src/greylist/client-autowhite.js';
import {
  decodeClientAutowhite,
  encodeClientAutowhite,
} from '../../../src/greylist/client-autowhite-codec.js';
import { CorrespondenceFormatError } from '../../../src/greylist/byte-reader.js';
import { parseIpAddress } from '../../../src/mail/ip-address.js';

const NOW = 1_717_243_800_584;
const v4 = parseIpAddress('192.0.2.1');
const v6 = parseIpAddress('2001:db8::8');
assert.ok(v4 !== undefined && v6 !== undefined);

const ONE: ClientAutowhite = {
  points: 1,
  lastPointAt: NOW,
  witnesses: ['a.b'],
  host: undefined,
  isExempt: false,
  lastSeenAt: NOW,
  expiresAt: NOW + 3_110_400_000,
};

/** Records as bytes, so that the form that is on people's disks does not change unnoticed. */
const FORMS: readonly (readonly [name: string, record: ClientAutowhite, hex: string])[] = [
  ['one pass', ONE, '01 00 01 88d8d39dfd31 00 80e093cb0b 01 03 612e62'],
  [
    'an exempt client, seen later',
    { ...ONE, points: 5, witnesses: ['a.b', 'c'], isExempt: true, lastSeenAt: NOW + 300 },
    '01 01 05 88d8d39dfd31 ac02 80e093cb0b 02 03 612e62 01 63',
  ],
  [
    'a host',
    { ...ONE, witnesses: [], host: { address: v4, name: undefined } },
    '01 02 01 88d8d39dfd31 00 80e093cb0b 00 c0000201',
  ],
  [
    'a host with a name',
    { ...ONE, witnesses: [], host: { address: v6, name: 'm.a' } },
    '01 0e 01 88d8d39dfd31 00 80e093cb0b 00 20010db8000000000000000000000008 03 6d2e61',
  ],
];

function bytesOf(hex: string): Uint8Array {
  return Buffer.from(hex.replaceAll(' ', ''), 'hex');
}

describe('the stored form of a client', () => {
  for (const [name, record, hex] of FORMS) {
    test(name, () => {
      assert.equal(
        Buffer.from(encodeClientAutowhite(record)).toString('hex'),
        hex.replaceAll(' ', ''),
      );
      assert.deepEqual(decodeClientAutowhite(bytesOf(hex)), record);
    });
  }

  const times = '88d8d39dfd31 00 00';
  for (const [what, hex, code] of [
    ['nothing', '', 'CORRESPONDENCE_DAMAGED'],
    ['a version that never was', '00', 'CORRESPONDENCE_DAMAGED'],
    ['a later version', '02', 'CORRESPONDENCE_NEWER_FORMAT'],
    ['a field of a later version', '01 10', 'CORRESPONDENCE_NEWER_FORMAT'],
    ['an end that is too early', `01 00 01 ${times}`, 'CORRESPONDENCE_DAMAGED'],
    ['bytes behind the end', `01 00 01 ${times} 00 00`, 'CORRESPONDENCE_DAMAGED'],
    ['too many witnesses', `01 00 01 ${times} 65`, 'CORRESPONDENCE_DAMAGED'],
    ['a witness that is no text', `01 00 01 ${times} 01 01 ff`, 'CORRESPONDENCE_DAMAGED'],
    ['a time beyond all clocks', '01 00 01 ffffffffffffff0f 01 00', 'CORRESPONDENCE_DAMAGED'],
    [
      'an IPv4 address as IPv6',
      `01 06 01 ${times} 00 00000000000000000000ffffc0000201`,
      'CORRESPONDENCE_DAMAGED',
    ],
  ] as const) {
    test(`${what} is refused`, () => {
      assert.throws(
        () => decodeClientAutowhite(bytesOf(hex)),
        (error) => error instanceof CorrespondenceFormatError && error.code === code,
      );
    });
  }
});
