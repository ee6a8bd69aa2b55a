import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { startTestDaemon, type TestDaemon } from '../support/daemon-harness.js';
import {
  deliver,
  openSession,
  sendMail,
  type Client,
  type Envelope,
  type Told,
} from './smtp-session.js';

/** What milter-greylist does by itself, in our words. */
const STYLE = `
trusted: []
greylist:
  style: milter-greylist
  delay: 3s
  retry-window: 5d
  autowhite: 1h
  network: {ipv4: 32, ipv6: 128}
  sender: {form: milter-greylist}
  recipient: {form: milter-greylist}
  reply: {text: 'Greylisting in action, please come back in {remaining}'}
  header: always
  header-text: 'X-Greylist: {milter-greylist} by milter-greylist-4.6.4 ({host} [{local-address}]); {date} (UTC)'
  client-autowhite: off
  replies: off
  probe-senders: {match: []}
`;

/** `racl whitelist addr 127.0.0.0/8` and `racl greylist default`, in lines 7 and 8 of a file. */
const RULES = `
rules:
  - {name: '7', when: {client: 127.0.0.0/8}, then: accept}
  - {name: '8', then: greylist}
`;

const CLIENT: Client = { address: '192.0.2.10', name: 'mail.s.example' };
const MACROS = { '{if_addr}': '198.51.100.1', j: 'mx.test.example' };

function start(t: TestContext, more: readonly string[] = [], rules = RULES): Promise<TestDaemon> {
  return startTestDaemon(t, { text: STYLE + rules, overrides: more });
}

function attempt(daemon: TestDaemon, mail: Envelope & { client?: Client } = {}): Promise<Told> {
  return deliver(daemon, {
    from: 'alice@s.example',
    to: ['bob@r.example'],
    ...mail,
    client: { ...CLIENT, macros: MACROS, ...mail.client },
  });
}

function comeBackIn(time: string): string {
  return `451 4.7.1 Greylisting in action, please come back in ${time}`;
}

async function rcpt(daemon: TestDaemon, mail?: Parameters<typeof attempt>[1]): Promise<string> {
  const { rcpt: told } = await attempt(daemon, mail);
  return told.join(', ');
}

function status({ headers }: Told): string {
  const [, found = ''] =
    /^X-Greylist: (.*) by milter-greylist-4\.6\.4 \(mx\.test\.example \[198\.51\.100\.1\]\); \w{3}, \d\d \w{3} \d{4} [\d:]{8} \+0000 \(UTC\)$/.exec(
      headers.join(),
    ) ?? [];
  return found;
}

describe("milter-greylist's sessions", () => {
  test('1: a first attempt, an early retry, other spellings, acceptance, and what is known', async (t) => {
    const daemon = await start(t);
    assert.equal(await rcpt(daemon), comeBackIn('00:00:03'));
    daemon.clock.advance(1000);
    assert.equal(await rcpt(daemon), comeBackIn('00:00:02'));
    assert.equal(await rcpt(daemon, { to: ['BOB@r.example'] }), comeBackIn('00:00:03'));
    daemon.clock.advance(2000);
    const passed = await attempt(daemon);
    assert.deepEqual(passed.rcpt, ['continue']);
    assert.equal(status(passed), 'Delayed for 00:00:03');
    daemon.clock.advance(30 * 60_000);
    const again = await attempt(daemon);
    assert.deepEqual(again.rcpt, ['continue']);
    assert.equal(status(again), 'IP, sender and recipient auto-whitelisted, not delayed');
    const shouted = { from: 'Alice@S.example', to: ['Bob@R.example'] };
    assert.equal(await rcpt(daemon, shouted), 'continue');
    // Each of them has renewed it.
    daemon.clock.advance(60 * 60_000);
    assert.equal(await rcpt(daemon), 'continue');
    daemon.clock.advance(60 * 60_000 + 1000);
    assert.equal(await rcpt(daemon), comeBackIn('00:00:03'));
  });

  test('2: two recipients, of which one is known', async (t) => {
    const daemon = await start(t);
    await attempt(daemon);
    daemon.clock.advance(3000);
    await attempt(daemon);
    const both = await attempt(daemon, { to: ['bob@r.example', 'carol@r.example'] });
    assert.deepEqual(both.rcpt, ['continue', comeBackIn('00:00:03')]);
    assert.equal(both.eom, 'continue');
    assert.equal(status(both), 'IP, sender and recipient auto-whitelisted, not delayed');
  });

  test('3: without an autowhite what has passed waits again', async (t) => {
    const daemon = await start(t, ['greylist.autowhite=0s', 'greylist.delay=2s']);
    assert.equal(await rcpt(daemon), comeBackIn('00:00:02'));
    daemon.clock.advance(2000);
    assert.equal(await rcpt(daemon), 'continue');
    assert.equal(await rcpt(daemon), comeBackIn('00:00:02'));
  });

  test('4: lazyaw, a known triplet lets all others of its client pass', async (t) => {
    const daemon = await start(t, ['greylist.lazy-autowhite=true']);
    await attempt(daemon);
    daemon.clock.advance(3000);
    await attempt(daemon);
    const other = { from: 'x@y.example', to: ['z@r.example'] };
    for (let hour = 0; hour < 3; hour++) {
      daemon.clock.advance(50 * 60_000);
      const told = await attempt(daemon, other);
      assert.deepEqual(told.rcpt, ['continue']);
      assert.equal(status(told), 'IP, sender and recipient auto-whitelisted, not delayed');
    }
    const elsewhere = { ...other, client: { address: '192.0.2.11' } };
    assert.equal(await rcpt(daemon, elsewhere), comeBackIn('00:00:03'));
    // It has left no record of its own.
    daemon.clock.advance(61 * 60_000);
    assert.equal(await rcpt(daemon, other), comeBackIn('00:00:03'));
    assert.equal(daemon.decisions.at(-1)?.reason, 'greylist-new');
  });

  test('4: lazyaw, a triplet that waits since before the known one goes on waiting', async (t) => {
    const rules = `
rules:
  - {name: '1', when: {recipient: slow@r.example}, then: greylist, delay: 1h}
`;
    const daemon = await start(t, ['greylist.lazy-autowhite=true'], rules);
    const slow = { to: ['slow@r.example'] };
    assert.equal(await rcpt(daemon, slow), comeBackIn('01:00:00'));
    daemon.clock.advance(1000);
    await attempt(daemon);
    daemon.clock.advance(3000);
    assert.equal(await rcpt(daemon), 'continue');
    assert.equal(await rcpt(daemon, slow), comeBackIn('00:59:56'));
    assert.equal(await rcpt(daemon, { from: 'new@s.example', ...slow }), 'continue');
  });

  test('5: a client is its /24, also when it is mapped into IPv6', async (t) => {
    const daemon = await start(t, ['greylist.network.ipv4=24']);
    await attempt(daemon);
    daemon.clock.advance(3000);
    assert.equal(await rcpt(daemon, { client: { address: '192.0.2.200' } }), 'continue');
    const mapped = { client: { address: '::ffff:192.0.2.77', family: '6' } };
    assert.equal(await rcpt(daemon, mapped), 'continue');
    assert.equal(daemon.decisions.at(-1)?.reason, 'greylist-known');
    assert.equal(await rcpt(daemon, { client: { address: '192.0.3.1' } }), comeBackIn('00:00:03'));
  });

  test('6: the window is counted from the time of acceptance', async (t) => {
    const times = ['greylist.retry-window=2s', 'greylist.delay=1s'];
    const daemon = await start(t, times);
    await attempt(daemon);
    daemon.clock.advance(4200);
    assert.equal(await rcpt(daemon), comeBackIn('00:00:01'));
    daemon.clock.advance(2900);
    assert.equal(await rcpt(daemon), 'continue');
  });

  test('7: without a delay it passes at once, and is known from the next mail on', async (t) => {
    const daemon = await start(t, ['greylist.delay=0s']);
    const first = await attempt(daemon);
    assert.deepEqual(first.rcpt, ['continue']);
    assert.equal(status(first), 'ACL 8 matched, not delayed');
    assert.equal(await rcpt(daemon), 'continue');
    assert.equal(
      status(await attempt(daemon)),
      'IP, sender and recipient auto-whitelisted, not delayed',
    );
    assert.deepEqual(
      daemon.decisions.map(({ reason }) => reason),
      ['greylist-passed', 'greylist-passed', 'greylist-known'],
    );
  });

  test('8: who has logged in passes; a certificate that is verified alone does not', async (t) => {
    const daemon = await start(t);
    const authenticated = await attempt(daemon, { macros: { '{auth_authen}': 'alice' } });
    assert.deepEqual(authenticated.rcpt, ['continue']);
    assert.equal(status(authenticated), 'Sender succeeded SMTP AUTH, not delayed');
    assert.equal(await rcpt(daemon, { macros: { '{verify}': 'OK' } }), comeBackIn('00:00:03'));
  });

  test('9: the codes of rules', async (t) => {
    const rules = `
rules:
  - {name: '1', when: {recipient: soft@r.example}, then: greylist, code: 450}
  - {name: '2', when: {recipient: bad@r.example}, then: tempfail, code: 451, enhanced: 4.7.1, text: 'Go away!'}
  - {name: '3', when: {recipient: worse@r.example}, then: reject, code: 551, enhanced: 5.7.1, text: 'Go away!'}
`;
    const daemon = await start(t, [], rules);
    const to = ['soft@r.example', 'bad@r.example', 'worse@r.example'];
    const { rcpt: told } = await attempt(daemon, { to });
    assert.deepEqual(told, [
      '450 4.7.1 Greylisting in action, please come back in 00:00:03',
      '451 4.7.1 Go away!',
      '551 5.7.1 Go away!',
    ]);
  });
});

describe('what milter-greylist strips of senders', () => {
  for (const [first, second] of [
    ['prvs=1234=alice@s.example', 'prvs=5678=alice@s.example'],
    ['SRS0=HH=TT=orig.example=bob@fwd.example', 'SRS0=II=UU=other.example=bob@fwd.example'],
    ['bounce-12-bob=r.example@list.example', 'bounce-13-bob=r.example@list.example'],
  ] as const) {
    test(first, async (t) => {
      const daemon = await start(t);
      assert.equal(await rcpt(daemon, { from: first }), comeBackIn('00:00:03'));
      daemon.clock.advance(3000);
      assert.equal(await rcpt(daemon, { from: second }), 'continue');
    });
  }
});

describe('delayedreject', () => {
  const settings = ['greylist.probe-senders={match: ["<>"], stage: data}'];

  test('puts a bounce off behind DATA, and not what comes after it on the connection', async (t) => {
    const daemon = await start(t, settings);
    const peer = await daemon.connect();
    await openSession(peer, { ...CLIENT, macros: MACROS });
    const bounce = await sendMail(peer, { from: '', to: ['bob@r.example'] });
    assert.deepEqual(bounce.rcpt, ['continue']);
    assert.equal(bounce.data, comeBackIn('00:00:03'));
    peer.abort();
    const next = await sendMail(peer, {
      from: 'a@s.example',
      to: ['bob@r.example'],
      macros: { '{auth_authen}': 'a' },
    });
    assert.deepEqual(next.rcpt, ['continue']);
    assert.equal(next.eom, 'continue');
    assert.equal(status(next), 'Sender succeeded SMTP AUTH, not delayed');
  });

  test('a bounce that has passed is known as long as other mail', async (t) => {
    const daemon = await start(t, [...settings, 'greylist.autowhite=10d']);
    await attempt(daemon, { from: '' });
    daemon.clock.advance(3000);
    assert.equal((await attempt(daemon, { from: '' })).eom, 'continue');
    daemon.clock.advance(9 * 24 * 60 * 60_000);
    const known = await attempt(daemon, { from: '' });
    assert.equal(known.eom, 'continue');
    assert.equal(daemon.decisions.at(-1)?.reason, 'greylist-known');
  });
});

describe('the header', () => {
  test('does not say of a mail that it was delayed because one before it was', async (t) => {
    const daemon = await start(t);
    await attempt(daemon);
    daemon.clock.advance(3000);
    const peer = await daemon.connect();
    await openSession(peer, { ...CLIENT, macros: MACROS });
    const mail = { from: 'alice@s.example', to: ['bob@r.example'] };
    assert.equal(status(await sendMail(peer, mail)), 'Delayed for 00:00:03');
    assert.equal(
      status(await sendMail(peer, mail)),
      'IP, sender and recipient auto-whitelisted, not delayed',
    );
  });

  for (const [header, delayed, known] of [
    ['always', 1, 1],
    ['delayed', 1, 0],
    ['not-delayed', 0, 1],
    ['never', 0, 0],
  ] as const) {
    test(`report, as ${header}`, async (t) => {
      const daemon = await start(t, [`greylist.header=${header}`]);
      await attempt(daemon);
      daemon.clock.advance(3000);
      assert.equal((await attempt(daemon)).headers.length, delayed);
      assert.equal((await attempt(daemon)).headers.length, known);
    });
  }

  test('names what let the mail pass, in a fixed order', async (t) => {
    const rules = `
rules:
  - name: '12'
    when: {recipient: bob@r.example, client: 192.0.2.10, client-name: mail.s.example}
    then: accept
  - {name: odd hours, when: {helo: mail.client.example}, then: accept}
`;
    const daemon = await start(t, [], rules);
    assert.equal(
      status(await attempt(daemon)),
      'Sender DNS name whitelisted, Sender IP whitelisted, Recipient e-mail whitelisted, not delayed',
    );
    assert.equal(
      status(await attempt(daemon, { to: ['c@r.example'] })),
      'ACL odd hours matched, not delayed',
    );
  });
});

describe('dacl greylist', () => {
  const rules = `
rules:
  - {name: '1', when: {recipient: friend@r.example}, then: accept}
  - {name: '2', then: accept}
message-rules:
  - {name: '3', when: {header: {Subject: hello}}, then: greylist, delay: 10s, autowhite: 2h}
`;

  test('puts a message off whose recipients passed by default, and knows it afterwards', async (t) => {
    const daemon = await start(t, [], rules);
    const first = await attempt(daemon);
    assert.deepEqual(first.rcpt, ['continue']);
    assert.equal(first.eom, comeBackIn('00:00:10'));
    daemon.clock.advance(10_000);
    const second = await attempt(daemon);
    assert.equal(second.eom, 'continue');
    assert.equal(status(second), 'Delayed for 00:00:10');
    daemon.clock.advance(60 * 60_000);
    const third = await attempt(daemon);
    assert.equal(third.eom, 'continue');
    assert.equal(status(third), 'IP, sender and recipient auto-whitelisted, not delayed');
  });

  test('all wait if one does', async (t) => {
    const daemon = await start(t, [], rules);
    await attempt(daemon);
    daemon.clock.advance(10_000);
    const both = await attempt(daemon, { to: ['bob@r.example', 'carol@r.example'] });
    assert.equal(both.eom, comeBackIn('00:00:10'));
    assert.deepEqual(
      daemon.takeDecisions().filter((told) => told.startsWith('tempfail')),
      [
        'tempfail greylist-new <bob@r.example>',
        'tempfail greylist-new <bob@r.example>',
        'tempfail greylist-new <carol@r.example>',
      ],
    );
  });

  test('asks nobody whom a rule with conditions has let pass', async (t) => {
    const daemon = await start(t, [], rules);
    const told = await attempt(daemon, { to: ['friend@r.example'] });
    assert.equal(told.eom, 'continue');
    assert.equal(status(told), 'Recipient e-mail whitelisted, not delayed');
  });

  test('lets pass in shadow mode', async (t) => {
    const daemon = await start(t, ['greylist.mode=shadow'], rules);
    assert.equal((await attempt(daemon)).eom, 'continue');
    assert.equal(daemon.decisions.at(-1)?.would, 'tempfail');
  });

  test('over the policy protocol, by rules that need no header', async (t) => {
    const bySize = rules.replace('header: {Subject: hello}', 'size: {over: 1}');
    const daemon = await startTestDaemon(t, { text: STYLE + bySize, policy: true });
    const postfix = daemon.askAsPostfix();
    const ask = async (): Promise<readonly string[]> => {
      const instance = postfix.nextInstance();
      const rcpt = await postfix.rcpt({ instance });
      const atEnd = { protocol_state: 'END-OF-MESSAGE', recipient_count: '1', recipient: '' };
      const eom = await postfix.rcpt({ instance, ...atEnd });
      return [rcpt, eom];
    };
    const [, wait = ''] = await ask();
    assert.match(wait, /Greylisting in action, please come back in 00:00:10$/);
    daemon.clock.advance(10_000);
    const [, passes = ''] = await ask();
    assert.match(passes, /^dunno/i);
  });
});
