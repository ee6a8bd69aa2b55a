import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startTestDaemon, type DaemonCleanUp, type TestDaemon } from '../support/daemon-harness.js';
import { skipWithoutDnsServer, startDnsServer, type DnsServer } from '../support/dns-server.js';
import { deliver, waitFor, type Client, type Told } from './smtp-session.js';

const minute = 60_000;
const day = 24 * 60 * minute;

const ann = 'ann@local.test';
const joe = 'joe@partner.test';

const zones = {
  'partner.test':
    '@ TXT "v=spf1 include:_spf.partner.test -all"\n_spf TXT "v=spf1 ip4:192.0.2.0/28 -all"',
  'small.test': '@ MX 10 mail\nmail A 198.51.100.7',
  'open.test': '@ TXT "v=spf1 +all"',
};

/** Where mail comes from. */
const partner: Client = { address: '192.0.2.9' };
const stranger: Client = { address: '203.0.113.9' };

describe("answers to our own users' mail", { skip: skipWithoutDnsServer() }, () => {
  let server: DnsServer;
  const cleanUps: (() => void | Promise<void>)[] = [];
  before(async () => {
    server = await startDnsServer({ after: (stop) => cleanUps.unshift(stop) }, zones);
  });
  after(async () => {
    for (const cleanUp of cleanUps) await cleanUp();
  });

  const start = (t: DaemonCleanUp, ...overrides: readonly string[]): Promise<TestDaemon> =>
    startTestDaemon(t, {
      overrides: [
        `lookups.resolvers=["${server.address}"]`,
        ...['lookups.timeout=8s', 'limits.answer=9s'],
        'local-domains=[local.test]',
        ...overrides,
      ],
    });

  /** Mail of Ann, who has logged in, from somewhere. */
  const write = async (daemon: TestDaemon, to: string, login = 'ann'): Promise<void> => {
    const macros = { '{auth_authen}': login };
    const client = { address: '198.51.100.200' };
    const told = await deliver(daemon, { client, from: ann, to: [to], macros });
    assert.equal(told.eom, 'continue');
    assert.deepEqual(daemon.takeDecisions(), [`accept authenticated <${to}>`]);
  };
  const answer = (daemon: TestDaemon, client: Client, from = joe): Promise<Told> =>
    deliver(daemon, { client, from, to: [ann] });
  const reasons = async (daemon: TestDaemon, ...answers: Parameters<typeof answer>[]) => {
    for (const each of answers) await answer(...each);
    return daemon.takeDecisions().map((decision) => decision.split(' ')[1]);
  };

  test('pass at once where SPF passes, and without a header; others wait', async (t) => {
    const daemon = await start(t);
    await write(daemon, joe);
    assert.deepEqual((await answer(daemon, stranger)).rcpt, [waitFor(180)]);
    const told = await answer(daemon, partner);
    assert.deepEqual([told.rcpt, told.headers], [['continue'], []]);
    await answer(daemon, partner, 'jim@partner.test');
    assert.deepEqual(daemon.takeDecisions(), [
      `tempfail greylist-new <${ann}>`,
      `accept reply <${ann}>`,
      `tempfail greylist-new <${ann}>`,
    ]);
  });

  test('pass without SPF beside the exchanger alone, and never because all may', async (t) => {
    const daemon = await start(t);
    for (const domain of ['small.test', 'open.test']) await write(daemon, `joe@${domain}`);
    assert.deepEqual(
      await reasons(
        daemon,
        [daemon, stranger, 'joe@small.test'],
        [daemon, { address: '198.51.100.99' }, 'joe@small.test'],
        [daemon, stranger, 'joe@open.test'],
      ),
      ['greylist-new', 'reply', 'greylist-new'],
    );
  });

  test('are expected from a trusted client that is not loopback, and from nobody else', async (t) => {
    const daemon = await start(t);
    for (const address of ['127.0.0.1', '203.0.113.50']) {
      await deliver(daemon, { client: { address }, from: ann, to: [joe] });
      daemon.takeDecisions();
      assert.deepEqual(await reasons(daemon, [daemon, partner]), ['greylist-new']);
      daemon.clock.advance(3 * day);
    }
    await deliver(daemon, { client: { address: '10.0.0.25' }, from: ann, to: [joe] });
    assert.deepEqual(daemon.takeDecisions(), [`accept trusted <${joe}>`]);
    assert.deepEqual(await reasons(daemon, [daemon, partner]), ['reply']);
  });

  test('are expected for the time that is set, also after a restart', async (t) => {
    const daemon = await start(t, 'greylist.retry-window=10m');
    await write(daemon, joe);
    await daemon.stop();
    daemon.clock.advance(7 * day - minute);
    await daemon.start();
    assert.deepEqual(await reasons(daemon, [daemon, partner]), ['reply']);
    daemon.clock.advance(20 * minute);
    assert.deepEqual(await reasons(daemon, [daemon, partner]), ['greylist-expired']);
  });

  test('pass beside others at DATA only if nobody has to wait', async (t) => {
    const daemon = await start(t, 'greylist.stage=data');
    await write(daemon, joe);
    assert.equal((await answer(daemon, partner)).eom, 'continue');
    const to = [ann, 'bob@local.test'];
    const told = await deliver(daemon, { client: partner, from: joe, to });
    assert.equal(told.data, waitFor(180));
    assert.equal(told.eom, undefined);
  });

  test('wait as usual while DNS has no answer', async (t) => {
    const daemon = await start(t, 'lookups.resolvers=["127.0.0.1:1"]');
    await write(daemon, joe);
    assert.deepEqual((await answer(daemon, partner)).rcpt, [waitFor(180)]);
    daemon.clock.advance(3 * minute);
    assert.deepEqual((await answer(daemon, partner)).rcpt, ['continue']);
    daemon.takeDecisions();
  });

  test('are not expected without local domains, until a reload says them', async (t) => {
    const daemon = await start(t, 'local-domains=[]');
    await write(daemon, joe);
    assert.deepEqual(await reasons(daemon, [daemon, partner]), ['greylist-new']);
    await daemon.reload({ overrides: ['local-domains=[local.test]'] });
    await write(daemon, joe);
    assert.deepEqual(await reasons(daemon, [daemon, partner]), ['reply']);
    await daemon.reload({ overrides: ['greylist.replies=off'] });
    assert.deepEqual(await reasons(daemon, [daemon, partner]), ['greylist-early']);
  });
});
