import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { describe, test } from 'node:test';
import { startTestDaemon, type TestDaemon } from '../support/daemon-harness.js';
import { requestWithout } from '../support/postfix-peer.js';
import { deliver } from './smtp-session.js';

const MINUTE = 60_000;
const atData = { policy_context: 'also-at-data' } as const;
const header =
  /^PREPEND X-Greylist: delayed 00:05:00 by greymilter at \S+; Tue, 01 Jan 2030 00:05:00 \+0000$/;

function later(seconds: number): string {
  return `DEFER_IF_PERMIT 4.2.0 Greylisted, please try again in ${seconds} seconds`;
}

/** What is logged as a warning or an error since this was asked last. */
function complaints(daemon: TestDaemon): readonly string[] {
  return daemon.logger.takeAll().map(({ message }) => message);
}

describe('the policy service', () => {
  test('puts a new triplet off, an early retry too, and lets it pass after the delay', async (t) => {
    const daemon = await startTestDaemon(t, { policy: true });
    const postfix = daemon.askAsPostfix();
    assert.equal(await postfix.rcpt(), later(180));
    daemon.clock.advance(MINUTE);
    assert.equal(await postfix.rcpt(), later(120));
    daemon.clock.advance(4 * MINUTE);
    assert.match(await postfix.rcpt(), header);
    assert.equal(await postfix.rcpt(), 'DUNNO');
    assert.deepEqual(daemon.takeDecisions(), [
      'tempfail greylist-new <bob@example.org>',
      'tempfail greylist-early <bob@example.org>',
      'accept greylist-passed <bob@example.org>',
      'accept greylist-known <bob@example.org>',
    ]);
  });

  test('shows a decision all that Postfix has told', async (t) => {
    const daemon = await startTestDaemon(t, { policy: true });
    await daemon.askAsPostfix().rcpt({ queue_id: '4ABC' });
    const [decision] = daemon.decisions;
    assert.deepEqual(
      { ...decision?.attempt, clientAddress: decision?.attempt.clientAddress?.text },
      {
        id: '4ABC',
        via: 'policy',
        clientAddress: '203.0.113.7',
        clientPort: 40_000,
        clientName: 'mail.client.example',
        helo: 'mail.client.example',
        sender: { text: 'alice@client.example', localPart: 'alice', domain: 'client.example' },
        recipient: { text: 'bob@example.org', localPart: 'bob', domain: 'example.org' },
        login: undefined,
        daemonName: undefined,
        accessMap: undefined,
        certSubject: undefined,
      },
    );
    assert.equal(decision?.stage, 'rcpt');
  });

  test('knows what the milter knows, and the other way round', async (t) => {
    const daemon = await startTestDaemon(t, { policy: true });
    const mail = { from: 'alice@client.example', to: ['bob@example.org'] };
    assert.equal(await daemon.askAsPostfix().rcpt({ client_address: '192.0.2.1' }), later(180));
    daemon.clock.advance(5 * MINUTE);
    const peer = await deliver(daemon, mail);
    assert.deepEqual(peer.rcpt, ['continue']);
    assert.equal(await daemon.askAsPostfix().rcpt({ client_address: '192.0.2.1' }), 'DUNNO');
    assert.deepEqual(
      daemon.decisions.map(({ reason, attempt }) => `${attempt.via} ${reason}`),
      ['policy greylist-new', 'milter greylist-passed', 'policy greylist-known'],
    );
  });

  test('lets recipients of one message pass together, with one header', async (t) => {
    const daemon = await startTestDaemon(t, { policy: true });
    const postfix = daemon.askAsPostfix();
    const first = postfix.nextInstance();
    await postfix.rcpt({ instance: first });
    daemon.clock.advance(5 * MINUTE);
    const second = postfix.nextInstance();
    assert.match(await postfix.rcpt({ instance: second }), header);
    const carol = { instance: second, recipient: 'carol@example.org', queue_id: '4ABC' };
    assert.equal(await postfix.rcpt(carol), 'DUNNO');
    const dave = { recipient: 'dave@example.org' };
    assert.equal(await postfix.rcpt(dave), later(180));
  });

  test('counts a recipient once that is asked about again', async (t) => {
    const daemon = await startTestDaemon(t, {
      policy: true,
      text: 'rules: [{when: {recipients: {over: 1}}, then: reject}, {then: accept}]',
    });
    const postfix = daemon.askAsPostfix();
    const instance = postfix.nextInstance();
    assert.equal(await postfix.rcpt({ instance }), 'DUNNO');
    assert.equal(await postfix.rcpt({ instance }), 'DUNNO');
    const other = { instance, recipient: 'c@example.org' };
    assert.match(await postfix.rcpt(other), /^REJECT/);
    assert.match(await postfix.rcpt(other), /^REJECT/);
    assert.match(await postfix.rcpt({ instance }), /^REJECT/);
  });

  for (const count of ['recipients', 'messages', 'sessions'])
    test(`counts it once in a rate of ${count} as well`, async (t) => {
      const daemon = await startTestDaemon(t, {
        policy: true,
        text: `rules: [{when: {rate: {over: 1, in: 1h, count: ${count}}}, then: reject}, {then: accept}]`,
      });
      const postfix = daemon.askAsPostfix();
      const instance = postfix.nextInstance();
      const answers: string[] = [];
      for (let time = 0; time < 3; time++) answers.push(await postfix.rcpt({ instance }));
      assert.deepEqual(answers, ['DUNNO', 'DUNNO', 'DUNNO']);
      const next = postfix.nextInstance();
      assert.match(await postfix.rcpt({ instance: next }), /^REJECT/);
      assert.match(await postfix.rcpt({ instance: next }), /^REJECT/);
    });

  test('takes the same instance for another message if it is another client or sender', async (t) => {
    const daemon = await startTestDaemon(t, { policy: true });
    const postfix = daemon.askAsPostfix();
    await postfix.rcpt({ instance: 'x' });
    daemon.clock.advance(5 * MINUTE);
    assert.match(await postfix.rcpt({ instance: 'x' }), header);
    const other = { instance: 'x', recipient: 'carol@example.org' };
    for (const told of [{ sender: 'eve@client.example' }, { client_address: '198.51.100.8' }]) {
      assert.equal(await postfix.rcpt({ ...other, ...told }), later(180));
    }
  });

  test('passes our users, trusted networks, and who has no address', async (t) => {
    const daemon = await startTestDaemon(t, { policy: true });
    const postfix = daemon.askAsPostfix();
    const told = [
      { sasl_username: 'alice' },
      { client_address: '127.0.0.1' },
      { client_address: 'unknown' },
      { client_port: '0' },
    ];
    for (const attributes of told) assert.equal(await postfix.rcpt(attributes), 'DUNNO');
    assert.deepEqual(
      daemon.decisions.map(({ reason }) => reason),
      ['authenticated', 'trusted', 'local', 'local'],
    );
  });

  test('lets mail pass whose request is not complete, and says so', async (t) => {
    const daemon = await startTestDaemon(t, { policy: true });
    const postfix = daemon.askAsPostfix();
    for (const name of ['client_address', 'sender', 'recipient']) {
      assert.equal(await postfix.ask(requestWithout(name)), 'DUNNO');
      daemon.clock.advance(MINUTE);
    }
    assert.deepEqual(daemon.takeDecisions(), []);
    assert.equal(complaints(daemon).length, 3);
    assert.equal(
      await postfix.ask([...requestWithout('request'), ['request', 'something_else']]),
      'DUNNO',
    );
    assert.deepEqual(complaints(daemon), ['policy request cannot be read: it passes']);
  });

  test('answers who names neither message nor state, as Exim', async (t) => {
    const daemon = await startTestDaemon(t, { policy: true });
    const postfix = daemon.askAsPostfix();
    const request = requestWithout('instance', 'protocol_state', 'client_port', 'client_name');
    assert.equal(await postfix.ask(request), later(180));
    daemon.clock.advance(5 * MINUTE);
    assert.match(await postfix.ask(request), header);
    assert.equal(await postfix.ask(request), 'DUNNO');
  });

  test('says nothing to what is no mail', async (t) => {
    const daemon = await startTestDaemon(t, { policy: true });
    const postfix = daemon.askAsPostfix();
    for (const protocol_state of ['CONNECT', 'HELO', 'EHLO', 'MAIL', 'VRFY', 'ETRN']) {
      assert.equal(await postfix.rcpt({ protocol_state }), 'DUNNO');
    }
    assert.deepEqual(daemon.takeDecisions(), []);
  });

  test('tells nobody to wait in other modes than enforce', async (t) => {
    for (const mode of ['learn', 'shadow']) {
      const daemon = await startTestDaemon(t, {
        policy: true,
        overrides: [`greylist.mode=${mode}`],
      });
      assert.equal(await daemon.askAsPostfix().rcpt(), 'DUNNO');
      assert.equal(daemon.decisions[0]?.would, 'tempfail');
    }
  });

  test('gives the header always, or never', async (t) => {
    for (const [value, expected] of [
      ['always', `PREPEND X-Greylist: not delayed by greymilter at ${hostname()}; `],
      ['never', 'DUNNO'],
    ] as const) {
      const daemon = await startTestDaemon(t, {
        policy: true,
        overrides: [`greylist.header=${value}`, 'greylist.mode=learn'],
      });
      const answer = await daemon.askAsPostfix().rcpt();
      assert.equal(answer.slice(0, expected.length), expected);
    }
  });
});

describe('replies of the policy service', () => {
  test('are made as the settings say', async (t) => {
    const daemon = await startTestDaemon(t, {
      policy: true,
      overrides: [
        'greylist.reply.policy.action=451',
        'greylist.reply.policy.enhanced=4.7.0',
        'greylist.reply.text=Wait, {to}',
      ],
    });
    assert.equal(await daemon.askAsPostfix().rcpt(), '451 4.7.0 Wait, bob@example.org');
  });

  test('are made as a rule says', async (t) => {
    const daemon = await startTestDaemon(t, {
      policy: true,
      text: `rules:
  - {when: {recipient: code@}, then: greylist, code: 450, enhanced: 4.7.9, text: 'Later, {host}'}
  - {when: {recipient: later@}, then: tempfail}
  - {when: {recipient: never@}, then: reject}
  - {when: {recipient: gone@}, then: reject, code: 554, enhanced: 5.1.1, text: 'Not {to}'}
  - {when: {recipient: fine@}, then: accept, headers: {X-One: a, X-Two: b}}
`,
    });
    const postfix = daemon.askAsPostfix();
    for (const [recipient, expected] of [
      ['code@example.org', `450 4.7.9 Later, ${hostname()}`],
      ['later@example.org', 'DEFER_IF_PERMIT 4.7.1 Please try again later'],
      ['never@example.org', 'REJECT 5.7.1 Mail refused'],
      ['gone@example.org', '554 5.1.1 Not gone@example.org'],
    ] as const) {
      assert.equal(await postfix.rcpt({ recipient }), expected);
    }
    const instance = postfix.nextInstance();
    const fine = { instance, recipient: 'fine@example.org' };
    const answers = [await postfix.rcpt(fine), await postfix.rcpt(fine), await postfix.rcpt(fine)];
    assert.deepEqual(answers, ['PREPEND X-One: a', 'PREPEND X-Two: b', 'DUNNO']);
  });

  test('show rules what a milter shows them in macros', async (t) => {
    const daemon = await startTestDaemon(t, {
      policy: true,
      text: `rules:
  - {when: {client-name: missing}, then: reject, text: missing}
  - {when: {client-name: unverified}, then: reject, text: unverified}
  - {when: {tls: {verified: true, subject: 'CN=a b'}}, then: reject, text: certificate}
  - {when: {tls: {version: TLSv1.3}}, then: reject, text: tls}
  - {when: {macro: {policy_context: submission}}, then: reject, text: context}
`,
    });
    const postfix = daemon.askAsPostfix();
    const unknown = { client_name: 'unknown', reverse_client_name: 'unknown' };
    for (const [told, text] of [
      [unknown, 'missing'],
      [{ client_name: 'unknown' }, 'unverified'],
      [{ ccert_subject: 'CN=a b', encryption_protocol: 'TLSv1.3' }, 'certificate'],
      [{ encryption_protocol: 'TLSv1.3' }, 'tls'],
      [{ policy_context: 'submission' }, 'context'],
    ] as const) {
      assert.equal(await postfix.rcpt(told), `REJECT 5.7.1 ${text}`);
    }
  });

  test('come before RCPT where a rule says so', async (t) => {
    const daemon = await startTestDaemon(t, {
      policy: true,
      text: `rules:
  - {name: a, when: {client: 203.0.113.7}, then: reject, stage: connect}
  - {name: b, when: {helo: bad.example}, then: tempfail, stage: helo}
  - {name: c, when: {sender: eve@client.example}, then: reject, stage: mail}
`,
    });
    const postfix = daemon.askAsPostfix();
    const other = { client_address: '198.51.100.8' };
    const ask = (protocol_state: string, told = {}): Promise<string> =>
      postfix.rcpt({ protocol_state, recipient: '', ...told });
    assert.equal(await ask('CONNECT'), 'REJECT 5.7.1 Mail refused');
    assert.equal(await ask('CONNECT', other), 'DUNNO');
    const bad = { ...other, helo_name: 'bad.example' };
    assert.equal(await ask('EHLO', bad), 'DEFER_IF_PERMIT 4.7.1 Please try again later');
    const eve = { ...other, sender: 'eve@client.example' };
    assert.equal(await ask('MAIL', eve), 'REJECT 5.7.1 Mail refused');
    assert.deepEqual(
      daemon.decisions.map(({ stage, rule }) => `${stage} ${rule}`),
      ['connect a', 'helo b', 'mail c'],
    );
  });
});

describe('null and probing senders over the policy protocol', () => {
  test('wait at RCPT, as Postgrey has it', async (t) => {
    const daemon = await startTestDaemon(t, { policy: true });
    assert.equal(await daemon.askAsPostfix().rcpt({ sender: '' }), later(180));
  });

  test('wait at DATA, where the check says that it stands there as well', async (t) => {
    const daemon = await startTestDaemon(t, { policy: true });
    const postfix = daemon.askAsPostfix();
    const ask = async (): Promise<readonly string[]> => {
      const message = { ...atData, sender: '', instance: postfix.nextInstance() };
      return [
        await postfix.rcpt(message),
        await postfix.rcpt({ ...message, recipient: 'carol@example.org' }),
        await postfix.rcpt({
          ...message,
          protocol_state: 'DATA',
          recipient: '',
          recipient_count: '2',
        }),
      ];
    };
    assert.deepEqual(await ask(), ['DUNNO', 'DUNNO', later(180)]);
    daemon.clock.advance(5 * MINUTE);
    const answers = await ask();
    assert.deepEqual(answers.slice(0, 2), ['DUNNO', 'DUNNO']);
    assert.match(answers[2] ?? '', header);
    assert.deepEqual(
      daemon.decisions.map(({ stage }) => stage),
      ['data', 'data', 'data', 'data'],
    );
  });

  test('at DATA alone are known only if there is one recipient', async (t) => {
    const daemon = await startTestDaemon(t, { policy: true });
    const postfix = daemon.askAsPostfix();
    const data = { protocol_state: 'DATA', recipient_count: '1' };
    assert.equal(await postfix.rcpt(data), later(180));
    assert.equal(await postfix.rcpt({ ...data, recipient: '', recipient_count: '2' }), 'DUNNO');
    assert.match(complaints(daemon).join(), /recipients are not known at DATA/);
  });
});

describe('discard over the policy protocol', () => {
  const text = `rules: [{when: {recipient: trash@}, then: discard}, {then: accept}]`;
  const trash = { ...atData, recipient: 'trash@example.org' };

  test('loses no other mail: a message goes on if somebody else gets it', async (t) => {
    const daemon = await startTestDaemon(t, { policy: true, text });
    const postfix = daemon.askAsPostfix();
    const instance = postfix.nextInstance();
    const data = { instance, protocol_state: 'DATA', recipient: '', recipient_count: '2' };
    assert.equal(await postfix.rcpt({ ...trash, instance }), 'DUNNO');
    assert.equal(await postfix.rcpt({ ...atData, instance }), 'DUNNO');
    assert.equal(await postfix.rcpt({ ...atData, ...data }), 'DUNNO');
    assert.match(complaints(daemon).join(), /cannot take a recipient off/);
  });

  test('of a recipient that is asked about again is of one recipient', async (t) => {
    const daemon = await startTestDaemon(t, { policy: true, text });
    const instance = 'again.1';
    const first = daemon.askAsPostfix();
    await first.rcpt({ ...trash, instance });
    first.drop();
    const postfix = daemon.askAsPostfix();
    assert.equal(await postfix.rcpt({ ...trash, instance }), 'DUNNO');
    const data = { ...trash, instance, protocol_state: 'DATA', recipient_count: '1' };
    assert.equal(await postfix.rcpt(data), 'DISCARD');
  });

  test('counts those that passed without a question', async (t) => {
    const daemon = await startTestDaemon(t, { policy: true, text });
    const postfix = daemon.askAsPostfix();
    const instance = postfix.nextInstance();
    await postfix.rcpt({ ...trash, instance });
    const data = { ...atData, instance, protocol_state: 'DATA', recipient: '' };
    assert.equal(await postfix.rcpt({ ...data, recipient_count: '2' }), 'DUNNO');
    assert.equal(complaints(daemon).length, 1);
  });

  test('is done if nobody else gets the message', async (t) => {
    const daemon = await startTestDaemon(t, { policy: true, text });
    const postfix = daemon.askAsPostfix();
    const instance = postfix.nextInstance();
    await postfix.rcpt({ ...trash, instance });
    const data = { ...trash, instance, protocol_state: 'DATA', recipient_count: '1' };
    assert.equal(await postfix.rcpt(data), 'DISCARD');
  });

  test('is said to be impossible where the check stands at RCPT alone', async (t) => {
    const daemon = await startTestDaemon(t, { policy: true, text });
    assert.equal(await daemon.askAsPostfix().rcpt({ recipient: 'trash@example.org' }), 'DUNNO');
    assert.match(complaints(daemon).join(), /cannot take a recipient off/);
  });
});
