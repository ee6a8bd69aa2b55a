import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { proveReply } from '../../../../src/daemon/greylisting/reply-proof.js';
import { parseEnvelopeAddress } from '../../../../src/mail/envelope-address.js';
import { parseIpAddress, type IpAddress } from '../../../../src/mail/ip-address.js';
import type { Lookups, SpfResult } from '../../../../src/rules/lookups.js';
import { createAttempt, createLookups } from '../../../support/rule-parts.js';

const network = { ipv4: 24, ipv6: 64 };
const unknown = { known: false, problem: 'no answer in time' } as const;

function ip(text: string): IpAddress {
  const address = parseIpAddress(text);
  assert.ok(address);
  return address;
}

async function prove(client: string, lookups: Partial<Lookups>): Promise<readonly unknown[]> {
  const attempt = createAttempt({ sender: parseEnvelopeAddress('<joe@partner.test>') });
  const all = createLookups(lookups);
  const { isProven, by, finding } = await proveReply(attempt, ip(client), network, all);
  return [isProven, by, finding];
}

const spf = (result: SpfResult, term?: string): Pick<Lookups, 'spf'> => ({
  spf: ({ sender }) => ({ known: true, value: { result, domain: sender.domain, term } }),
});

const exchangers = (...addresses: readonly string[]): Partial<Lookups> => ({
  ...spf('none'),
  mailExchangers: (domain) => ({
    known: true,
    value: domain === 'partner.test' ? addresses.map(ip) : [],
  }),
});

describe('a client may answer for a domain', () => {
  test('if SPF passes by a term that is about the client', async () => {
    for (const term of ['ip4:192.0.2.0/24', 'include:_spf.test a:mail.test/32', 'exists:all.test'])
      assert.deepEqual(await prove('192.0.2.1', spf('pass', term)), [
        true,
        'spf',
        `pass for partner.test by ${term}`,
      ]);
  });

  test('not if SPF lets everybody pass', async () => {
    for (const term of ['all', 'include:_spf.test all']) {
      const [isProven, by, finding] = await prove('192.0.2.1', spf('pass', term));
      assert.deepEqual([isProven, by], [false, 'spf']);
      assert.match(String(finding), /which lets everybody pass$/);
    }
  });

  test('not if SPF says anything else, or nothing; then exchangers are not asked', async () => {
    for (const result of ['fail', 'softfail', 'neutral', 'permerror'] as const)
      assert.deepEqual(await prove('192.0.2.1', { ...exchangers('192.0.2.1'), ...spf(result) }), [
        false,
        'spf',
        `${result} for partner.test`,
      ]);
    const away = { ...exchangers('192.0.2.1'), spf: () => unknown };
    assert.deepEqual(await prove('192.0.2.1', away), [
      false,
      'spf',
      'not known: no answer in time',
    ]);
  });

  test('without SPF if it is in the network of an exchanger', async () => {
    for (const [client, exchanger] of [
      ['192.0.2.1', '192.0.2.200'],
      ['2001:db8::1', '2001:db8::ffff:1'],
    ] as const) {
      const [isProven, by, finding] = await prove(client, exchangers('203.0.113.1', exchanger));
      assert.deepEqual([isProven, by], [true, 'mail-exchangers']);
      assert.match(String(finding), new RegExp(`its exchanger ${exchanger} is near`));
    }
  });

  test('not without SPF from elsewhere, or if the exchangers are not known', async () => {
    assert.deepEqual(await prove('192.0.3.1', exchangers('192.0.2.1', '2001:db8::1')), [
      false,
      'mail-exchangers',
      'partner.test has no SPF, and none of its 2 exchangers is near the client',
    ]);
    const away = { ...spf('none'), mailExchangers: () => unknown };
    assert.deepEqual(await prove('192.0.2.1', away), [
      false,
      'mail-exchangers',
      'partner.test has no SPF; exchangers not known: no answer in time',
    ]);
  });
});
