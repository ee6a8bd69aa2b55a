import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';

import { startTestDaemon, type TestDaemon } from '../support/daemon-harness.js';
import { startDnsResponder } from '../support/dns-responder.js';
import type { MtaPeer } from '../support/mta-peer.js';
import { deliver, openSession, said, sendMail, tryRecipient } from './smtp-session.js';

/** A daemon that reads a `greylist.conf` of these lines. */
function start(t: TestContext, ...lines: readonly string[]): Promise<TestDaemon> {
  return startTestDaemon(t, { file: 'greylist.conf', text: textOf(lines) });
}

function textOf(lines: readonly string[]): string {
  return ['nospf', ...lines, ''].join('\n');
}

async function open(daemon: TestDaemon, helo = 'mail.client.example'): Promise<MtaPeer> {
  const peer = await daemon.connect();
  await openSession(peer, { helo });
  return peer;
}

async function told(daemon: TestDaemon, mail: Parameters<typeof deliver>[1] = {}): Promise<string> {
  const { rcpt, eom } = await deliver(daemon, mail);
  return eom ?? rcpt.join();
}

const refused = '551 5.7.1 Go away!';
const comeBackIn = (time: string): string =>
  `451 4.7.1 Greylisting in action, please come back in ${time}`;

describe("milter-greylist's faults are not ours", () => {
  test('3: recipients and properties of one message do not count for the next', async (t) => {
    const daemon = await start(
      t,
      'racl blacklist rcptcount >= 2',
      'racl blacklist $seen "yes"',
      'racl continue rcpt marked@example.org set $seen = "yes"',
      'racl whitelist default',
    );
    const peer = await open(daemon);
    const three = { to: ['a@example.org', 'b@example.org', 'c@example.org'] };
    const passes = ['continue', 'continue', refused];
    assert.deepEqual((await sendMail(peer, three)).rcpt, passes);
    assert.deepEqual((await sendMail(peer, three)).rcpt, passes);
    const marked = { to: ['marked@example.org', 'b@example.org'] };
    assert.deepEqual((await sendMail(peer, marked)).rcpt, ['continue', refused]);
    assert.deepEqual((await sendMail(peer, { to: ['b@example.org'] })).rcpt, ['continue']);
  });

  test('4: what a client says is no format of the log', async (t) => {
    const daemon = await start(t, 'racl continue helo /./ log "helo %h"', 'racl whitelist default');
    const peer = await open(daemon, '%s%n%s%n.example');
    assert.deepEqual((await sendMail(peer)).rcpt, ['continue']);
    const messages = daemon.logger.entries.map(({ message }) => message);
    assert.ok(messages.includes('helo %s%n%s%n.example'), messages.join('\n'));
  });

  test('5: a message that is given up in the middle of a line is gone, and another one comes', async (t) => {
    const daemon = await start(t, 'racl whitelist default', 'dacl blacklist body "bad"');
    const peer = await open(daemon);
    for (let count = 0; count < 3; count++) {
      await peer.mail('<a@client.example>');
      assert.equal(await tryRecipient(peer, 'b@example.org'), 'continue');
      await peer.data();
      await peer.header('Subject', 'x');
      await peer.eoh();
      await peer.body('no end of a line, and bad');
      peer.abort();
    }
    assert.equal((await sendMail(peer)).eom, 'continue');
  });

  test('6: a rate of less than ten seconds is one like others', async (t) => {
    const daemon = await start(
      t,
      'ratelimit "quick" rcpt 1 / 5s',
      'racl blacklist ratelimit "quick"',
      'racl whitelist default',
    );
    assert.deepEqual([await told(daemon), await told(daemon)], ['continue', refused]);
    daemon.clock.advance(6000);
    assert.equal(await told(daemon), 'continue');
  });

  test('7: mx leaves the sender as it is, in decisions and as a triplet', async (t) => {
    const dns = await startDnsResponder(t, {
      'client.example MX': { MX: ['10 mx.client.example'] },
      'mx.client.example': { A: ['203.0.113.9'] },
    });
    const daemon = await startTestDaemon(t, {
      file: 'greylist.conf',
      text: textOf(['racl whitelist mx /32', 'racl greylist default delay 90s']),
      overrides: [`lookups.resolvers=${dns.address}`, 'lookups.timeout=8s'],
    });
    assert.equal(await told(daemon), comeBackIn('00:01:30'));
    assert.ok(dns.questions.includes('MX client.example'));
    daemon.clock.advance(90_000);
    // Not because of the exchanger: it is the triplet that is known.
    assert.equal(await told(daemon), 'continue');
    assert.deepEqual(
      daemon.decisions.map(({ reason, attempt: { sender } }) => [reason, sender.text]),
      [
        ['greylist-new', 'alice@client.example'],
        ['greylist-passed', 'alice@client.example'],
      ],
    );
    const byExchanger = { client: { address: '203.0.113.9' } };
    assert.equal(await told(daemon, byExchanger), 'continue');
    assert.equal(daemon.decisions.at(-1)?.attempt.sender.text, 'alice@client.example');
    assert.equal(daemon.decisions.at(-1)?.reason, 'rule');
  });

  test('9: content of mail that the first rule let pass is looked at', async (t) => {
    const daemon = await start(t, 'racl whitelist default', 'dacl blacklist body "hello"');
    assert.equal(await told(daemon), refused);
  });

  test('17, 18: a session under way keeps what a reload takes away', async (t) => {
    const dns = await startDnsResponder(t, {
      '1.2.0.192.bl.test A': { A: ['127.0.0.2'] },
    });
    const daemon = await startTestDaemon(t, {
      file: 'greylist.conf',
      text: textOf([
        'dnsrbl "bl" bl.test 127.0.0.2',
        'racl blacklist dnsrbl "bl"',
        'racl whitelist default',
      ]),
      overrides: [`lookups.resolvers=${dns.address}`, 'lookups.timeout=8s'],
    });
    const peer = await open(daemon);
    await peer.mail('<a@client.example>');
    // Until now nothing was answered: the session may not have been seen yet.
    assert.equal(said(await peer.rcpt('<a@example.org>')), refused);
    await daemon.reload({ text: textOf(['racl whitelist default']) });
    assert.equal(said(await peer.rcpt('<b@example.org>')), refused);
    assert.equal(await told(daemon), 'continue');
  });

  test('19, 20: the directory of the socket is made where it is not there', async (t) => {
    const daemon = await start(t, 'racl whitelist default');
    const path = join(daemon.directory, 'run/of/greylist/milter.sock');
    await daemon.reload({ listen: [`unix:${path}`] });
    assert.ok(existsSync(path));
    assert.equal(await told(daemon), 'continue');
  });
});

describe('as in milter-greylist', () => {
  test('22: a rule that says greylist makes triplets known as well', async (t) => {
    const daemon = await start(t, 'greylist 90', 'racl greylist default');
    assert.equal(await told(daemon), comeBackIn('00:01:30'));
    daemon.clock.advance(90_000);
    assert.equal(await told(daemon), 'continue');
    daemon.clock.advance(60_000);
    assert.equal(await told(daemon), 'continue');
    assert.equal(daemon.decisions.at(-1)?.reason, 'greylist-known');
  });

  test('whitelisted mail makes no triplet known, nor renews one', async (t) => {
    const daemon = await start(t, 'racl whitelist helo "friend.example"', 'racl greylist default');
    const friend = { client: { helo: 'friend.example' } };
    assert.equal(await told(daemon, friend), 'continue');
    assert.equal(await told(daemon), comeBackIn('00:30:00'));
    daemon.clock.advance(30 * 60_000);
    assert.equal(await told(daemon), 'continue');
    daemon.clock.advance(23 * 60 * 60_000);
    assert.equal(await told(daemon, friend), 'continue');
    daemon.clock.advance(2 * 60 * 60_000);
    assert.equal(await told(daemon), comeBackIn('00:30:00'));
  });

  test('loopback is greylisted like others where no rule says otherwise', async (t) => {
    const daemon = await start(t, 'racl greylist default');
    for (const [address, family] of [
      ['127.0.0.1', '4'],
      ['::1', '6'],
    ] as const)
      assert.equal(await told(daemon, { client: { address, family } }), comeBackIn('00:30:00'));
  });
});
