import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { runCommandLine } from '../../src/cli/command-line.js';
import { startTestDaemon } from '../support/daemon-harness.js';
import { runGreymilter } from '../support/daemon-process.js';
import { packet } from '../support/packet-builder.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { waitUntil } from '../support/wait-until.js';
import { withoutRights } from '../support/without-rights.js';
import { RecordingOutput } from '../unit/cli/recording-output.js';
import {
  agreement,
  customReply,
  startPeer,
  startScriptedFilter,
  startTcpPeer,
  type Reaction,
} from './probe-filters.js';

interface Said {
  readonly code: number;
  readonly printed: string;
  readonly errors: string;
}

async function probe(...args: readonly string[]): Promise<Said> {
  const output = new RecordingOutput();
  const code = await runCommandLine(['probe', ...args], output);
  return { code, printed: output.printed, errors: output.errors };
}

/** The lines behind what was agreed on, without times, each blank run as one. */
function conversation({ printed }: Said): readonly string[] {
  const lines = printed.split('\n');
  const from = lines.findIndex((line) => line.startsWith('CONNECT'));
  return lines.slice(from).map((line) => line.replace(/\d+\.\d ms/, '').replace(/ {2,}/g, '  '));
}

describe('probe asks our daemon', () => {
  test('a policy service does not answer it, and that is said', async (t) => {
    const daemon = await startTestDaemon(t, { policy: ['inet:0@127.0.0.1'] });
    const { code, printed } = await probe(daemon.addresses[1] ?? '', '--timeout', '1s');
    assert.equal(code, 1);
    assert.match(
      printed,
      /^failed at the negotiation: no answer within 1000 ms; a policy service does not answer what a milter does \(/m,
    );
    const cut = 'policy connection ended by an error';
    const { logger } = daemon;
    await waitUntil(() => logger.entries.some(({ message }) => message === cut), 'its line');
    logger.take(cut);
    const file = join(createTempDirectory(t), 'greymilter.yaml');
    writeFileSync(file, 'listen: { milter: [], policy: inet:0@127.0.0.1 }\n');
    const without = await probe('--config', file);
    assert.equal(without.code, 64);
    assert.match(without.errors, /has no milter listener, and a policy service cannot be asked so/);
  });

  test('what it says to a new triplet, and to one that has waited', async (t) => {
    const daemon = await startTestDaemon(t);
    const [address = ''] = daemon.addresses;
    const first = await probe(address);
    assert.deepEqual([first.code, first.errors], [0, '']);
    assert.match(first.printed, /^Postfix asks unix:.*\n\nagreed on {7}version 6\n/);
    assert.match(first.printed, /^ {2}not answered {2}CONNECT, HELO, MAIL$/m);
    assert.match(first.printed, /^ {2}macros {8}connect {2}j \{daemon_name\} /m);
    assert.deepEqual(conversation(first).slice(0, 4), [
      'CONNECT  mail.example.org 192.0.2.1:40000  no answer: the filter only listens',
      'HELO  mail.example.org  no answer: the filter only listens',
      'MAIL  <sender@example.org>  no answer: the filter only listens',
      'RCPT  <recipient@example.org>  451 4.7.1 Greylisted, please try again in 180 seconds',
    ]);
    assert.match(first.printed, /\nok: every answer came, the slowest after \d+\.\d ms\n$/);
    daemon.clock.advance(180_000);
    const second = await probe(address, '--as', 'sendmail', '--data');
    assert.equal(second.code, 0);
    assert.deepEqual(conversation(second).slice(3, 7), [
      'RCPT  <recipient@example.org>  continue',
      'DATA  continue',
      'message  a small one  continue',
      conversation(second)[6],
    ]);
    assert.match(conversation(second)[6] ?? '', /^ {2}add header X-Greylist: delayed 00:03:00 by /);
    assert.deepEqual(daemon.takeDecisions(), [
      'tempfail greylist-new <recipient@example.org>',
      'accept greylist-passed <recipient@example.org>',
    ]);
  });

  test('as the client and with the envelope and the macros that it is told', async (t) => {
    const daemon = await startTestDaemon(t);
    const [address = ''] = daemon.addresses;
    const client = ['--client', '[2001:DB8::7]:2525', '--name', 'mx.example.net', '--helo', 'lo'];
    const envelope = [
      '--from',
      'joe@example.net',
      '--to',
      'a@example.org',
      '--to',
      '<b@example.org>',
    ];
    const { code } = await probe(address, ...client, ...envelope, '--macro', 'auth_authen=joe');
    assert.equal(code, 0);
    const [first, second] = daemon.decisions;
    const { attempt } = first ?? {};
    assert.equal(attempt?.clientAddress?.text, '2001:db8::7');
    assert.equal(attempt.clientPort, 2525);
    assert.equal(attempt.clientName, 'mx.example.net');
    assert.equal(attempt.helo, 'lo');
    assert.equal(attempt.sender.text, 'joe@example.net');
    assert.equal(attempt.login, 'joe');
    assert.deepEqual(
      [first?.reason, second?.attempt.recipient.text],
      ['authenticated', 'b@example.org'],
    );
  });

  test('for the null sender, which is answered at DATA', async (t) => {
    const daemon = await startTestDaemon(t);
    const said = await probe(daemon.addresses[0] ?? '', '--from=', '--data');
    assert.equal(said.code, 0);
    assert.deepEqual(conversation(said).slice(2, 5), [
      'MAIL  <>  no answer: the filter only listens',
      'RCPT  <recipient@example.org>  continue',
      'DATA  451 4.7.1 Greylisted, please try again in 180 seconds',
    ]);
  });

  test('at the listener of a configuration, in JSON', async (t) => {
    const daemon = await startTestDaemon(t, { listen: ['inet:0@127.0.0.1'] });
    const file = join(createTempDirectory(t), 'greymilter.yaml');
    writeFileSync(
      file,
      `listen: {milter: '${daemon.addresses[0] ?? ''}'}\nstore: {url: 'level:/x'}\n`,
    );
    const { code, printed, errors } = await probe('--config', file, '--json');
    assert.deepEqual([code, errors], [0, '']);
    // What is looked at is what JSON.parse gives.
    const said = JSON.parse(printed) as Readonly<Record<string, unknown>> & {
      readonly answers: readonly Readonly<Record<string, unknown>>[];
    };
    assert.deepEqual([said['ok'], said['filter']], [true, daemon.addresses[0]]);
    assert.deepEqual([said['faults'], said['failure']], [[], null]);
    const { ms, ...last } = said.answers.at(-1) ?? {};
    assert.equal(typeof ms, 'number');
    assert.deepEqual(last, {
      event: 'rcpt',
      argument: '<recipient@example.org>',
      kind: 'replycode',
      code: 451,
      enhanced: '4.7.1',
      lines: ['Greylisted, please try again in 180 seconds'],
    });
  });

  test('from a process of its own, which ends by itself', async (t) => {
    const daemon = await startTestDaemon(t);
    const { code, stdout, stderr } = await runGreymilter(['probe', daemon.addresses[0] ?? '']);
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(stdout, /\nok: /);
  });
});

interface FaultCase {
  readonly name: string;
  readonly reactions: Readonly<Record<string, Reaction>>;
  readonly args?: readonly string[];
  /** What is to be found in the text, in this order. */
  readonly says: readonly RegExp[];
}

const faultCases: readonly FaultCase[] = [
  {
    name: 'a single % that Postfix puts up with and Sendmail makes a 550 of',
    reactions: { R: customReply('451 4.7.1 100% full\0') },
    says: [
      /^RCPT .* 451 4\.7\.1 100% full$/m,
      /^fault at RCPT: its reply has a single % .*\(reply-percent, MILTER_CUSTOM_REPLY_INVALID\)$/m,
      /^ {2}Postfix leaves the % out\n {2}Sendmail tells the client a permanent 550 instead$/m,
      /^failed: 1 fault$/m,
    ],
  },
  {
    name: 'a reply whose class does not fit, for which Postfix drops the filter',
    reactions: { R: customReply('550 4.7.1 no\0') },
    says: [
      /^MAIL .* continue$/m,
      /^fault at RCPT: in its reply the enhanced code.* \(reply-class, /m,
      /^ {2}Postfix drops the filter\n {2}Sendmail passes it on as it is$/m,
      /^failed at RCPT: Postfix drops the filter here$/m,
    ],
  },
  {
    name: 'the same with Sendmail, which goes on to the end of the message',
    reactions: { R: packet('c', 'x'), T: packet('c', 'y') },
    args: ['--as', 'sendmail', '--data'],
    says: [/^DATA /m, /^message .* continue$/m, /^fault at RCPT: /m, /^failed: 2 faults$/m],
  },
  {
    name: 'steps that were not offered',
    reactions: { O: agreement(6, 0, 0x80000000) },
    args: ['--as', 'sendmail'],
    says: [
      /^fault at the negotiation: it wants steps that were not offered/m,
      /^failed at the negotiation: Sendmail drops the filter here$/m,
    ],
  },
  {
    name: 'a second answer, found when the next one is due',
    reactions: { R: Buffer.concat([packet('c'), packet('c')]) },
    says: [/^fault at RCPT: it answered what must not be answered, or twice/m],
  },
  {
    name: 'a filter that does not stop answering, once for each event',
    reactions: { R: Buffer.alloc(5 * 1000, packet('c')), Q: Buffer.alloc(5 * 1000, packet('c')) },
    says: [
      /^fault at RCPT: it answered what must not/m,
      /^fault at QUIT: /m,
      /^failed: 2 faults$/m,
    ],
  },
  {
    name: 'a filter that closes instead of answering',
    reactions: { M: 'close' },
    says: [
      /^HELO .* continue$/m,
      /^failed at MAIL: the filter closed the connection \(MILTER_FILTER_GONE\)$/m,
      /^Without the filter mail goes by default_action in Postfix, and by F= in Sendmail\.$/m,
    ],
  },
  {
    name: 'a filter that hangs',
    reactions: { H: 'silence' },
    args: ['--timeout', '3s'],
    says: [
      /^CONNECT .* continue$/m,
      /^failed at HELO: no answer within 3000 ms \(MILTER_ANSWER_LATE\)$/m,
    ],
  },
];

describe('probe goes as far as the MTA would', () => {
  test('and no further than an answer that settles the session', async (t) => {
    const address = await startScriptedFilter(t, { C: packet('a') });
    const said = await probe(address, '--data');
    assert.equal(said.code, 0);
    assert.deepEqual(conversation(said).slice(0, 2), [
      'CONNECT  mail.example.org 192.0.2.1:40000  accept: the whole session passes, unseen from here on',
      '',
    ]);
  });

  test('with each recipient, but not to DATA if none is let in', async (t) => {
    const address = await startScriptedFilter(t, { R: packet('r') });
    const said = await probe(address, '--data', '--to', 'a@example.org', '--to', 'b@example.org');
    assert.equal(said.code, 0);
    assert.deepEqual(conversation(said).slice(3, 6), [
      "RCPT  <a@example.org>  reject: 5xx in the MTA's words",
      "RCPT  <b@example.org>  reject: 5xx in the MTA's words",
      '',
    ]);
  });

  test('with no recipient behind one that was accepted for all', async (t) => {
    const address = await startScriptedFilter(t, { R: packet('a') });
    const said = await probe(address, '--to', 'a@example.org', '--to', 'b@example.org');
    assert.deepEqual(conversation(said).slice(3, 5), [
      'RCPT  <a@example.org>  accept: the whole message passes, unseen from here on',
      '',
    ]);
  });

  test('without what an old protocol version does not have', async (t) => {
    const address = await startScriptedFilter(t, { O: agreement(2), N: packet('t') });
    const said = await probe(address, '--data');
    assert.equal(said.code, 0);
    assert.deepEqual(conversation(said).slice(4, 6), [
      'DATA  not sent: version 2 does not have it',
      "message  a small one  tempfail: 4xx in the MTA's words (end of header)",
    ]);
  });

  test('with a filter that does not close after QUIT', async (t) => {
    const address = await startScriptedFilter(t, { Q: 'silence' });
    assert.equal((await probe(address)).code, 0);
  });
});

describe('probe finds what is wrong with a filter, and says 1', () => {
  for (const { name, reactions, args = [], says } of faultCases) {
    test(name, async (t) => {
      const address = await startScriptedFilter(t, reactions);
      const { code, printed, errors } = await probe(address, ...args);
      assert.deepEqual([code, errors], [1, '']);
      let at = 0;
      for (const pattern of says) {
        const found = printed.slice(at).search(pattern);
        assert.ok(found >= 0, `${String(pattern)} is not in what is left of\n${printed}`);
        at += found;
      }
    });
  }

  test('a faulty filter in JSON', async (t) => {
    const address = await startScriptedFilter(t, { R: customReply('451\0') });
    const { code, printed } = await probe(address, '--json');
    assert.equal(code, 1);
    // What is looked at is what JSON.parse gives.
    const { ok, faults } = JSON.parse(printed) as Readonly<Record<string, unknown>>;
    assert.deepEqual(
      [ok, (faults as readonly unknown[])[0]],
      [
        false,
        {
          event: 'rcpt',
          fault: 'reply-separator',
          code: 'MILTER_CUSTOM_REPLY_INVALID',
          postfix: 'drops the filter',
          sendmail: 'adds an enhanced code of its own',
        },
      ],
    );
  });
});

describe('probe tells what is not a filter', () => {
  test('an SMTP server, by its greeting', async (t) => {
    const address = await startTcpPeer(t, (socket) => socket.write('220 mx.example.org ESMTP\r\n'));
    const { code, printed } = await probe(address, '--timeout', '1s');
    assert.equal(code, 1);
    assert.match(
      printed,
      /^failed at the negotiation: it says "220 mx\.example\.org ESMTP": that is no filter \(MILTER_/m,
    );
  });

  test('one that takes connections and says nothing', async (t) => {
    const address = await startPeer(t, () => undefined);
    const { code, printed } = await probe(address, '--timeout', '1s');
    assert.equal(code, 1);
    assert.match(printed, /^failed at the negotiation: no answer within 1000 ms/m);
  });

  test('one that closes at once', async (t) => {
    const address = await startPeer(t, (socket) => socket.end());
    const { code, printed } = await probe(address);
    assert.equal(code, 1);
    assert.match(printed, /^failed at the negotiation: .*\(MILTER_FILTER_GONE\)$/m);
  });
});

describe('probe cannot reach a filter', () => {
  const nowhere = (t: TestContext): string => join(createTempDirectory(t), 'nobody');

  test('because there is no socket', async (t) => {
    const path = nowhere(t);
    assert.deepEqual(await probe(path), {
      code: 69,
      printed: '',
      errors:
        `greymilter: unix:${path}: there is no such socket: the filter is not running, ` +
        'or listens elsewhere (ENOENT)\n',
    });
  });

  test('because nobody listens at the port', async () => {
    // A port that was free a moment ago.
    const closing: (() => void | Promise<void>)[] = [];
    const address = await startTcpPeer({ after: (stop) => closing.push(stop) }, () => undefined);
    for (const stop of closing) await stop();
    const { code, errors } = await probe(address);
    assert.equal(code, 69);
    assert.match(errors, /nobody listens there: the filter is not running \(ECONNREFUSED\)\n$/);
  });

  test('because it has no permission', async (t) => {
    await withoutRights(t, import.meta.url, async () => {
      const address = await startPeer(t, () => undefined);
      chmodSync(address.replace(/^unix:/, ''), 0);
      const { code, errors } = await probe(address);
      assert.equal(code, 77);
      assert.match(
        errors,
        /no permission: be root, or a user that the socket is open to \(EACCES\)/,
      );
    });
  });

  test('and says so in JSON as well', async (t) => {
    const { code, printed, errors } = await probe(nowhere(t), '--json');
    assert.deepEqual([code, errors], [69, '']);
    assert.match(printed, /^\{"filter":"unix:.*"ok":false,.*"kind":"unreachable","code":"ENOENT"/);
  });
});
