import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startTestDaemon } from '../support/daemon-harness.js';
import {
  deliver,
  openSession,
  recipient,
  sendContent,
  sender,
  sendMail,
  tryRecipient,
  waitFor,
} from './smtp-session.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const delay = 3 * MINUTE;

describe('the life of a triplet', () => {
  test('waits once, passes after the delay, and is known from then on', async (t) => {
    const daemon = await startTestDaemon(t);
    assert.deepEqual((await deliver(daemon)).rcpt, [waitFor(180)]);
    daemon.clock.advance(100_000);
    assert.deepEqual((await deliver(daemon)).rcpt, [waitFor(80)]);
    daemon.clock.advance(79_999);
    assert.deepEqual((await deliver(daemon)).rcpt, [waitFor(1)]);
    daemon.clock.advance(1);
    assert.deepEqual((await deliver(daemon)).rcpt, ['continue']);
    assert.deepEqual((await deliver(daemon)).rcpt, ['continue']);
    assert.deepEqual(
      daemon.decisions.map(({ verdict, reason, attempts }) => [verdict, reason, attempts]),
      [
        ['tempfail', 'greylist-new', 1],
        ['tempfail', 'greylist-early', 2],
        ['tempfail', 'greylist-early', 3],
        ['accept', 'greylist-passed', 4],
        ['accept', 'greylist-known', 5],
      ],
    );
  });

  test('is renewed by its mail, and forgotten without', async (t) => {
    const daemon = await startTestDaemon(t);
    await deliver(daemon);
    daemon.clock.advance(delay);
    await deliver(daemon);
    for (let month = 0; month < 3; month++) {
      daemon.clock.advance(30 * DAY);
      assert.deepEqual((await deliver(daemon)).rcpt, ['continue']);
    }
    daemon.clock.advance(36 * DAY);
    assert.deepEqual((await deliver(daemon)).rcpt, [waitFor(180)]);
    assert.equal(daemon.decisions.at(-1)?.reason, 'greylist-expired');
  });

  test('begins anew after the retry window', async (t) => {
    const daemon = await startTestDaemon(t, { overrides: ['greylist.retry-window=1h'] });
    await deliver(daemon);
    daemon.clock.advance(HOUR);
    assert.deepEqual((await deliver(daemon)).rcpt, [waitFor(180)]);
    daemon.clock.advance(HOUR - 1);
    assert.deepEqual((await deliver(daemon)).rcpt, ['continue']);
    assert.deepEqual(daemon.takeDecisions(), [
      `tempfail greylist-new <${recipient}>`,
      `tempfail greylist-expired <${recipient}>`,
      `accept greylist-passed <${recipient}>`,
    ]);
  });

  test('is new again a day after its retry window', async (t) => {
    const daemon = await startTestDaemon(t, { overrides: ['greylist.retry-window=1h'] });
    await deliver(daemon);
    daemon.clock.advance(HOUR + DAY);
    assert.deepEqual((await deliver(daemon)).rcpt, [waitFor(180)]);
    assert.equal(daemon.decisions.at(-1)?.reason, 'greylist-new');
  });

  test('has expired if the pair is still remembered from elsewhere', async (t) => {
    const daemon = await startTestDaemon(t, { overrides: ['greylist.retry-window=1h'] });
    await deliver(daemon);
    daemon.clock.advance(30 * MINUTE);
    await deliver(daemon, { client: { address: '198.51.100.7' } });
    daemon.clock.advance(40 * MINUTE);
    assert.deepEqual((await deliver(daemon)).rcpt, [waitFor(180)]);
    assert.equal(daemon.decisions.at(-1)?.reason, 'greylist-expired');
  });

  test('outlives a restart', async (t) => {
    const daemon = await startTestDaemon(t);
    await deliver(daemon);
    await daemon.stop();
    daemon.clock.advance(delay);
    await daemon.start();
    assert.deepEqual((await deliver(daemon)).rcpt, ['continue']);
    assert.deepEqual(daemon.takeDecisions(), [
      `tempfail greylist-new <${recipient}>`,
      `accept greylist-passed <${recipient}>`,
    ]);
  });

  test('is the same in upper and lower case, and with a source route', async (t) => {
    const daemon = await startTestDaemon(t);
    await deliver(daemon);
    daemon.clock.advance(delay);
    const told = await deliver(daemon, {
      from: '@relay.example:Alice@CLIENT.example',
      to: ['BOB@Example.Org'],
    });
    assert.deepEqual(told.rcpt, ['continue']);
  });
});

describe('who is the same client', () => {
  /** The second address retries what the first one began. */
  const cases: readonly (readonly [string, string, string, 'passes' | 'waits'])[] = [
    ['another address of the same /24', '192.0.2.1', '192.0.2.254', 'passes'],
    ['another /24', '192.0.2.1', '192.0.3.1', 'waits'],
    ['another address of the same /64', '2001:db8::1', '2001:db8::f:1', 'passes'],
    ['another /64', '2001:db8::1', '2001:db8:0:1::1', 'waits'],
    ["Sendmail's spelling of an address", '2001:db8::1', 'IPv6:2001:db8:0:0:0:0:0:1', 'passes'],
    ['the mapped form of an IPv4 address', '192.0.2.1', '::ffff:192.0.2.1', 'passes'],
  ];
  for (const [what, first, second, fate] of cases) {
    test(`${what} ${fate}`, async (t) => {
      const daemon = await startTestDaemon(t);
      await deliver(daemon, { client: clientAt(first) });
      daemon.clock.advance(delay);
      const told = await deliver(daemon, { client: clientAt(second) });
      assert.deepEqual(told.rcpt, [fate === 'passes' ? 'continue' : waitFor(180)]);
    });
  }

  test('a pair that comes back patiently passes from wherever it comes', async (t) => {
    const daemon = await startTestDaemon(t);
    for (let hour = 0; hour < 4; hour++) {
      const told = await deliver(daemon, { client: clientAt(`203.0.${hour}.1`) });
      assert.deepEqual(told.rcpt, [waitFor(180)]);
      daemon.clock.advance(HOUR);
    }
    const told = await deliver(daemon, { client: clientAt('203.0.113.1') });
    assert.deepEqual(told.rcpt, ['continue']);
    assert.match(told.headers[0] ?? '', /^X-Greylist: delayed 04:00:00 by /);
    assert.equal(daemon.decisions.at(-1)?.reason, 'patience');
  });

  test('without patience such a pair goes on waiting', async (t) => {
    const daemon = await startTestDaemon(t, { overrides: ['greylist.patience=off'] });
    for (let hour = 0; hour < 6; hour++) {
      const told = await deliver(daemon, { client: clientAt(`203.0.${hour}.1`) });
      assert.deepEqual(told.rcpt, [waitFor(180)]);
      daemon.clock.advance(HOUR);
    }
  });
});

describe('several recipients', () => {
  test('are judged one by one: a known one passes, a new one beside it waits', async (t) => {
    const daemon = await startTestDaemon(t);
    await deliver(daemon);
    daemon.clock.advance(delay);
    await deliver(daemon);
    const told = await deliver(daemon, { to: ['new@example.org', recipient, 'more@example.org'] });
    assert.deepEqual(told.rcpt, [waitFor(180), 'continue', waitFor(180)]);
    assert.deepEqual([told.data, told.eom, told.headers], ['continue', 'continue', []]);
  });

  test('of one transaction wait once and pass together', async (t) => {
    const daemon = await startTestDaemon(t);
    const to = ['a@example.org', 'b@example.org', 'c@example.org'];
    assert.deepEqual(
      (await deliver(daemon, { to })).rcpt,
      to.map(() => waitFor(180)),
    );
    daemon.clock.advance(delay);
    const told = await deliver(daemon, { to });
    assert.deepEqual(
      told.rcpt,
      to.map(() => 'continue'),
    );
    assert.equal(told.headers.length, 1);
  });

  test('share the earliest clock that runs in the transaction', async (t) => {
    const daemon = await startTestDaemon(t);
    await deliver(daemon);
    daemon.clock.advance(2 * MINUTE);
    const to = [recipient, 'late@example.org'];
    assert.deepEqual((await deliver(daemon, { to })).rcpt, [waitFor(60), waitFor(60)]);
    daemon.clock.advance(MINUTE);
    assert.deepEqual((await deliver(daemon, { to })).rcpt, ['continue', 'continue']);
    assert.equal(daemon.decisions.at(-1)?.reason, 'greylist-passed');
  });

  test('share no clock with another transaction of the session', async (t) => {
    const daemon = await startTestDaemon(t);
    await deliver(daemon);
    daemon.clock.advance(2 * MINUTE);
    const peer = await daemon.connect();
    await openSession(peer);
    assert.deepEqual((await sendMail(peer)).rcpt, [waitFor(60)]);
    const next = await sendMail(peer, { to: ['late@example.org'] });
    assert.deepEqual(next.rcpt, [waitFor(180)]);
  });
});

describe('several messages on one connection', () => {
  // Sendmail sends no ABORT once MAIL need not be answered; Postfix sends one after each message.
  const separators = {
    'nothing between, as Sendmail': () => undefined,
    'ABORT between, as Postfix': (peer) => peer.abort(),
    'two ABORTs between': (peer) => {
      peer.abort();
      peer.abort();
    },
    'HELO between': (peer) => peer.helo('again.client.example'),
  } satisfies Record<string, (peer: Parameters<typeof openSession>[0]) => unknown>;
  for (const [what, separate] of Object.entries(separators)) {
    test(`${what}: each is judged by itself`, async (t) => {
      const daemon = await startTestDaemon(t);
      const peer = await daemon.connect();
      await openSession(peer);
      assert.deepEqual((await sendMail(peer)).rcpt, [waitFor(180)]);
      await separate(peer);
      daemon.clock.advance(delay);
      const passed = await sendMail(peer);
      assert.deepEqual([passed.rcpt, passed.headers.length], [['continue'], 1]);
      await separate(peer);
      const known = await sendMail(peer);
      assert.deepEqual([known.rcpt, known.headers], [['continue'], []]);
      await separate(peer);
      const other = await sendMail(peer, { from: 'carol@client.example' });
      assert.deepEqual(other.rcpt, [waitFor(180)]);
      await peer.quit();
    });
  }

  test('a recipient of a message that was given up does not come back', async (t) => {
    const daemon = await startTestDaemon(t);
    const peer = await daemon.connect();
    await openSession(peer);
    await peer.mail('<>');
    assert.equal(await tryRecipient(peer, 'held@example.org'), 'continue');
    await peer.mail(`<${sender}>`);
    assert.equal(await tryRecipient(peer, recipient), waitFor(180));
    assert.deepEqual(daemon.takeDecisions(), [`tempfail greylist-new <${recipient}>`]);
  });

  test('HELO inside a message ends it', async (t) => {
    const daemon = await startTestDaemon(t);
    const peer = await daemon.connect();
    await openSession(peer);
    await peer.mail(`<${sender}>`);
    await tryRecipient(peer, recipient);
    await peer.helo('again.client.example');
    assert.equal(await tryRecipient(peer, 'stray@example.org'), 'continue');
    assert.deepEqual((await sendMail(peer, { to: ['c@example.org'] })).rcpt, [waitFor(180)]);
    assert.deepEqual(
      daemon.decisions.map(({ attempt }) => [attempt.recipient.text, attempt.helo]),
      [
        [recipient, 'mail.client.example'],
        ['c@example.org', 'again.client.example'],
      ],
    );
  });

  test('QUIT_NC: another client follows on the same connection', async (t) => {
    const daemon = await startTestDaemon(t);
    const peer = await daemon.connect();
    await openSession(peer);
    await sendMail(peer);
    peer.quitNc();
    daemon.clock.advance(delay);
    await peer.connectEvent('[198.51.100.9]', '198.51.100.9');
    assert.deepEqual((await sendMail(peer)).rcpt, [waitFor(180)]);
    const [first, second] = daemon.decisions;
    assert.equal(second?.attempt.clientAddress?.text, '198.51.100.9');
    assert.equal(second.attempt.clientName, undefined);
    assert.equal(second.attempt.helo, undefined);
    assert.notEqual(second.attempt.id, first?.attempt.id);
  });
});

test('what an attempt tells: name, HELO, queue id', async (t) => {
  const daemon = await startTestDaemon(t);
  const peer = await daemon.connect();
  await openSession(peer, { name: 'mail.client.example', helo: 'client' });
  await peer.mail(`<${sender}>`);
  await tryRecipient(peer, 'a@example.org');
  await tryRecipient(peer, 'b@example.org', { i: '4QxYz' });
  await sendContent(peer);
  const [first, second] = daemon.decisions.map(({ attempt }) => attempt);
  assert.equal(first?.clientName, 'mail.client.example');
  assert.equal(first.helo, 'client');
  assert.match(first.id, /^s[0-9a-z]+\.1$/);
  assert.equal(second?.id, '4QxYz');
});

function clientAt(address: string): { readonly address: string; readonly family: '4' | '6' } {
  return { address, family: address.includes(':') ? '6' : '4' };
}
