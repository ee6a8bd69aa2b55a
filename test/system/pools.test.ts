import assert from 'node:assert/strict';
import { after, before, describe, test, type TestContext } from 'node:test';
import type { LookupService } from '../../src/lookups/create-lookups.js';
import type { LookupSource } from '../../src/rules/lookups.js';
import { startTestDaemon, type TestDaemon } from '../support/daemon-harness.js';
import { skipWithoutDnsServer, startDnsServer, type DnsServer } from '../support/dns-server.js';
import { deliver, waitFor, type Client } from './smtp-session.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Policies of the shapes that large providers have, and of those that nobody should fall for. */
const zones = {
  // Office-like: one include with many wide networks of both families.
  'office.test': [
    '@ TXT "v=spf1 include:spf.office.test -all"',
    'spf TXT "v=spf1 ip4:40.92.0.0/15 ip4:40.107.0.0/16 ip4:52.100.0.0/14 ip6:2a01:111:f400::/48 -all"',
  ].join('\n'),
  // Webmail-like: a redirection, and three includes behind it.
  'webmail.test': [
    '@ TXT "v=spf1 redirect=_spf.webmail.test"',
    '_spf TXT "v=spf1 include:_nb1.webmail.test include:_nb2.webmail.test include:_nb3.webmail.test ~all"',
    '_nb1 TXT "v=spf1 ip4:35.190.247.0/24 ip4:64.233.160.0/19 ip4:66.102.0.0/20 ~all"',
    '_nb2 TXT "v=spf1 ip6:2001:4860:4000::/36 ip6:2404:6800:4000::/36 ~all"',
    '_nb3 TXT "v=spf1 ip4:172.217.0.0/19 ip4:108.177.96.0/19 ~all"',
  ].join('\n'),
  // A shop: its own exchangers, one more host, and whoever sends its newsletters.
  'shop.test': [
    '@ TXT "v=spf1 mx a:out.shop.test include:bulk.office.test ?all"',
    '@ MX 10 mx1',
    '@ MX 20 mx2',
    'mx1 A 192.0.2.10',
    'mx2 A 198.51.100.10',
    'out A 203.0.113.10',
  ].join('\n'),
  'bulk.office.test': '@ TXT "v=spf1 ip4:167.89.0.0/17 ip4:208.117.48.0/20 -all"',
  'nopolicy.test': '@ MX 10 mail',
  'all.test': '@ TXT "v=spf1 +all"',
  'exists.test': '@ TXT "v=spf1 exists:%{i}.is.exists.test -all"\n*.is A 127.0.0.2',
  'macro.test': [
    '@ TXT "v=spf1 a:%{i}.is.macro.test -all"',
    '192.0.2.1.is A 192.0.2.1',
    '198.51.100.1.is A 198.51.100.1',
  ].join('\n'),
  'ptr.test': '@ TXT "v=spf1 ptr:ptr.test -all"\nmx1 A 192.0.2.1\nmx2 A 198.51.100.1',
  'wide.test': '@ TXT "v=spf1 ip4:192.0.0.0/8 ip4:198.32.0.0/11 ip6:2001:d00::/24 -all"',
  'slow.test': '@ TXT "v=spf1 include:elsewhere.invalid ip4:192.0.2.0/24 ip4:198.51.100.0/24 -all"',
  '2.0.192.in-addr.arpa': '1 PTR mx1.ptr.test.',
  '100.51.198.in-addr.arpa': '1 PTR mx2.ptr.test.',
} as const;

/** A client without a verified name, unless it is given one. */
function client(address: string, name = `[${address}]`): Client {
  return { address, name, family: address.includes(':') ? '6' : '4' };
}

let dns: DnsServer | undefined;

async function start(t: TestContext, ...overrides: readonly string[]): Promise<TestDaemon> {
  assert.ok(dns !== undefined);
  return await startTestDaemon(t, {
    overrides: [
      `lookups.resolvers=${dns.address}`,
      ...['lookups.timeout=8s', 'limits.answer=9s'],
      'trusted=[]',
      ...overrides,
    ],
  });
}

/** `tempfail greylist-new` or `accept greylist-passed spf`, and how long it had been waiting. */
async function attempt(
  daemon: TestDaemon,
  from: string,
  who: Client,
): Promise<readonly [told: string, found: string]> {
  const told = await deliver(daemon, { client: who, from });
  const decision = daemon.decisions.at(-1);
  assert.ok(decision !== undefined);
  const { verdict, reason, identity } = decision;
  return [told.rcpt.join(), [verdict, reason, identity ?? []].flat().join(' ')];
}

describe('a pool is one client', { skip: skipWithoutDnsServer() }, () => {
  const cleanUps: (() => void | Promise<void>)[] = [];
  before(async () => {
    dns = await startDnsServer({ after: (stop) => cleanUps.unshift(stop) }, zones);
  });
  after(async () => {
    for (const cleanUp of cleanUps) await cleanUp();
  });

  describe('by SPF: the first attempt from one network, the retry from another', () => {
    for (const [what, from, first, second] of [
      ['networks of an included policy', 'a@office.test', '40.92.1.1', '52.101.7.7'],
      ['its networks of both families', 'a@office.test', '40.107.1.1', '2a01:111:f400:7e00::1'],
      ['policies behind a redirection', 'a@webmail.test', '35.190.247.9', '108.177.97.3'],
      ['networks of IPv6', 'a@webmail.test', '2001:4860:4000:1::1', '2404:6800:4000:2::1'],
      ['mail exchangers', 'a@shop.test', '192.0.2.10', '198.51.100.10'],
      ['an exchanger and a host', 'a@shop.test', '192.0.2.10', '203.0.113.10'],
      ['a host and a service', 'a@shop.test', '203.0.113.10', '167.89.3.3'],
    ] as const) {
      test(what, async (t) => {
        const daemon = await start(t);
        assert.deepEqual(await attempt(daemon, from, client(first)), [
          waitFor(180),
          'tempfail greylist-new',
        ]);
        daemon.clock.advance(MINUTE);
        assert.deepEqual(await attempt(daemon, from, client(second)), [
          waitFor(120),
          'tempfail greylist-early spf',
        ]);
        daemon.clock.advance(2 * MINUTE);
        const back = await attempt(daemon, from, client(second));
        assert.deepEqual(back, ['continue', 'accept greylist-passed network']);
        assert.equal(daemon.decisions.at(-1)?.attempts, 3);
      });
    }

    test('a third network passes at once, and is known from then on', async (t) => {
      const daemon = await start(t);
      await attempt(daemon, 'a@office.test', client('40.92.1.1'));
      daemon.clock.advance(5 * MINUTE);
      const passed = await attempt(daemon, 'a@office.test', client('52.100.1.1'));
      assert.deepEqual(passed, ['continue', 'accept greylist-passed spf']);
      const pool = await attempt(daemon, 'a@office.test', client('40.107.1.1'));
      assert.deepEqual(pool, ['continue', 'accept pool spf']);
      const known = await attempt(daemon, 'a@office.test', client('40.107.1.200'));
      assert.deepEqual(known, ['continue', 'accept greylist-known network']);
    });
  });

  test('by its network nobody is asked, nor for a pair that is new', async (t) => {
    const daemon = await start(t, 'lookups.resolvers=127.0.0.1:9');
    const asked = countQuestions(daemon);
    await attempt(daemon, 'a@office.test', client('40.92.1.1'));
    daemon.clock.advance(5 * MINUTE);
    const passed = await attempt(daemon, 'a@office.test', client('40.92.1.77'));
    assert.deepEqual(passed, ['continue', 'accept greylist-passed network']);
    await attempt(daemon, 'b@office.test', client('52.100.1.1'));
    assert.equal(asked(), 0);
    await attempt(daemon, 'a@office.test', client('52.100.1.1'));
    assert.equal(asked(), 1);
    await attempt(daemon, 'a@office.test', client('52.100.1.1'));
    assert.equal(asked(), 1);
  });

  describe('by its confirmed name', () => {
    test('nobody is asked either', async (t) => {
      const daemon = await start(t);
      const asked = countQuestions(daemon);
      await attempt(daemon, 'a@nopolicy.test', client('192.0.2.1', 'out-1.send.nopolicy.test'));
      daemon.clock.advance(5 * MINUTE);
      const other = client('198.51.100.1', 'out-2.send.nopolicy.test');
      const passed = await attempt(daemon, 'a@nopolicy.test', other);
      assert.deepEqual(passed, ['continue', 'accept greylist-passed host-name']);
      const third = client('203.0.113.1', 'out-3.send.nopolicy.test');
      assert.deepEqual(await attempt(daemon, 'a@nopolicy.test', third), [
        'continue',
        'accept pool host-name',
      ]);
      assert.equal(asked(), 0);
    });

    for (const [what, one, other] of [
      ['another domain', 'out-1.nopolicy.test', 'out-1.shop.test'],
      ['a public suffix', 'spammer.co.uk', 'bot.co.uk'],
      ['a shared cloud', 'a.eu-west-1.compute.amazonaws.com', 'b.eu-west-1.compute.amazonaws.com'],
      ['a dial-up network', 'dsl-1.pool.isp.test', 'dsl-2.pool.isp.test'],
      ['generated names', 'host-192-0-2-1.isp.test', 'host-198-51-100-1.isp.test'],
      // What the MTA could not confirm comes without a name.
      ['a name that is forged', 'out-1.nopolicy.test', '[198.51.100.1]'],
    ] as const) {
      test(`not by ${what}`, async (t) => {
        const daemon = await start(t);
        await attempt(daemon, 'a@nopolicy.test', client('192.0.2.1', one));
        daemon.clock.advance(5 * MINUTE);
        const found = await attempt(daemon, 'a@nopolicy.test', client('198.51.100.1', other));
        assert.deepEqual(found, [waitFor(180), 'tempfail greylist-new']);
      });
    }
  });

  describe('but not by a policy that says nothing', () => {
    for (const [what, from, first, second] of [
      ['+all', 'a@all.test', '192.0.2.1', '198.51.100.1'],
      ['exists', 'a@exists.test', '192.0.2.1', '198.51.100.1'],
      ['a name made of the client', 'a@macro.test', '192.0.2.1', '198.51.100.1'],
      ['ptr', 'a@ptr.test', '192.0.2.1', '198.51.100.1'],
      ['networks that are too wide', 'a@wide.test', '192.0.2.1', '198.51.100.1'],
      ['one network that is too wide', 'a@wide.test', '192.0.2.1', '192.7.7.1'],
      ['networks of IPv6 that are too wide', 'a@wide.test', '2001:db8::1', '2001:dff::1'],
      ['no policy', 'a@nopolicy.test', '192.0.2.1', '198.51.100.1'],
      ['failing', 'a@office.test', '40.92.1.1', '198.51.100.1'],
      ['a server that fails behind an include', 'a@slow.test', '192.0.2.1', '198.51.100.1'],
    ] as const) {
      test(`${what}: the source waits by its own clock, and restarts none`, async (t) => {
        const daemon = await start(t);
        await attempt(daemon, from, client(first));
        daemon.clock.advance(2 * MINUTE);
        const found = await attempt(daemon, from, client(second));
        assert.deepEqual(found, [waitFor(180), 'tempfail greylist-new']);
        daemon.clock.advance(MINUTE);
        const back = await attempt(daemon, from, client(first));
        assert.deepEqual(back, ['continue', 'accept greylist-passed network']);
      });
    }

    test('never for the null sender, whatever HELO says', async (t) => {
      const daemon = await start(t, 'greylist.probe-senders.stage=rcpt');
      const asked = countQuestions(daemon);
      for (const address of ['40.92.1.1', '52.100.1.1']) {
        const who = { ...client(address), helo: 'office.test' };
        assert.equal((await attempt(daemon, '', who))[1], 'tempfail greylist-new');
        daemon.clock.advance(5 * MINUTE);
      }
      assert.equal(asked(), 0);
    });

    test('nor where the setting says so', async (t) => {
      const daemon = await start(t, 'greylist.identity=network', 'greylist.patience=off');
      await attempt(daemon, 'a@office.test', client('40.92.1.1', 'a.out.office.test'));
      daemon.clock.advance(5 * MINUTE);
      const other = client('52.100.1.1', 'b.out.office.test');
      const found = await attempt(daemon, 'a@office.test', other);
      assert.deepEqual(found, [waitFor(180), 'tempfail greylist-new']);
    });
  });

  describe('by patience, in the end', () => {
    const visit = async (daemon: TestDaemon, from: string, name?: string): Promise<string> => {
      let found = '';
      for (let host = 1; host <= 5; host++) {
        found = (await attempt(daemon, from, client(`198.51.${host}.1`, name)))[1];
        daemon.clock.advance(HOUR);
      }
      return found;
    };
    for (const [what, from, name, expected] of [
      ['without a policy it passes', 'a@nopolicy.test', undefined, 'accept patience'],
      ['it passes where SPF is not known', 'a@slow.test', undefined, 'accept patience'],
      ['not if SPF fails', 'a@office.test', undefined, 'tempfail greylist-new'],
      ['nor if it looks dynamic', 'a@nopolicy.test', 'dsl-1.isp.test', 'tempfail greylist-new'],
    ] as const) {
      test(what, async (t) => assert.equal(await visit(await start(t), from, name), expected));
    }
  });
});

/** How often SPF was asked for, from now on. */
function countQuestions({ daemon }: TestDaemon): () => number {
  const { lookups } = daemon.ruleSet;
  assert.ok(isService(lookups));
  const { spf } = lookups.counters.kinds;
  const before = spf.asked;
  return () => spf.asked - before;
}

function isService(lookups: LookupSource): lookups is LookupService {
  return 'counters' in lookups;
}
