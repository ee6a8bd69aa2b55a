import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { describe, test } from 'node:test';
import { MilterServer } from '../../../../../src/protocols/milter/server.js';
import { stepFlags } from '../../../../../src/protocols/milter/flags.js';
import { replies } from '../../../../../src/protocols/milter/replies.js';
import { conversationsOf } from '../../../../fixtures/traces/read-conversations.js';
import { recordingFilter } from '../filter-harness.js';
import { against, events, letters, mtas } from './divergence-rig.js';
import { client, createStub, openSession, silence } from './filter-stub.js';

describe('where Sendmail and Postfix differ, continued', () => {
  test('17. address "unknown" with family 4 in Postfix: no address', () => {
    const [event] = events('postfix', '265-xclient-addr-unavailable', 'connect', 'A2');
    assert.equal(event?.family, 'unknown');
    assert.equal(event.address, '');
  });

  test('18. local submission: port 0 in Postfix, family U from sendmail -bs, nothing from -bm', () => {
    const [postfix] = events('postfix', '302-postfix-sendmail-command', 'connect');
    assert.deepEqual(postfix, {
      hostName: 'localhost',
      family: 'inet',
      port: 0,
      address: '127.0.0.1',
    });
    const [sendmail] = events('sendmail', '300-sendmail-bs-on-stdin', 'connect');
    assert.deepEqual(sendmail, { hostName: 'localhost', family: 'unknown', port: 0, address: '' });
    assert.throws(() => conversationsOf('301-sendmail-bm'));
  });

  test('19. counting headers after a deletion: changes first, deletions from the highest down', async () => {
    const { filter } = recordingFilter(
      undefined,
      { actions: ['changeHeaders', 'addHeaders', 'changeBody'] },
      (context) => {
        context.replaceBody(Buffer.from('new'));
        context.deleteHeader('X', 1);
        context.addHeader('Y', 'y');
        context.deleteHeader('X', 3);
        context.changeHeader('X', 2, 'two');
        return replies.continue;
      },
    );
    for (const name of mtas) {
      const { mta } = await against(name, filter);
      await mta.mail('<a@b.example>');
      const answer = await mta.endOfMessage();
      assert.deepEqual(answer?.changes, [
        { kind: 'changeHeader', index: 2, name: 'X', value: 'two' },
        { kind: 'changeHeader', index: 3, name: 'X', value: '' },
        { kind: 'changeHeader', index: 1, name: 'X', value: '' },
        { kind: 'addHeader', name: 'Y', value: 'y' },
        { kind: 'replaceBody', chunk: Buffer.from('new') },
      ]);
      await mta.quit();
    }
  });

  test('20. skip: for the body in both; elsewhere each does its own, so it is not said there', async () => {
    for (const name of mtas) {
      assert.match(letters(name, '85-neg-skip'), / B DE E /);
    }
    assert.match(letters('postfix', '87-skip-headers'), / DL L DN N DB B /);
    assert.match(letters('sendmail', '87-skip-headers'), / L L L L L N DE E /);
    assert.match(letters('postfix', '88-skip-rcpt'), / R DT T /);
    assert.match(letters('sendmail', '88-skip-rcpt'), / R Q$/);
    const { filter } = recordingFilter((event) =>
      event === 'body' ? replies.skip : replies.continue,
    );
    const old = { offer: { version: 6, actions: 0x1ff, steps: 0x1fffff & ~stepFlags.skip } };
    for (const [options, kind] of [
      [{}, 'skip'],
      [old, 'continue'],
    ] as const) {
      const { mta } = await against('sendmail', filter, options);
      await mta.mail('<a@b.example>');
      assert.deepEqual(await mta.body(Buffer.from('x')), { kind });
      await mta.quit();
    }
  });

  test('21. headers that the MTA makes: shown by Postfix, not by Sendmail', () => {
    const names = events('postfix', '37-no-header', 'header').map(({ name }) => name);
    assert.ok(names.includes('Message-Id') && names.includes('Date'));
    assert.deepEqual(events('sendmail', '37-no-header', 'header'), []);
  });

  test('22. a header of 90 kB: cut by Postfix, the end of the filter in Sendmail', async () => {
    const lengths = events('postfix', '32-long-header-90k', 'header').map(
      ({ value }) => value.length,
    );
    assert.ok(Math.max(...lengths) > 50_000 && Math.max(...lengths) <= 60_000);
    assert.match(letters('sendmail', '32-long-header-90k'), / L$/);
    const { filter } = recordingFilter();
    const { mta } = await against('sendmail', filter);
    await mta.mail('<a@b.example>');
    await assert.rejects(mta.header('X', 'x'.repeat(90_000)), { code: 'MILTER_PACKET_TOO_LONG' });
  });

  test('23. XFORWARD changes nothing, XCLIENT begins a new session', () => {
    assert.equal(events('postfix', '271-xforward', 'connect')[0]?.address, '127.0.0.1');
    assert.match(letters('postfix', '260-xclient-ipv4'), / H A Q$/);
    assert.match(letters('postfix', '260-xclient-ipv4', 'A2'), /^O DC C DH H /);
  });

  test('24. SMTPUTF8: text in Postfix, refused by Sendmail', () => {
    const [mail] = events('postfix', '21-smtputf8', 'mail');
    assert.match(mail?.address ?? '', /[^\0-\x7f]/);
    assert.ok(mail?.args.includes('SMTPUTF8'));
    assert.doesNotMatch(letters('sendmail', '21-smtputf8'), /M/);
  });

  test('25. an unknown command: the first word in Postfix before 3.9, the line in Sendmail', () => {
    assert.equal(events('postfix', '24-unknown-command', 'unknown')[0]?.line, 'FOO');
    assert.match(events('sendmail', '24-unknown-command', 'unknown')[0]?.line ?? '', /^FOO ./);
  });

  test('26. 40 ms for each event with macros over TCP in Sendmail: no delay on our side', async () => {
    const delays: (boolean | undefined)[] = [];
    const server = new MilterServer({ filter: () => recordingFilter().filter, observer: {} });
    const listener = createServer((socket) => {
      socket.setNoDelay = (noDelay): Socket => {
        delays.push(noDelay);
        return socket;
      };
      server.accept(socket);
    });
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const address = listener.address();
    assert.ok(typeof address === 'object' && address !== null);
    const mta = connect(address.port, '127.0.0.1');
    await once(mta, 'connect');
    mta.end();
    await once(mta, 'close');
    listener.close();
    await server.drain(1000);
    assert.deepEqual(delays, [true]);
  });

  test('27. changes that were not agreed on are made by both; they are refused here', async () => {
    for (const name of mtas) {
      assert.match(letters(name, '192-eom-change-not-negotiated'), / E (A A )?Q$/);
      const { filter } = recordingFilter(undefined, {}, (context) => {
        context.addHeader('X', 'y');
        return replies.continue;
      });
      const { mta, harness } = await against(name, filter);
      await mta.mail('<a@b.example>');
      const answer = await mta.endOfMessage();
      assert.deepEqual(answer, { reply: { kind: 'tempfail' }, changes: [], progress: 0 });
      assert.match(harness.failures.join(), /addHeaders/);
      await mta.quit();
    }
  });

  test('28. no ABORT in Sendmail if MAIL is not answered: the next MAIL ends the message', async () => {
    assert.match(letters('sendmail', '75-neg-noreply-all-rset'), / R Q$/);
    assert.match(letters('postfix', '75-neg-noreply-all-rset'), / R A A Q$/);
    for (const name of mtas) {
      const { filter, calls } = recordingFilter(undefined, { mail: { observe: () => undefined } });
      const { mta } = await against(name, filter);
      await mta.mail('<a@b.example>');
      await mta.rcpt('<u@x.example>');
      mta.reset();
      await mta.mail('<c@d.example>');
      await mta.rcpt('<u@x.example>');
      assert.equal(calls.filter((call) => call === 'abort 1').length, 1, name);
      await mta.quit();
    }
  });

  test('29. smtpd_delay_reject = no shows the same events for good recipients', () => {
    assert.equal(letters('postfix', '275-delay-reject-no'), letters('postfix', '01-plain'));
  });

  // What newer Sendmails refuse are SMTP clients that do not wait; the filter sees none of it, but
  // that events come one at a time however the client sends them.
  test('30. one event at a time, also for a client that does not wait', async () => {
    for (const name of mtas) {
      const piped = conversationsOf('19-pipelining').find(({ mta }) => mta === name);
      const answered = piped?.packets.filter(({ command }) => !'DAQ'.includes(command)) ?? [];
      const sides = answered.map(({ from }) => from);
      assert.ok(sides.every((side, index) => side === (index % 2 === 0 ? 'mta' : 'filter')));
    }
    const stub = createStub((letter) => (letter === 'C' ? silence : undefined));
    const mta = await openSession(stub);
    const first = mta.connect(client);
    await assert.rejects(mta.helo('x'), { code: 'MILTER_SESSION_MISUSED' });
    mta.abandon();
    await assert.rejects(first);
  });
});
