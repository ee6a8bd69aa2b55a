import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { correspondenceKey } from '../../../src/greylist/correspondence-key.js';
import {
  decodeTarpit,
  encodeTarpit,
  parseTarpitKey,
  tarpitKey,
} from '../../../src/greylist/tarpit-record.js';
import { ipAddressFromBytes, parseIpAddress } from '../../../src/mail/ip-address.js';

function partiesOf(address: string, more: object = {}) {
  const client = parseIpAddress(address) ?? ipAddressFromBytes(new Uint8Array(4));
  const network = { ipv4: 24, ipv6: 64 };
  return { sender: 'a@s.example', recipient: 'b@r.example', client, network, ...more };
}

describe('what is remembered of a client that waited', () => {
  test('has a key of the addresses and the network', () => {
    assert.equal(tarpitKey(partiesOf('192.0.2.77')), 'tb@r.example\0a@s.example\x00192.0.2.0/24');
    assert.equal(
      tarpitKey(partiesOf('2001:db8::1', { sender: '' })),
      'tb@r.example\0\x002001:db8::/64',
    );
    // A separator in an address does not make another key of it.
    assert.notEqual(
      tarpitKey(partiesOf('192.0.2.1', { sender: 'x\0y' })),
      tarpitKey(partiesOf('192.0.2.1', { recipient: 'b@r.example\0x', sender: 'y' })),
    );
    assert.notEqual(tarpitKey(partiesOf('192.0.2.1')), correspondenceKey(partiesOf('192.0.2.1')));
  });

  for (const [address, more, network] of [
    ['192.0.2.77', {}, '192.0.2.0/24'],
    ['2001:db8::1', { sender: '' }, '2001:db8::/64'],
    ['192.0.2.77', { sender: 'x\0y', network: { ipv4: 32, ipv6: 64 } }, '192.0.2.77/32'],
  ] as const)
    test(`has a key that can be read: ${address} ${JSON.stringify(more)}`, () => {
      const parties = partiesOf(address, more);
      const parsed = parseTarpitKey(tarpitKey(parties));
      const { sender, recipient } = parties;
      assert.deepEqual(
        { ...parsed, network: parsed?.network.text },
        { sender, recipient, network },
      );
    });

  test('has no other key', () => {
    for (const key of [
      't',
      'ta\0b',
      'ta\0b\x00192.0.2.7/24',
      'ta\0b\0c\x00192.0.2.7/32',
      correspondenceKey(partiesOf('192.0.2.1')),
    ])
      assert.equal(parseTarpitKey(key), undefined);
  });

  for (const [outcome, hex] of [
    ['left', '0100'],
    ['stayed', '0101'],
  ] as const)
    test(`is ${hex} if it ${outcome}`, () => {
      const bytes = encodeTarpit(outcome);
      assert.equal(Buffer.from(bytes).toString('hex'), hex);
      assert.equal(decodeTarpit(bytes), outcome);
    });

  for (const [hex, code] of [
    ['0200', 'CORRESPONDENCE_NEWER_FORMAT'],
    ['0102', 'CORRESPONDENCE_DAMAGED'],
    ['01', 'CORRESPONDENCE_DAMAGED'],
    ['', 'CORRESPONDENCE_DAMAGED'],
    ['010000', 'CORRESPONDENCE_DAMAGED'],
  ] as const)
    test(`is not ${hex || 'nothing'}`, () => {
      assert.throws(() => decodeTarpit(Buffer.from(hex, 'hex')), { code });
    });
});
