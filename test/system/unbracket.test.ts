import assert from 'node:assert/strict';
import { after, before, describe, test, type TestContext } from 'node:test';
import { startTestDaemon, type TestDaemon } from '../support/daemon-harness.js';
import { startDnsResponder } from '../support/dns-responder.js';
import { skipWithoutDnsServer, startDnsServer, type DnsServer } from '../support/dns-server.js';

const zones = {
  '113.0.203.in-addr.arpa': '7 PTR mail.client.test.\n8 PTR liar.client.test.',
  'client.test': 'mail A 203.0.113.7\nliar A 203.0.113.9',
};

const rules = `rules:
  - {name: known, when: {client-name: .client.test}, then: reject, text: 'not {client-name}'}
  - {name: others, then: accept}
`;

/** What a session of such a client is told, and the name that its decision has. */
async function attempt(
  daemon: TestDaemon,
  hostName: string,
  address: string,
): Promise<readonly [reply: string, name: string | undefined]> {
  const peer = await daemon.connect();
  await peer.negotiate();
  await peer.connectEvent(hostName, address);
  await peer.helo('mail.client.test');
  await peer.mail('<alice@client.test>');
  const reply = await peer.rcpt('<bob@example.org>');
  peer.drop();
  const text = reply?.kind === 'replycode' ? reply.text : String(reply?.kind);
  return [text, daemon.decisions.at(-1)?.attempt.clientName];
}

describe('a client without a name', { skip: skipWithoutDnsServer() }, () => {
  const cleanUps: (() => void | Promise<void>)[] = [];
  let server: DnsServer;
  before(async () => {
    server = await startDnsServer({ after: (stop) => cleanUps.unshift(stop) }, zones);
  });
  after(async () => {
    for (const cleanUp of cleanUps) await cleanUp();
  });

  const start = (t: TestContext, more: string, behind = rules): Promise<TestDaemon> =>
    startTestDaemon(t, {
      text: `trusted: []\nlookups: {timeout: 8s, resolvers: '${server.address}'${more}}\n${behind}`,
    });

  test('is looked up if that is wanted, for rules, replies and the log', async (t) => {
    const daemon = await start(t, ', unbracket: true');
    const known = ['550 5.7.1 not mail.client.test', 'mail.client.test'];
    assert.deepEqual(await attempt(daemon, '[203.0.113.7]', '203.0.113.7'), known);
    // The answers are at hand now.
    assert.deepEqual(await attempt(daemon, '[203.0.113.7]', '203.0.113.7'), known);
    for (const host of ['8', '10']) {
      const address = `203.0.113.${host}`;
      assert.deepEqual(await attempt(daemon, `[${address}]`, address), ['continue', undefined]);
    }
    const named = ['550 5.7.1 not other.client.test', 'other.client.test'];
    assert.deepEqual(await attempt(daemon, 'other.client.test', '203.0.113.7'), named);
  });

  test('is looked up for a rule that answers at once', async (t) => {
    const early = rules.replace('then: reject', 'then: reject, stage: connect');
    const daemon = await start(t, ', unbracket: true', early);
    const peer = await daemon.connect();
    await peer.negotiate();
    const reply = await peer.connectEvent('[203.0.113.7]', '203.0.113.7');
    assert.equal(reply?.kind === 'replycode' && reply.text, '550 5.7.1 not mail.client.test');
    peer.drop();
  });

  test('has none otherwise', async (t) => {
    const daemon = await start(t, '');
    const told = await attempt(daemon, '[203.0.113.7]', '203.0.113.7');
    assert.deepEqual(told, ['continue', undefined]);
  });

  test('is looked up for a greylist.conf', async (t) => {
    const text = 'unbracket\nnospf\nracl blacklist domain client.test msg "not %d"\n';
    const daemon = await startTestDaemon(t, {
      text: `${text}racl whitelist default\n`,
      file: 'greylist.conf',
      overrides: [`lookups.resolvers=${server.address}`, 'lookups.timeout=8s'],
    });
    const told = await attempt(daemon, '[203.0.113.7]', '203.0.113.7');
    assert.deepEqual(told, ['551 5.7.1 not mail.client.test', 'mail.client.test']);
  });
});

describe('a client whose name nobody can tell', () => {
  test('is judged without one once the lookups have had their time', async (t) => {
    const responder = await startDnsResponder(t, { '7.113.0.203.in-addr.arpa': 'silence' });
    const daemon = await startTestDaemon(t, {
      text: `trusted: []
lookups: {timeout: 1s, resolvers: '${responder.address}', unbracket: true}
${rules}`,
    });
    const told = await attempt(daemon, '[203.0.113.7]', '203.0.113.7');
    assert.deepEqual(told, ['continue', undefined]);
    assert.ok(responder.questions.includes('PTR 7.113.0.203.in-addr.arpa'));
  });
});
