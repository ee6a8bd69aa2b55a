import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import {
  correspondenceKey,
  parseCorrespondenceKey,
} from '../../../src/greylist/correspondence-key.js';
import { parseIpAddress } from '../../../src/mail/ip-address.js';

const NETWORK = { ipv4: 24, ipv6: 64 };

function keyOf(sender: string, recipient: string, clientText: string, network = NETWORK): string {
  const client = parseIpAddress(clientText);
  assert.ok(client !== undefined);
  return correspondenceKey({ sender, recipient, client, network });
}

describe('correspondenceKey', () => {
  test('is of the pair, whatever the client', () => {
    const key = keyOf('a@b', 'c@d', '203.0.113.7');
    assert.equal(key, 'cc@d\0a@b');
    assert.equal(keyOf('a@b', 'c@d', '2001:db8::1'), key);
  });

  test('is of the client network for the null sender', () => {
    assert.equal(keyOf('', 'c@d', '203.0.113.7'), 'nc@d\x00203.0.113.0/24');
    assert.equal(keyOf('', 'c@d', '203.0.113.99'), keyOf('', 'c@d', '203.0.113.7'));
    assert.notEqual(keyOf('', 'c@d', '203.0.114.7'), keyOf('', 'c@d', '203.0.113.7'));
    assert.equal(keyOf('', 'c@d', '2001:db8:1:2:3::4'), 'nc@d\x002001:db8:1:2::/64');
  });

  test('goes by the network that is set', () => {
    const network = { ipv4: 32, ipv6: 48 };
    assert.equal(keyOf('', 'c@d', '203.0.113.7', network), 'nc@d\x00203.0.113.7/32');
    assert.equal(keyOf('', 'c@d', '2001:db8:1:2:3::4', network), 'nc@d\x002001:db8:1::/48');
  });

  test('keeps apart what the separator, the escape or half a surrogate pair could mix up', () => {
    const keys = [
      keyOf('c', 'a\0b', '203.0.113.7'),
      keyOf('b\0c', 'a', '203.0.113.7'),
      keyOf('c', 'a\x010000b', '203.0.113.7'),
      keyOf('\ud800', 'a', '203.0.113.7'),
      keyOf('\udfff', 'a', '203.0.113.7'),
      keyOf('\ufffd', 'a', '203.0.113.7'),
      keyOf('\u{1f600}', 'a', '203.0.113.7'),
      keyOf('203.0.113.0/24', 'a', '203.0.113.7'),
      keyOf('', 'a', '203.0.113.7'),
    ];
    const encoded = keys.map((key) => Buffer.from(key, 'utf8').toString('hex'));
    assert.equal(new Set(encoded).size, keys.length);
    assert.equal(keys[6], 'ca\0\u{1f600}');
  });
});

describe('parseCorrespondenceKey', () => {
  test('reads a pair back', () => {
    assert.deepEqual(parseCorrespondenceKey(keyOf('a\0\ud800@b', 'c\x01@d', '203.0.113.7')), {
      kind: 'pair',
      sender: 'a\0\ud800@b',
      recipient: 'c\x01@d',
    });
  });

  test('reads a network back', () => {
    const parsed = parseCorrespondenceKey(keyOf('', 'c@d', '203.0.113.7'));
    assert.ok(parsed?.kind === 'null-sender');
    assert.equal(parsed.recipient, 'c@d');
    assert.equal(parsed.network.text, '203.0.113.0/24');
  });

  const foreign = [
    '',
    'c',
    'ca@b',
    'ca@b\0',
    'ca\0b\0c',
    'xa@b\0c@d',
    '\0a',
    'na@b\0c@d',
    'na@b\x00203.0.113.7/24',
    'na@b\x00203.0.113.7',
  ];
  for (const key of foreign) {
    test(`does not take ${JSON.stringify(key)} for a key`, () => {
      assert.equal(parseCorrespondenceKey(key), undefined);
    });
  }
});
