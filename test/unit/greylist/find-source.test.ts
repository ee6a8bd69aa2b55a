import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import type { Source } from '../../../src/greylist/correspondence.js';
import { findSource, isLive } from '../../../src/greylist/find-source.js';
import { parseIpAddress } from '../../../src/mail/ip-address.js';
import type { IpAddress } from '../../../src/mail/ip-address.js';

const NOW = 1000;

function addressOf(text: string): IpAddress {
  const address = parseIpAddress(text);
  assert.ok(address !== undefined);
  return address;
}

function sourceOf(text: string, prefix: number, more: Partial<Source> = {}): Source {
  return {
    address: addressOf(text),
    prefix,
    name: undefined,
    firstSeenAt: 0,
    lastSeenAt: 0,
    attempts: 1,
    passedAt: undefined,
    expiresAt: 2000,
    ...more,
  };
}

describe('isLive', () => {
  test('ends with the instant of expiry', () => {
    const source = sourceOf('203.0.113.7', 24);
    assert.equal(isLive(source, 1999), true);
    assert.equal(isLive(source, 2000), false);
  });
});

describe('findSource', () => {
  const networks: readonly (readonly [stored: number, set: number, at: string, found: boolean])[] =
    [
      [24, 24, '203.0.113.99', true],
      [24, 24, '203.0.112.7', false],
      [24, 32, '203.0.113.99', true],
      [32, 24, '203.0.113.99', true],
      [32, 32, '203.0.113.99', false],
      [16, 24, '203.0.1.1', true],
      [0, 0, '2001:db8::1', false],
    ];
  for (const [stored, set, at, found] of networks) {
    test(`a source stored with /${stored} ${found ? 'is' : 'is not'} ${at} under /${set}`, () => {
      const source = sourceOf('203.0.113.7', stored);
      const match = findSource([source], addressOf(at), set, NOW);
      assert.equal(match, found ? source : undefined);
    });
  }

  const ended = sourceOf('203.0.113.1', 32, { expiresAt: NOW });
  const endedLater = sourceOf('203.0.113.2', 32, { expiresAt: NOW, firstSeenAt: 5 });
  const waiting = sourceOf('203.0.113.3', 32, { firstSeenAt: 20 });
  const waitingLonger = sourceOf('203.0.113.4', 32, { firstSeenAt: 10 });
  const passed = sourceOf('203.0.113.5', 32, { passedAt: 500 });
  const passedForLonger = sourceOf('203.0.113.6', 32, { passedAt: 600, expiresAt: 3000 });

  /** From the worst to the best. */
  const order = [endedLater, ended, waiting, waitingLonger, passed, passedForLonger];
  for (let count = 1; count <= order.length; count++) {
    test(`prefers the best of the first ${count}, wherever it stands in the list`, () => {
      const sources = order.slice(0, count);
      const address = addressOf('203.0.113.7');
      assert.equal(findSource(sources, address, 24, NOW), sources.at(-1));
      assert.equal(findSource(sources.toReversed(), address, 24, NOW), sources.at(-1));
    });
  }
});
