import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  clientAutowhiteKey,
  parseClientAutowhiteKey,
  type AutowhiteCount,
} from '../../../src/greylist/client-autowhite-key.js';
import { parseCorrespondenceKey } from '../../../src/greylist/correspondence-key.js';
import { parseIpAddress } from '../../../src/mail/ip-address.js';

function keyOf(count: AutowhiteCount, address: string, senderDomain = 'a.example'): string {
  const client = parseIpAddress(address);
  assert.ok(client !== undefined);
  return clientAutowhiteKey({ count, client, network: { ipv4: 24, ipv6: 64 }, senderDomain });
}

describe('the key of a client', () => {
  const rows: readonly (readonly [AutowhiteCount, address: string, key: string, parsed: object])[] =
    [
      ['address', '192.0.2.1', 'a192.0.2.1', { kind: 'address' }],
      ['address', '2001:db8::1', 'a2001:db8::1', { kind: 'address' }],
      ['network', '192.0.2.1', 'a192.0.2.0/24', { kind: 'network' }],
      ['network', '2001:db8::1', 'a2001:db8::/64', { kind: 'network' }],
      [
        'sender-domain',
        '192.0.2.1',
        'a192.0.2.0/24\0a.example',
        { kind: 'sender-domain', domain: 'a.example' },
      ],
    ];
  for (const [count, address, key, parsed] of rows) {
    test(`by ${count}, of ${address}`, () => {
      assert.equal(keyOf(count, address), key);
      const found = parseClientAutowhiteKey(key);
      assert.ok(found !== undefined);
      const { kind, ...rest } = found;
      const text = 'address' in rest ? rest.address.text : rest.network.text;
      assert.equal(`a${text}`, key.replace(/\0.*/, ''));
      assert.deepEqual({ kind, ...('domain' in rest && { domain: rest.domain }) }, parsed);
      assert.equal(parseCorrespondenceKey(key), undefined);
    });
  }

  test('keeps domains apart that have a separator or half a character in them', () => {
    const domains = ['a', 'a\0b', 'a\x01b', '\ud800', '\ud801'];
    const keys = domains.map((domain) => keyOf('sender-domain', '192.0.2.1', domain));
    assert.equal(new Set(keys).size, domains.length);
    for (const [index, key] of keys.entries()) {
      const parsed = parseClientAutowhiteKey(key);
      assert.equal(parsed?.kind === 'sender-domain' ? parsed.domain : undefined, domains[index]);
    }
  });

  for (const key of [
    '',
    'a',
    'c192.0.2.1',
    'a192.0.2.01',
    'anobody',
    'a192.0.2.1/24',
    'a192.0.2.0/33',
    'a192.0.2.1\0a.example',
    'a2001:DB8::1',
    'a192.0.2.0/24\0a\0b',
  ]) {
    test(`is not ${JSON.stringify(key)}`, () => {
      assert.equal(parseClientAutowhiteKey(key), undefined);
    });
  }
});
