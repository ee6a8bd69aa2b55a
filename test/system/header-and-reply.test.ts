import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { describe, test } from 'node:test';
import { startTestDaemon, type TestDaemon } from '../support/daemon-harness.js';
import {
  deliver,
  introduce,
  offers,
  openSession,
  recipient,
  sender,
  sendMail,
  tryRecipient,
  waitFor,
} from './smtp-session.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const delay = 3 * MINUTE;
const addHeaders = 0x1;

describe('the header X-Greylist', () => {
  test('says how long, by whom and when', async (t) => {
    const daemon = await startTestDaemon(t);
    await deliver(daemon);
    daemon.clock.advance(5 * MINUTE + 12_999);
    assert.deepEqual((await deliver(daemon)).headers, [
      'X-Greylist: delayed 00:05:12 by greymilter at mx.example.org; ' +
        'Tue, 01 Jan 2030 00:05:12 +0000',
    ]);
  });

  test('counts hours beyond a day', async (t) => {
    const daemon = await startTestDaemon(t);
    await deliver(daemon);
    daemon.clock.advance(DAY + 61_000);
    assert.match((await deliver(daemon)).headers[0] ?? '', /^X-Greylist: delayed 24:01:01 by /);
  });

  test('names this host if the MTA has not said who it is', async (t) => {
    const daemon = await startTestDaemon(t, { overrides: ['greylist.header=always'] });
    const peer = await daemon.connect();
    await peer.negotiate();
    await peer.connectEvent('[127.0.0.1]', '127.0.0.1');
    const { headers } = await sendMail(peer);
    assert.deepEqual(headers, [
      `X-Greylist: not delayed by greymilter at ${hostname()}; Tue, 01 Jan 2030 00:00:00 +0000`,
    ]);
  });

  test('stands once, with the longest delay of the recipients', async (t) => {
    const daemon = await startTestDaemon(t);
    await deliver(daemon);
    daemon.clock.advance(MINUTE);
    await deliver(daemon, { to: ['late@example.org'] });
    daemon.clock.advance(4 * MINUTE);
    const told = await deliver(daemon, { to: ['late@example.org', recipient] });
    assert.deepEqual(told.rcpt, ['continue', 'continue']);
    assert.equal(told.headers.length, 1);
    assert.match(told.headers[0] ?? '', /^X-Greylist: delayed 00:05:00 by /);
  });

  test('is not on the next message of the connection', async (t) => {
    const daemon = await startTestDaemon(t);
    await deliver(daemon);
    daemon.clock.advance(delay);
    const peer = await daemon.connect();
    await openSession(peer);
    assert.equal((await sendMail(peer)).headers.length, 1);
    assert.deepEqual((await sendMail(peer)).headers, []);
    const exempt = await sendMail(peer, { macros: { '{auth_authen}': 'joe' } });
    assert.deepEqual(exempt.headers, []);
  });

  test('is not on a message whose delayed recipient was in a transaction before', async (t) => {
    const daemon = await startTestDaemon(t);
    await deliver(daemon, { to: ['known@example.org', 'other@example.org'] });
    daemon.clock.advance(delay);
    await deliver(daemon, { to: ['known@example.org'] });
    const peer = await daemon.connect();
    await openSession(peer);
    await peer.mail('<alice@client.example>');
    assert.equal(await tryRecipient(peer, 'other@example.org'), 'continue');
    peer.abort();
    assert.deepEqual((await sendMail(peer, { to: ['known@example.org'] })).headers, []);
  });

  test('may stand always, also on mail that is never greylisted', async (t) => {
    const daemon = await startTestDaemon(t, { overrides: ['greylist.header=always'] });
    await deliver(daemon);
    daemon.clock.advance(delay);
    assert.match((await deliver(daemon)).headers[0] ?? '', /: delayed 00:03:00 by /);
    assert.match((await deliver(daemon)).headers[0] ?? '', /: not delayed by greymilter at /);
    const local = await deliver(daemon, { client: { address: '127.0.0.1' } });
    assert.match(local.headers[0] ?? '', /: not delayed by greymilter at /);
  });

  test('may be left out, and then is not asked for', async (t) => {
    const daemon = await startTestDaemon(t, { overrides: ['greylist.header=never'] });
    await deliver(daemon);
    daemon.clock.advance(delay);
    const peer = await daemon.connect();
    const { actions } = await peer.negotiate();
    assert.equal(actions & addHeaders, 0);
    await introduce(peer);
    const told = await sendMail(peer);
    assert.deepEqual([told.eom, told.headers], ['continue', []]);
  });

  test('is left out where the MTA does not allow it', async (t) => {
    const daemon = await startTestDaemon(t);
    await deliver(daemon);
    daemon.clock.advance(delay);
    const told = await deliver(daemon, { offer: { version: 6, actions: 0x1fe } });
    assert.deepEqual([told.eom, told.headers], ['continue', []]);
  });
});

describe('the reply', () => {
  test('shows what its placeholders stand for', async (t) => {
    const showing = (text: string): Promise<TestDaemon> =>
      startTestDaemon(t, { overrides: [`greylist.reply.text='${text}'`] });
    const one = await showing('{wait} {minutes} {delay} {client} {name} {{}}');
    assert.deepEqual((await deliver(one)).rcpt, [
      '451 4.7.1 180 3 180 192.0.2.1 mail.client.example {}',
    ]);
    const other = await showing('{from} {to} {id} {host}');
    const told = await deliver(other);
    assert.deepEqual(told.rcpt, [
      `451 4.7.1 ${sender} ${recipient} ${other.decisions[0]?.attempt.id ?? ''} mx.example.org`,
    ]);
  });

  test('has the code and the enhanced code that are set', async (t) => {
    const overrides = ['greylist.reply.milter={code: 450, enhanced: 4.2.0}'];
    const daemon = await startTestDaemon(t, { overrides });
    const [reply = ''] = (await deliver(daemon)).rcpt;
    assert.equal(reply, '450 4.2.0 Greylisted, please try again in 180 seconds');
  });

  test('doubles a % of an address, and shows no character that is not printable', async (t) => {
    const daemon = await startTestDaemon(t, {
      overrides: ["greylist.reply.text='{from} to {to}'"],
    });
    const told = await deliver(daemon, {
      from: 'user%domain@relay.example',
      to: ['j\u00f6rg\u0007@example.org'],
    });
    assert.deepEqual(told.rcpt, ['451 4.7.1 user%%domain@relay.example to j?rg?@example.org']);
  });

  test('at DATA is by the earliest clock of all recipients', async (t) => {
    const daemon = await startTestDaemon(t, { overrides: ['greylist.stage=data'] });
    await deliver(daemon, { from: 'carol@client.example', to: ['a@example.org'] });
    daemon.clock.advance(MINUTE);
    const to = ['new@example.org', 'a@example.org'];
    const told = await deliver(daemon, { from: 'carol@client.example', to });
    assert.equal(told.data, waitFor(120));
  });
});

describe('what MTAs offer', () => {
  for (const offer of Object.values(offers)) {
    test(`version ${offer.version}: waits, and passes with the header`, async (t) => {
      const daemon = await startTestDaemon(t);
      assert.deepEqual((await deliver(daemon, { offer })).rcpt, [waitFor(180)]);
      daemon.clock.advance(delay);
      const told = await deliver(daemon, { offer });
      assert.deepEqual([told.rcpt, told.eom, told.headers.length], [['continue'], 'continue', 1]);
    });
  }

  test('everything: only RCPT, DATA and the end of the message are waited for', async (t) => {
    const daemon = await startTestDaemon(t);
    const peer = await daemon.connect();
    const { version, actions, steps, macroLists } = await peer.negotiate();
    assert.equal(version, 6);
    assert.equal(actions, 0x101);
    assert.equal(steps, 0x170 | 0x7000, 'NO: body, headers, EOH, unknown; NR: CONNECT, HELO, MAIL');
    assert.deepEqual([...macroLists.keys()].sort(), [0, 1, 2, 3, 5, 6]);
    assert.match(macroLists.get(3) ?? '', /\{greylist\}/);
  });

  test('without probing senders at DATA that is not waited for either', async (t) => {
    const daemon = await startTestDaemon(t, { overrides: ['greylist.probe-senders.stage=rcpt'] });
    const peer = await daemon.connect();
    const { steps } = await peer.negotiate();
    assert.equal(steps & 0x200, 0x200);
  });

  test('no macro lists: works with what the administrator has set', async (t) => {
    const daemon = await startTestDaemon(t);
    const told = await deliver(daemon, { offer: { version: 6, actions: 0x3f } });
    assert.deepEqual(told.rcpt, [waitFor(180)]);
  });

  test('a client without HELO', async (t) => {
    const daemon = await startTestDaemon(t);
    const peer = await daemon.connect();
    await peer.negotiate();
    await peer.connectEvent('[192.0.2.1]', '192.0.2.1');
    assert.deepEqual((await sendMail(peer)).rcpt, [waitFor(180)]);
    assert.equal(daemon.decisions[0]?.attempt.helo, undefined);
  });
});
