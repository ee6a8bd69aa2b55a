import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseConfig } from '../../../../src/config/load.js';
import { mayConnect } from '../../../../src/daemon/listening/may-connect.js';

const { allow } = parseConfig({
  overrides: ['listen.allow=[192.0.2.0/24, 2001:db8::/32]'],
}).config.listen;

type Case = readonly [what: string, remoteAddress: string | undefined, expected: boolean];

const cases: readonly Case[] = [
  ['a Unix socket', undefined, true],
  ['loopback', '127.0.0.1', true],
  ['loopback, IPv6', '::1', true],
  ['this machine by its own address', '198.51.100.1', true],
  ['an allowed network', '192.0.2.77', true],
  ['an allowed network, mapped', '::ffff:192.0.2.77', true],
  ['an allowed network, IPv6', '2001:db8::7', true],
  ['a client beside it', '192.0.3.1', false],
  ['anybody else, IPv6', '2001:db9::7', false],
  ['what is no address', 'nonsense', false],
];

describe('who may connect', () => {
  for (const [what, remoteAddress, expected] of cases) {
    test(`${what}: ${expected ? 'may' : 'may not'}`, () =>
      assert.equal(mayConnect({ remoteAddress, localAddress: '198.51.100.1' }, allow), expected));
  }

  test('nobody else if nobody is allowed', () => {
    const peer = { remoteAddress: '192.0.2.77', localAddress: '198.51.100.1' };
    assert.equal(mayConnect(peer, []), false);
  });
});
