import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startTestDaemon } from '../support/daemon-harness.js';
import {
  deliver,
  offers,
  openSession,
  recipient,
  said,
  sendContent,
  sender,
  sendMail,
  tryRecipient,
  waitFor,
} from './smtp-session.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const delay = 3 * MINUTE;

describe('null and probing senders', () => {
  for (const from of ['', 'double-bounce@client.example', 'postmaster@client.example']) {
    test(`<${from}> is answered at DATA`, async (t) => {
      const daemon = await startTestDaemon(t);
      const put = await deliver(daemon, { from });
      assert.deepEqual([put.rcpt, put.data], [['continue'], waitFor(180)]);
      daemon.clock.advance(delay);
      const passed = await deliver(daemon, { from });
      assert.deepEqual([passed.data, passed.eom], ['continue', 'continue']);
      assert.match(passed.headers[0] ?? '', /^X-Greylist: delayed 00:03:00 by /);
      assert.deepEqual(
        daemon.decisions.map(({ reason, stage }) => [reason, stage]),
        [
          ['greylist-new', 'data'],
          ['greylist-passed', 'data'],
        ],
      );
    });

    test(`<${from}> is answered at the end of the message in protocol 2`, async (t) => {
      const daemon = await startTestDaemon(t);
      const offer = offers[2];
      const put = await deliver(daemon, { from, offer });
      assert.deepEqual([put.rcpt, put.data, put.eom], [['continue'], undefined, waitFor(180)]);
      assert.deepEqual(put.headers, []);
      daemon.clock.advance(delay);
      const passed = await deliver(daemon, { from, offer });
      assert.deepEqual([passed.eom, passed.headers.length], ['continue', 1]);
      assert.deepEqual(
        daemon.decisions.map(({ reason, stage }) => [reason, stage]),
        [
          ['greylist-new', 'eom'],
          ['greylist-passed', 'eom'],
        ],
      );
    });
  }

  test('the verification of an address leaves no trace', async (t) => {
    const daemon = await startTestDaemon(t);
    const peer = await daemon.connect();
    await openSession(peer);
    await peer.mail('<>');
    assert.equal(await tryRecipient(peer, recipient), 'continue');
    await peer.quit();
    assert.deepEqual(daemon.decisions, []);
    daemon.clock.advance(delay);
    assert.equal((await deliver(daemon, { from: '' })).data, waitFor(180));
  });

  test('the null sender is the same from another domain of the client, not from elsewhere', async (t) => {
    const daemon = await startTestDaemon(t);
    await deliver(daemon, { from: '' });
    daemon.clock.advance(delay);
    const elsewhere = { address: '198.51.100.7' };
    assert.equal((await deliver(daemon, { from: '', client: elsewhere })).data, waitFor(180));
    const near = { address: '192.0.2.77' };
    assert.equal((await deliver(daemon, { from: '', client: near })).data, 'continue');
  });

  test('what passed is known for a day, which its mail does not prolong', async (t) => {
    const daemon = await startTestDaemon(t);
    await deliver(daemon, { from: '' });
    daemon.clock.advance(delay);
    await deliver(daemon, { from: '' });
    daemon.clock.advance(23 * HOUR);
    assert.equal((await deliver(daemon, { from: '' })).data, 'continue');
    daemon.clock.advance(HOUR);
    assert.equal((await deliver(daemon, { from: '' })).data, waitFor(180));
  });

  test('may be answered at RCPT', async (t) => {
    const daemon = await startTestDaemon(t, { overrides: ['greylist.probe-senders.stage=rcpt'] });
    assert.deepEqual((await deliver(daemon, { from: '' })).rcpt, [waitFor(180)]);
  });

  test('an authenticated one passes at DATA as well', async (t) => {
    const daemon = await startTestDaemon(t);
    const told = await deliver(daemon, { from: '', macros: { '{auth_authen}': 'joe' } });
    assert.deepEqual([told.data, told.eom, told.headers], ['continue', 'continue', []]);
    assert.deepEqual(daemon.takeDecisions(), [`accept authenticated <${recipient}>`]);
  });
});

describe('several recipients that are answered at DATA', () => {
  test('wait together if one of them must', async (t) => {
    const daemon = await startTestDaemon(t);
    await deliver(daemon, { from: '' });
    daemon.clock.advance(delay);
    assert.equal((await deliver(daemon, { from: '' })).data, 'continue');
    daemon.takeDecisions();
    const told = await deliver(daemon, { from: '', to: ['new@example.org', recipient] });
    assert.deepEqual([told.rcpt, told.data], [['continue', 'continue'], waitFor(180)]);
    assert.deepEqual(daemon.takeDecisions(), [
      'tempfail greylist-new <new@example.org>',
      `tempfail greylist-new <${recipient}>`,
    ]);
    assert.equal((await deliver(daemon, { from: '' })).data, 'continue');
  });

  for (const to of [
    [recipient, 'late@example.org'],
    ['late@example.org', recipient],
  ]) {
    test(`share a clock that runs for one of them: ${to.join(', ')}`, async (t) => {
      const daemon = await startTestDaemon(t);
      await deliver(daemon, { from: '' });
      daemon.clock.advance(2 * MINUTE);
      assert.equal((await deliver(daemon, { from: '', to })).data, waitFor(60));
      daemon.clock.advance(MINUTE);
      assert.equal((await deliver(daemon, { from: '', to })).data, 'continue');
    });
  }

  test('pass together when the clock of one of them is over', async (t) => {
    const daemon = await startTestDaemon(t);
    await deliver(daemon, { from: '' });
    daemon.clock.advance(delay);
    const to = ['late@example.org', recipient];
    assert.equal((await deliver(daemon, { from: '', to })).data, 'continue');
  });

  test('may be more when DATA comes again', async (t) => {
    const daemon = await startTestDaemon(t);
    const peer = await daemon.connect();
    await openSession(peer);
    await peer.mail('<>');
    await tryRecipient(peer, 'a@example.org');
    assert.equal(said(await peer.data()), waitFor(180));
    await tryRecipient(peer, 'b@example.org');
    assert.equal(said(await peer.data()), waitFor(180));
    daemon.clock.advance(delay);
    const told = await sendContent(peer);
    assert.deepEqual([told.data, told.eom, told.headers.length], ['continue', 'continue', 1]);
    assert.deepEqual(
      daemon.decisions.map(({ reason, attempts }) => [reason, attempts]),
      [
        ['greylist-new', 1],
        ['greylist-early', 2],
        ['greylist-early', 1],
        ['greylist-passed', 3],
        ['greylist-passed', 2],
      ],
    );
  });
});

describe('greylist.stage: data', () => {
  test('puts everybody off at DATA', async (t) => {
    const daemon = await startTestDaemon(t, { overrides: ['greylist.stage=data'] });
    const put = await deliver(daemon);
    assert.deepEqual([put.rcpt, put.data], [['continue'], waitFor(180)]);
    daemon.clock.advance(delay);
    const passed = await deliver(daemon);
    assert.deepEqual([passed.data, passed.headers.length], ['continue', 1]);
  });

  test('puts everybody off at the end of the message in protocol 2', async (t) => {
    const daemon = await startTestDaemon(t, { overrides: ['greylist.stage=data'] });
    const put = await deliver(daemon, { offer: offers[2] });
    assert.deepEqual([put.rcpt, put.eom], [['continue'], waitFor(180)]);
  });

  test('with probing senders answered at RCPT', async (t) => {
    const overrides = ['greylist.stage=data', 'greylist.probe-senders.stage=rcpt'];
    const daemon = await startTestDaemon(t, { overrides });
    assert.deepEqual((await deliver(daemon, { from: '' })).rcpt, [waitFor(180)]);
    assert.equal((await deliver(daemon)).data, waitFor(180));
  });
});

describe('nothing of a held message leaks into the next one', () => {
  test('after its DATA was refused', async (t) => {
    const daemon = await startTestDaemon(t);
    const peer = await daemon.connect();
    await openSession(peer);
    assert.equal((await sendMail(peer, { from: '' })).data, waitFor(180));
    assert.deepEqual((await sendMail(peer)).rcpt, [waitFor(180)]);
    daemon.clock.advance(delay);
    const passed = await sendMail(peer);
    assert.deepEqual([passed.data, passed.eom], ['continue', 'continue']);
    assert.deepEqual(
      daemon.decisions.map(({ attempt }) => attempt.sender.text),
      ['', sender, sender],
    );
  });

  test('after RSET', async (t) => {
    const daemon = await startTestDaemon(t);
    const peer = await daemon.connect();
    await openSession(peer);
    await peer.mail('<>');
    await tryRecipient(peer, 'held@example.org');
    peer.abort();
    assert.equal((await sendMail(peer, { from: '', to: [recipient] })).data, waitFor(180));
    assert.deepEqual(daemon.takeDecisions(), [`tempfail greylist-new <${recipient}>`]);
  });

  test('after the end of the message had to answer', async (t) => {
    const daemon = await startTestDaemon(t);
    const peer = await daemon.connect();
    await openSession(peer, {}, offers[2]);
    assert.equal((await sendMail(peer, { from: '' })).eom, waitFor(180));
    daemon.clock.advance(delay);
    const passed = await sendMail(peer, { from: '' });
    assert.deepEqual([passed.eom, passed.headers.length], ['continue', 1]);
    const known = await sendMail(peer, { from: '' });
    assert.deepEqual([known.eom, known.headers], ['continue', []]);
  });
});
