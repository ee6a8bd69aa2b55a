import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import type { Correspondence, Source } from '../../../src/greylist/correspondence.js';
import { CorrespondenceFormatError } from '../../../src/greylist/byte-reader.js';
import {
  decodeCorrespondence,
  encodeCorrespondence,
  readBackCorrespondence,
} from '../../../src/greylist/correspondence-codec.js';
import { ipAddressFromBytes } from '../../../src/mail/ip-address.js';

const NOW = 1_717_243_800_584;
const TWO_DAYS_MS = 172_800_000;

const PENDING: Source = {
  address: ipAddressFromBytes(Uint8Array.of(203, 0, 113, 7)),
  prefix: 24,
  name: undefined,
  firstSeenAt: NOW,
  lastSeenAt: NOW,
  attempts: 1,
  passedAt: undefined,
  expiresAt: NOW + TWO_DAYS_MS,
};

const NEW: Correspondence = {
  series: { firstAt: NOW, lastReturnAt: NOW, returns: 0 },
  sources: [PENDING],
};

const PASSED: Source = {
  ...PENDING,
  address: ipAddressFromBytes(
    Uint8Array.from([0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8]),
  ),
  prefix: 48,
  name: 'mx.example.net',
  firstSeenAt: NOW + 1000,
  lastSeenAt: NOW + 302_000,
  attempts: 3,
  passedAt: NOW + 301_000,
  expiresAt: NOW + 3_110_700_000,
};

/** Records as bytes, so that the form that is on people's disks does not change unnoticed. */
const FORMS: readonly (readonly [name: string, record: Correspondence, hex: string])[] = [
  ['a new record', NEW, '01 41 88d8d39dfd31 00 cb007107 80f0b252'],
  [
    'a name',
    { ...NEW, sources: [{ ...PENDING, name: 'mx.a' }] },
    '01 41 88d8d39dfd31 40 cb007107 80f0b252 04 6d782e61',
  ],
  [
    'a network that is not the usual one',
    { ...NEW, sources: [{ ...PENDING, prefix: 32 }] },
    '01 41 88d8d39dfd31 02 cb007107 80f0b252 20',
  ],
  [
    'a passed source, no series',
    { series: undefined, sources: [{ ...PENDING, lastSeenAt: NOW + 300, passedAt: NOW + 300 }] },
    '01 01 88d8d39dfd31 08 cb007107 80f0b252 ac02',
  ],
  [
    'all fields of an IPv6 source, a series that went on',
    { series: { firstAt: NOW, lastReturnAt: NOW + 300, returns: 2 }, sources: [PASSED] },
    '01 81 88d8d39dfd31 00 ac02 02 7f 20010db8000000000000000000000008 e087a6cb0b 30' +
      'e807 c8af12 b0b712 03 0e 6d782e6578616d706c652e6e6574',
  ],
  [
    'a source that passed before all else, as clocks may have it',
    { series: undefined, sources: [{ ...PENDING, passedAt: NOW - 1 }] },
    '01 01 87d8d39dfd31 1c cb007107 81f0b252 01 00 01',
  ],
  ['no source at all', { series: NEW.series, sources: [] }, '01 40 88d8d39dfd31'],
];

function bytesOf(hex: string): Uint8Array {
  return Buffer.from(hex.replaceAll(' ', ''), 'hex');
}

describe('the stored form', () => {
  for (const [name, record, hex] of FORMS) {
    test(`of ${name}`, () => {
      const encoded = encodeCorrespondence(record);
      assert.equal(Buffer.from(encoded).toString('hex'), hex.replaceAll(' ', ''));
      assert.deepEqual(decodeCorrespondence(bytesOf(hex)), record);
    });
  }

  test('are read back as they were written, and others as they are', () => {
    const bytes = encodeCorrespondence(NEW);
    assert.equal(readBackCorrespondence(bytes), NEW);
    assert.deepEqual(readBackCorrespondence(Uint8Array.from(bytes)), NEW);
    const [, other] = FORMS;
    assert.ok(other !== undefined);
    const later = encodeCorrespondence(other[1]);
    assert.deepEqual(readBackCorrespondence(bytes), NEW);
    assert.equal(readBackCorrespondence(later), other[1]);
  });

  test('of a new IPv4 source takes 17 bytes', () => {
    assert.equal(encodeCorrespondence(NEW).length, 17);
  });
});

describe('bytes that are no record', () => {
  const damaged: readonly (readonly [what: string, hex: string])[] = [
    ['nothing', ''],
    ['version 0', '00 40 00'],
    ['a head that is cut off', '01'],
    ['33 sources', `01 21 00 ${'00 cb007107 00'.repeat(33)}`],
    ['sources that are not there', '01 20 00'],
    ['an address that is cut off', '01 01 00 00 cb0071'],
    ['a prefix beyond IPv4', '01 01 00 02 cb007107 00 21'],
    ['a prefix beyond IPv6', '01 01 00 03 20010db8000000000000000000000008 00 81'],
    ['IPv4 in the form of IPv6', '01 01 00 01 00000000000000000000ffffcb007107 00'],
    ['an instant beyond the safe integers', '01 01 01 00 cb007107 ffffffffffffff0f'],
    ['a name longer than the record', '01 01 00 40 cb007107 00 05 61'],
    ['a name that is no UTF-8', '01 01 00 40 cb007107 00 01 ff'],
    ['bytes behind the end', '01 40 00 00'],
  ];
  for (const [what, hex] of damaged) {
    test(`are damaged: ${what}`, () => {
      const code = 'CORRESPONDENCE_DAMAGED';
      assert.throws(() => decodeCorrespondence(bytesOf(hex)), { code });
      assert.throws(() => decodeCorrespondence(bytesOf(hex)), CorrespondenceFormatError);
    });
  }

  const newer: readonly (readonly [what: string, hex: string])[] = [
    ['version 2', '02 40 00'],
    ['an unknown form of the series', '01 c0 00'],
    ['unknown fields of a source', '01 01 00 80 cb007107 00'],
  ];
  for (const [what, hex] of newer) {
    test(`are of a newer format: ${what}`, () => {
      const code = 'CORRESPONDENCE_NEWER_FORMAT';
      assert.throws(() => decodeCorrespondence(bytesOf(hex)), { code });
    });
  }

  test('keep the cause of a name that cannot be read', () => {
    assert.throws(
      () => decodeCorrespondence(bytesOf('01 01 00 40 cb007107 00 01 ff')),
      (error) => error instanceof CorrespondenceFormatError && error.cause instanceof TypeError,
    );
  });
});
