import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import {
  compareExceptions,
  decodeHandExceptions,
  encodeHandExceptions,
  findHandException,
  isSameException,
  type HandException,
} from '../../../src/greylist/hand-exceptions.js';
import { parseIpAddress } from '../../../src/mail/ip-address.js';
import { parseNetwork } from '../../../src/mail/network.js';

function exception(client: string, sender?: string): HandException {
  const network = parseNetwork(client);
  assert.ok(network !== undefined);
  return { network, sender, addedAt: 1000, expiresAt: 2000 };
}

function bySpf(sender: string): HandException {
  return { network: undefined, sender, addedAt: 1000, expiresAt: 2000 };
}

function isFound(of: HandException, client: string, from = 'a@b.example', now = 1500): boolean {
  const address = parseIpAddress(client);
  assert.ok(address !== undefined);
  const domain = from.slice(from.indexOf('@') + 1);
  return findHandException([of], { address, sender: from, domain }, now) === of;
}

describe('an exception', () => {
  test('is for an address, or all of a network', () => {
    assert.ok(isFound(exception('192.0.2.0/24'), '192.0.2.99'));
    assert.ok(!isFound(exception('192.0.2.0/24'), '192.0.3.99'));
    assert.ok(isFound(exception('2001:db8::1'), '2001:db8::1'));
    assert.ok(!isFound(exception('2001:db8::1'), '2001:db8::2'));
  });

  test('is for all senders, one, a domain, or the null sender', () => {
    for (const [sender, from, is] of [
      [undefined, 'a@b.example', true],
      [undefined, '', true],
      ['a@b.example', 'a@b.example', true],
      ['a@b.example', 'c@b.example', false],
      ['@b.example', 'c@b.example', true],
      ['@b.example', 'c@sub.b.example', false],
      ['', '', true],
      ['', 'a@b.example', false],
      ['@b.example', '', false],
    ] as const)
      assert.equal(
        isFound(exception('192.0.2.1', sender), '192.0.2.1', from),
        is,
        `${sender} ${from}`,
      );
  });

  test('by SPF is of its sender or domain, and comes behind one of the network', () => {
    for (const [sender, from, is] of [
      ['a@b.example', 'a@b.example', true],
      ['a@b.example', 'c@b.example', false],
      ['@b.example', 'c@b.example', true],
      ['@b.example', '', false],
    ] as const)
      assert.equal(isFound(bySpf(sender), '198.51.100.1', from), is, `${sender} ${from}`);
    assert.ok(!isFound(bySpf('@b.example'), '198.51.100.1', 'a@b.example', 2000));
    const address = parseIpAddress('192.0.2.1');
    assert.ok(address);
    const seeker = { address, sender: 'a@b.example', domain: 'b.example' };
    const [here, there] = [exception('192.0.2.0/24'), exception('198.51.100.0/24')];
    assert.equal(findHandException([bySpf('@b.example'), there, here], seeker, 1500), here);
    const spf = bySpf('@b.example');
    assert.equal(findHandException([spf, there], seeker, 1500), spf);
  });

  test('counts up to its end', () => {
    const one = exception('192.0.2.1');
    assert.ok(isFound(one, '192.0.2.1', 'a@b.example', 1999));
    assert.ok(!isFound(one, '192.0.2.1', 'a@b.example', 2000));
  });

  test('is the same as another one of its network and sender', () => {
    const one = exception('192.0.2.0/24', '@b.example');
    const later = { ...one, expiresAt: 9 };
    assert.ok(isSameException(one, later));
    assert.ok(!isSameException(one, exception('192.0.2.0/24')));
    assert.ok(!isSameException(one, exception('192.0.2.0/25', '@b.example')));
    assert.ok(!isSameException(one, bySpf('@b.example')));
    assert.ok(isSameException(bySpf('@b.example'), bySpf('@b.example')));
  });

  test('has a place in every list', () => {
    const all = [
      bySpf('@a'),
      exception('192.0.2.0/24', '@b'),
      exception('192.0.1.0/24'),
      exception('192.0.2.0/24'),
    ];
    assert.deepEqual([...all].sort(compareExceptions), [all[2], all[3], all[1], all[0]]);
    assert.equal(compareExceptions(exception('::/0'), exception('::/0')), 0);
  });
});

describe('the stored form', () => {
  test('is read back', () => {
    const all = [exception('192.0.2.0/24', '@b.example'), exception('::1'), exception('::2', '')];
    assert.deepEqual(decodeHandExceptions(encodeHandExceptions(all)), all);
    const text = '[1,[["192.0.2.0/24","@b.example",1000,2000]]]';
    assert.equal(Buffer.from(encodeHandExceptions(all.slice(0, 1))).toString(), text);
    const spf = Buffer.from('[1,[["spf","@b.example",1000,2000]]]');
    assert.deepEqual(decodeHandExceptions(spf), [bySpf('@b.example')]);
    assert.deepEqual(Buffer.from(encodeHandExceptions([bySpf('@b.example')])), spf);
  });

  for (const [text, code] of [
    ['', 'CORRESPONDENCE_DAMAGED'],
    ['{}', 'CORRESPONDENCE_DAMAGED'],
    ['[0,[]]', 'CORRESPONDENCE_DAMAGED'],
    ['[1,{}]', 'CORRESPONDENCE_DAMAGED'],
    ['[1,[7]]', 'CORRESPONDENCE_DAMAGED'],
    ['[1,[["mx.example",null,1,2]]]', 'CORRESPONDENCE_DAMAGED'],
    ['[1,[["192.0.2.1",null]]]', 'CORRESPONDENCE_DAMAGED'],
    ['[1,[["192.0.2.1",null,1]]]', 'CORRESPONDENCE_DAMAGED'],
    ['[1,[["192.0.2.1",null,1,"2"]]]', 'CORRESPONDENCE_DAMAGED'],
    ['[1,[["192.0.2.1",7,1,2]]]', 'CORRESPONDENCE_DAMAGED'],
    ['[1,[["spf",null,1,2]]]', 'CORRESPONDENCE_DAMAGED'],
    ['[1,[["spf","",1,2]]]', 'CORRESPONDENCE_DAMAGED'],
    ['[2,[]]', 'CORRESPONDENCE_NEWER_FORMAT'],
  ] as const)
    test(`${text} is ${code}`, () =>
      assert.throws(() => decodeHandExceptions(Buffer.from(text)), { code }));
});
