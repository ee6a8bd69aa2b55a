import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseConfig } from '../../../../src/config/load.js';
import {
  clientVisit,
  hasFallen,
  isListed,
} from '../../../../src/daemon/greylisting/client-visit.js';
import { createPolicy } from '../../../../src/daemon/policy/policy.js';
import { parseEnvelopeAddress } from '../../../../src/mail/envelope-address.js';
import type { Ruling } from '../../../../src/rules/rule.js';
import { createAttempt } from '../../../support/rule-parts.js';

describe("a client's visit", () => {
  const sender = parseEnvelopeAddress('<Joe@A.example>');
  const visitOf = (...overrides: readonly string[]) =>
    clientVisit(createAttempt({ sender }), createPolicy(parseConfig({ overrides }).config));

  test('is counted for its address, by the settings', () => {
    const visit = visitOf();
    assert.equal(visit?.key, 'a203.0.113.7');
    assert.deepEqual(visit.settings, {
      after: 5,
      count: 'address',
      domains: 2,
      spacingMs: 3_600_000,
      forMs: 36 * 24 * 3_600_000,
    });
    const { host, ...from } = visit.visit;
    assert.deepEqual([host.address.text, host.name], ['203.0.113.7', 'mail.client.example']);
    assert.deepEqual(from, { domain: 'a.example', sender: 'joe@a.example' });
  });

  for (const [count, key] of [
    ['network', 'a203.0.0.0/16'],
    ['sender-domain', 'a203.0.0.0/16\0a.example'],
  ] as const) {
    test(`is counted for its ${count}`, () => {
      const found = visitOf(
        'greylist.network.ipv4=16',
        `greylist.client-autowhite={count: ${count}}`,
      );
      assert.equal(found?.key, key);
    });
  }

  test('does not count where the setting is off, nor without an address', () => {
    assert.equal(visitOf('greylist.client-autowhite=off'), undefined);
    const local = createAttempt({ clientAddress: undefined });
    assert.equal(clientVisit(local, createPolicy(parseConfig({}).config)), undefined);
  });
});

describe('what takes it all away', () => {
  const listed = new Map([['dnsbl', 'list.example']]);
  const rows: readonly (readonly [Ruling['action'], Ruling['found'], boolean])[] = [
    ['greylist', undefined, false],
    ['greylist', new Map(), false],
    ['greylist', listed, true],
    ['tempfail', undefined, false],
    ['tempfail', listed, true],
    ['reject', undefined, true],
    ['accept', listed, false],
    ['accept', undefined, false],
  ];
  for (const [action, found, isFallen] of rows) {
    test(`${action}, ${found?.get('dnsbl') ?? 'not listed'}: ${isFallen ? 'yes' : 'no'}`, () => {
      assert.equal(hasFallen({ action, ...(found !== undefined && { found }) }), isFallen);
    });
  }

  test('nothing where no rule was asked', () => {
    assert.equal(hasFallen(undefined), false);
    assert.equal(isListed(undefined), false);
  });
});
