import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startTestDaemon, type TestDaemon } from '../support/daemon-harness.js';
import { skipWithoutDnsServer, startDnsServer } from '../support/dns-server.js';
import { deliver, type Client } from './smtp-session.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const setting = 'greylist.client-autowhite={after: 2}';

async function reasonOf(
  daemon: TestDaemon,
  from: string,
  client: Client = { address: '203.0.113.7' },
): Promise<string | undefined> {
  await deliver(daemon, { client, from });
  return daemon.decisions.at(-1)?.reason;
}

/** A first attempt, and a retry. */
async function passFirst(daemon: TestDaemon, from: string, client?: Client): Promise<void> {
  assert.equal(await reasonOf(daemon, from, client), 'greylist-new');
  daemon.clock.advance(5 * MINUTE);
  assert.equal(await reasonOf(daemon, from, client), 'greylist-passed');
  daemon.clock.advance(HOUR);
}

describe('a client that comes back for one sender after the other', () => {
  test('waits no more, also after a restart', async (t) => {
    const daemon = await startTestDaemon(t, { overrides: [setting] });
    await passFirst(daemon, 'joe@a.example');
    await passFirst(daemon, 'ann@b.example');
    assert.equal(await reasonOf(daemon, 'sue@c.example'), 'client-autowhite');
    assert.equal(await reasonOf(daemon, ''), 'client-autowhite');
    assert.equal(await reasonOf(daemon, 'joe@a.example'), 'greylist-known');
    await daemon.stop();
    await daemon.start();
    assert.equal(await reasonOf(daemon, 'sue@c.example'), 'client-autowhite');
    const neighbour = { address: '203.0.113.8' };
    assert.equal(await reasonOf(daemon, 'sue@c.example', neighbour), 'greylist-new');
  });

  test('is told so in the decision, which has no wait and no attempt', async (t) => {
    const daemon = await startTestDaemon(t, { overrides: [setting] });
    await passFirst(daemon, 'joe@a.example');
    await passFirst(daemon, 'ann@b.example');
    const told = await deliver(daemon, {
      client: { address: '203.0.113.7' },
      from: 'sue@c.example',
    });
    assert.deepEqual(told.headers, []);
    const decision = daemon.decisions.at(-1);
    assert.ok(decision?.verdict === 'accept' && 'delayedMs' in decision);
    assert.deepEqual([decision.delayedMs, decision.attempts], [undefined, undefined]);
  });

  for (const [what, overrides, senders] of [
    ['of one domain', [], ['joe@a.example', 'ann@a.example', 'sue@a.example']],
    ['by the null sender', ['greylist.probe-senders.stage=rcpt'], ['', 'joe@a.example']],
    ['in shadow mode', ['greylist.mode=shadow'], ['joe@a.example', 'ann@b.example']],
    ['where it is off', ['greylist.client-autowhite=off'], ['joe@a.example', 'ann@b.example']],
  ] as const) {
    test(`earns nothing ${what}`, async (t) => {
      const daemon = await startTestDaemon(t, { overrides: [setting, ...overrides] });
      for (const sender of senders) await passFirst(daemon, sender);
      assert.equal(await reasonOf(daemon, 'max@z.example'), 'greylist-new');
    });
  }

  test("needs one domain only, Postgrey's way", async (t) => {
    const overrides = ['greylist.client-autowhite={after: 2, domains: 1}'];
    const daemon = await startTestDaemon(t, { overrides });
    await passFirst(daemon, 'joe@a.example');
    await passFirst(daemon, 'ann@a.example');
    assert.equal(await reasonOf(daemon, 'sue@c.example'), 'client-autowhite');
  });

  test("counts the senders of a domain, SQLgrey's way", async (t) => {
    const overrides = ['greylist.client-autowhite={after: 2, count: sender-domain}'];
    const daemon = await startTestDaemon(t, { overrides });
    await passFirst(daemon, 'joe@a.example');
    await passFirst(daemon, 'ann@a.example');
    const neighbour = { address: '203.0.113.8' };
    assert.equal(await reasonOf(daemon, 'sue@a.example', neighbour), 'client-autowhite');
    assert.equal(await reasonOf(daemon, 'sue@b.example', neighbour), 'greylist-new');
  });

  test('is a network where the names of its hosts agree', async (t) => {
    const overrides = ['greylist.client-autowhite={after: 2, count: network}'];
    const daemon = await startTestDaemon(t, { overrides });
    const host = (n: number, name: string): Client => ({ address: `203.0.113.${n}`, name });
    await passFirst(daemon, 'joe@a.example', host(1, 'out1.mail.test'));
    await passFirst(daemon, 'ann@b.example', host(2, 'out2.mail.test'));
    const third = host(3, 'out3.mail.test');
    assert.equal(await reasonOf(daemon, 'sue@c.example', third), 'client-autowhite');
    const stranger = host(4, 'mx.else.test');
    assert.equal(await reasonOf(daemon, 'sue@c.example', stranger), 'greylist-new');
  });

  test('is forgotten when it stays away', async (t) => {
    const daemon = await startTestDaemon(t, { overrides: [setting] });
    await passFirst(daemon, 'joe@a.example');
    await passFirst(daemon, 'ann@b.example');
    daemon.clock.advance(36 * DAY);
    assert.equal(await reasonOf(daemon, 'sue@c.example'), 'greylist-new');
  });
});

describe('a client loses what it has earned', () => {
  for (const [how, rule] of [
    ['at RCPT', '{when: {recipient: trap@}, then: reject}'],
    ['before it', '{when: {client: 203.0.113.7}, then: reject, stage: connect}'],
  ] as const) {
    test(`by a rule that refuses it ${how}`, async (t) => {
      const daemon = await startTestDaemon(t, { overrides: [setting] });
      await passFirst(daemon, 'joe@a.example');
      await passFirst(daemon, 'ann@b.example');
      await daemon.reload({ overrides: [`rules=[${rule}]`] });
      const client = { address: '203.0.113.7' };
      const peer = await daemon.connect();
      await peer.negotiate();
      await peer.connectEvent('[203.0.113.7]', client.address);
      if (how === 'at RCPT') {
        await peer.helo('x');
        await peer.mail('<sue@c.example>');
        await peer.rcpt('<trap@example.org>');
      }
      peer.drop();
      await daemon.reload({});
      assert.equal(await reasonOf(daemon, 'sue@c.example'), 'greylist-new');
    });
  }

  test('by a rule that refuses a message of it', async (t) => {
    const daemon = await startTestDaemon(t, { overrides: [setting] });
    await passFirst(daemon, 'joe@a.example');
    await passFirst(daemon, 'ann@b.example');
    await daemon.reload({
      overrides: ['message-rules=[{when: {header: {Subject: hello}}, then: reject}]'],
    });
    const told = await deliver(daemon, {
      client: { address: '203.0.113.7' },
      from: 'sue@c.example',
    });
    assert.match(told.eom ?? '', /^550 /);
    await daemon.reload({});
    assert.equal(await reasonOf(daemon, 'sue@c.example'), 'greylist-new');
  });

  test('once a DNS list has it', { skip: skipWithoutDnsServer() }, async (t) => {
    const dns = await startDnsServer(t, { 'list.test': '' });
    const daemon = await startTestDaemon(t, {
      overrides: [
        setting,
        `lookups.resolvers=${dns.address}`,
        ...['lookups.timeout=8s', 'limits.answer=9s'],
        'rules=[{when: {dnsbl: {zones: list.test}}, then: greylist, delay: 30m}]',
      ],
    });
    await passFirst(daemon, 'joe@a.example');
    await passFirst(daemon, 'ann@b.example');
    assert.equal(await reasonOf(daemon, 'sue@c.example'), 'client-autowhite');
    await dns.setZone('list.test', '7.113.0.203 A 127.0.0.2');
    daemon.clock.advance(HOUR);
    assert.equal(await reasonOf(daemon, 'sue@c.example'), 'greylist-new');
    assert.equal(await reasonOf(daemon, 'joe@a.example'), 'greylist-known');
    await dns.setZone('list.test', '');
    daemon.clock.advance(HOUR);
    assert.equal(await reasonOf(daemon, 'max@d.example'), 'greylist-new');
  });
});
