import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { providers } from '../../src/lookups/provider-list.js';
import { startTestDaemon, type DaemonCleanUp, type TestDaemon } from '../support/daemon-harness.js';
import { skipWithoutDnsServer, startDnsServer, type DnsServer } from '../support/dns-server.js';
import { waitUntil } from '../support/wait-until.js';
import { deliver, type Client } from './smtp-session.js';

const hour = 3_600_000;

/** A zone for each company, of which one has a policy in the shape of the large ones. */
const zones: Record<string, string> = {
  ...Object.fromEntries(
    providers.map(({ domain }, index) => [domain, `@ TXT "v=spf1 ip4:10.9.${index}.0/24 -all"`]),
  ),
  '_spf.google.com':
    '@ TXT "v=spf1 include:_netblocks.google.com include:_netblocks2.google.com ~all"',
  '_netblocks.google.com':
    '@ TXT "v=spf1 ip4:192.0.2.0/24 ip4:0.0.0.0/1 a:mail.google.com/28 exists:%{i}.google.com ~all"',
  '_netblocks2.google.com': '@ TXT "v=spf1 ip6:2001:db8:4000::/36 ~all"',
  'mail.google.com': '@ A 198.51.100.77',
  'list.test': '9.2.0.192 A 127.0.0.2',
};

const large: Client = { address: '192.0.2.7' };
const listed: Client = { address: '192.0.2.9' };
const small: Client = { address: '203.0.113.7' };

describe('large senders', { skip: skipWithoutDnsServer() }, () => {
  let server: DnsServer;
  const cleanUps: (() => void | Promise<void>)[] = [];
  before(async () => {
    server = await startDnsServer({ after: (stop) => cleanUps.unshift(stop) }, zones);
  });
  after(async () => {
    for (const cleanUp of cleanUps) await cleanUp();
  });

  const lookedUp = (daemon: TestDaemon): number =>
    daemon.logger.entries.filter(({ message }) => message === 'large senders looked up').length;
  const start = async (t: DaemonCleanUp, text = ''): Promise<TestDaemon> => {
    const overrides = [
      `lookups.resolvers=["${server.address}"]`,
      ...['lookups.timeout=8s', 'greylist.providers=accept'],
    ];
    const daemon = await startTestDaemon(t, { overrides, text });
    await waitUntil(() => lookedUp(daemon) === 1, 'large senders are looked up');
    return daemon;
  };
  const reasonsOf = async (daemon: TestDaemon, ...clients: readonly Client[]) => {
    for (const client of clients) await deliver(daemon, { client });
    return daemon.takeDecisions().map((decision) => decision.split(' ')[1]);
  };

  test('pass by the networks that their SPF names, and leave no triplet', async (t) => {
    const daemon = await start(t);
    const ipv6: Client = { address: '2001:db8:4abc::1', family: '6' };
    const byName: Client = { address: '198.51.100.66' };
    assert.deepEqual(await reasonsOf(daemon, large, ipv6, byName, small), [
      ...['provider', 'provider', 'provider'],
      'greylist-new',
    ]);
    await daemon.reload({ overrides: ['greylist.providers=greylist'] });
    assert.deepEqual(await reasonsOf(daemon, large), ['greylist-new']);
    await daemon.reload({});
    await waitUntil(() => lookedUp(daemon) === 2, 'large senders are looked up again');
    assert.deepEqual(await reasonsOf(daemon, large), ['provider']);
  });

  test('that are listed wait, and so do those that a rule is about', async (t) => {
    const rules = `rules:
  - {name: listed, when: {dnsbl: {zones: [list.test]}}, then: continue, delay: 30m}
  - {name: hers, when: {recipient: bob@example.org, client: 192.0.2.64/26}, then: greylist}
  - {name: everybody else, then: greylist}
`;
    const daemon = await start(t, rules);
    assert.deepEqual(await reasonsOf(daemon, large, listed, { address: '192.0.2.65' }), [
      'provider',
      'greylist-new',
      // Of the same network.
      'greylist-early',
    ]);
  });

  test('have moved after some hours; a reload that changes nothing keeps them', async (t) => {
    const daemon = await start(t);
    const source = daemon.daemon.ruleSet.providers;
    await daemon.reload({ overrides: ['greylist.delay=60s'] });
    assert.equal(daemon.daemon.ruleSet.providers, source);
    await server.setZone('_netblocks2.google.com', '@ TXT "v=spf1 ip4:203.0.113.0/24 ~all"');
    t.after(() => server.setZone('_netblocks2.google.com', zones['_netblocks2.google.com'] ?? ''));
    assert.deepEqual(await reasonsOf(daemon, large, small), ['provider', 'greylist-new']);
    daemon.clock.advance(4 * hour);
    await source.refresh();
    assert.deepEqual(await reasonsOf(daemon, large, small), ['provider', 'provider']);
  });

  test('are nobody where there is no DNS, which is told once; mail goes on', async (t) => {
    const overrides = ['lookups.resolvers=["127.0.0.1:1"]', 'greylist.providers=accept'];
    const daemon = await startTestDaemon(t, { overrides });
    await waitUntil(() => lookedUp(daemon) === 1, 'nobody has answered');
    const { fields } = daemon.logger.take('large senders cannot be looked up');
    assert.equal(fields['providers'], 'all');
    assert.deepEqual(await reasonsOf(daemon, large), ['greylist-new']);
    daemon.clock.advance(24 * hour);
    await daemon.daemon.ruleSet.providers.refresh();
    assert.equal(lookedUp(daemon), 2);
  });
});
