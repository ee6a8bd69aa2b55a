import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { startTestDaemon, type TestDaemon } from '../support/daemon-harness.js';
import type { MtaPeer } from '../support/mta-peer.js';

const base = 'trusted: []\n';

/** Connects a client, up to MAIL. */
async function begin(
  daemon: TestDaemon,
  client = '203.0.113.7',
  from = '<alice@client.example>',
): Promise<MtaPeer> {
  const peer = await daemon.connect();
  await peer.negotiate();
  await peer.connectEvent('mail.client.example', client);
  await peer.helo('mail.client.example');
  await peer.mail(from);
  return peer;
}

/** What RCPT is answered: `continue`, or the first words of the reply. */
async function rcpt(peer: MtaPeer, to = '<bob@example.org>'): Promise<string> {
  const reply = await peer.rcpt(to);
  return reply?.kind === 'replycode' ? reply.text.slice(0, 9) : (reply?.kind ?? 'nothing');
}

describe('rules of a configuration file', () => {
  test('the first that matches decides, recipient by recipient', async (t) => {
    const daemon = await startTestDaemon(t, {
      text: `${base}
rules:
  - name: complaints
    when: {recipient: ['postmaster@', 'abuse@']}
    then: accept
  - name: no thanks
    when: {client: 198.51.100.0/24}
    unless: {sender: '@friend.example'}
    then: reject
  - name: slow lane
    when: {sender: '@bulk.example'}
    then: greylist
    delay: 30m
`,
    });
    const peer = await begin(daemon);
    assert.equal(await rcpt(peer, '<postmaster@example.org>'), 'continue');
    assert.equal(await rcpt(peer), '451 4.7.1');
    const refused = await begin(daemon, '198.51.100.9');
    assert.equal(await rcpt(refused), '550 5.7.1');
    const friend = await begin(daemon, '198.51.100.9', '<x@friend.example>');
    assert.equal(await rcpt(friend), '451 4.7.1');
    const bulk = await begin(daemon, '203.0.113.7', '<x@bulk.example>');
    assert.equal(await rcpt(bulk), '451 4.7.1');
    assert.deepEqual(
      daemon.decisions.map(({ verdict, rule }) => [verdict, rule]),
      [
        ['accept', 'complaints'],
        ['tempfail', undefined],
        ['reject', 'no thanks'],
        ['tempfail', undefined],
        ['tempfail', 'slow lane'],
      ],
    );
    const [, usual, , , slow] = daemon.decisions;
    assert.ok(usual?.would === 'tempfail' && slow?.would === 'tempfail');
    assert.deepEqual([usual.waitMs, slow.waitMs], [3 * 60_000, 30 * 60_000]);
  });

  test('a list in a file is read again on a reload; open sessions keep what they began with', async (t) => {
    const daemon = await startTestDaemon(t, { text: base });
    const file = join(daemon.directory, 'friends.txt');
    const text = `${base}
lists:
  friends: {clients: [{file: ${file}}]}
rules:
  - when: {client: 'list:friends'}
    then: accept
`;
    writeFileSync(file, '# nobody yet\n');
    await daemon.reload({ text });
    const before = await begin(daemon);
    writeFileSync(file, '203.0.113.0/24 # our partner\n');
    await daemon.reload({ text });
    assert.equal(await rcpt(before), '451 4.7.1');
    assert.equal(await rcpt(await begin(daemon)), 'continue');
  });

  test('a reload that is no good leaves the rules as they were', async (t) => {
    const daemon = await startTestDaemon(t, {
      text: `${base}rules: [{when: {client: 203.0.113.7}, then: accept}]\n`,
    });
    await assert.rejects(
      daemon.reload({ text: `${base}rules: [{when: {client: 'list:nowhere'}, then: accept}]\n` }),
      { code: 'CONFIG_INVALID', message: /greymilter\.yaml:2/ },
    );
    assert.equal(await rcpt(await begin(daemon)), 'continue');
  });

  test('what is exempt anyway is not asked about', async (t) => {
    const daemon = await startTestDaemon(t, {
      text: 'trusted: [203.0.113.0/24]\nrules: [{then: reject}]\n',
    });
    assert.equal(await rcpt(await begin(daemon)), 'continue');
    assert.equal(await rcpt(await begin(daemon, '198.51.100.1')), '550 5.7.1');
  });

  test('without rules for them no headers, no body and no early answers are asked for', async (t) => {
    const daemon = await startTestDaemon(t, { text: `${base}rules: [{then: accept}]\n` });
    const peer = await daemon.connect();
    const { steps } = await peer.negotiate();
    const [noBody, noHeaders, noReplyConnect, noReplyMail] = [0x10, 0x20, 0x1000, 0x4000];
    for (const flag of [noBody, noHeaders, noReplyConnect, noReplyMail]) {
      assert.notEqual(steps & flag, 0);
    }
  });
});
