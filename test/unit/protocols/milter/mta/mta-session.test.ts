import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { stepFlags } from '../../../../../src/protocols/milter/flags.js';
import { MtaSession } from '../../../../../src/protocols/milter/mta/mta-session.js';
import { mtaProfiles } from '../../../../../src/protocols/milter/mta/profiles.js';
import { packet } from '../../../../support/packet-builder.js';
import { agreeing, client, createStub, openSession, settle, silence } from './filter-stub.js';

const misused = { name: 'MilterProtocolError', code: 'MILTER_SESSION_MISUSED' };
const gone = { name: 'MilterProtocolError', code: 'MILTER_FILTER_GONE' };

async function toContent(mta: MtaSession): Promise<void> {
  await mta.connect(client);
  await mta.helo('mail.example');
  await mta.mail('<a@b.example>');
  await mta.rcpt('<c@d.example>');
  await mta.data();
}

describe('a whole session', () => {
  test('resolves to the answers', async () => {
    const stub = createStub((letter) => {
      if (letter === 'R') return packet('y', '451 4.7.1 100%% later\0');
      if (letter === 'E') {
        return Buffer.concat([packet('p'), packet('h', 'X\0y\0'), packet('a')]);
      }
      return undefined;
    });
    const mta = await openSession(stub);
    assert.deepEqual(await mta.connect(client), { kind: 'continue' });
    assert.deepEqual(await mta.helo('mail.example'), { kind: 'continue' });
    assert.deepEqual(await mta.mail('<a@b.example>', ['SIZE=1']), { kind: 'continue' });
    assert.deepEqual(await mta.rcpt('<c@d.example>'), {
      kind: 'replycode',
      code: 451,
      enhanced: '4.7.1',
      lines: ['100% later'],
    });
    assert.deepEqual(await mta.unknown('FOO'), { kind: 'continue' });
    assert.deepEqual(await mta.data(), { kind: 'continue' });
    assert.deepEqual(await mta.message({ headers: [['Subject', ' hi']], body: 'x\r\n' }), {
      event: 'eom',
      reply: { kind: 'accept' },
      changes: [{ kind: 'addHeader', name: 'X', value: 'y' }],
      progress: 1,
    });
    await mta.quit();
    assert.equal(stub.letters.join(' '), 'O DC C DH H DM M DR R U T L N B DE E Q');
    assert.equal(stub.payloads[6], '<a@b.example>\0SIZE=1\0');
    assert.equal(stub.payloads[11], 'Subject\0hi\0');
    assert.equal(mta.error, undefined);
    assert.equal(mta.isOpen, false);
    assert.equal(mta.agreement.version, 6);
  });

  test('bodies leave in chunks of 65535 bytes', async () => {
    const stub = createStub();
    const mta = await openSession(stub);
    await toContent(mta);
    await mta.message({ body: new Uint8Array(150_000) });
    const chunks = stub.payloads.filter((_, index) => stub.letters[index] === 'B');
    assert.deepEqual(
      chunks.map(({ length }) => length),
      [65_535, 65_535, 18_930],
    );
  });

  test('a message without content is an end of header and an end of message', async () => {
    const stub = createStub();
    const mta = await openSession(stub);
    await toContent(mta);
    await mta.message({});
    assert.equal(stub.letters.slice(-3).join(' '), 'N DE E');
  });

  for (const [letter, event] of [
    ['L', 'header'],
    ['N', 'eoh'],
    ['B', 'body'],
  ] as const) {
    test(`the content ends at a verdict on ${event}`, async () => {
      const stub = createStub((command) => (command === letter ? packet('r') : undefined));
      const mta = await openSession(stub, { profile: mtaProfiles.postfix });
      await toContent(mta);
      assert.deepEqual(await mta.message({ headers: [['A', 'b']], body: Buffer.from('x') }), {
        event,
        reply: { kind: 'reject' },
        changes: [],
        progress: 0,
      });
      await mta.quit();
      assert.equal(stub.letters.slice(-4).join(' '), `${letter} A A Q`);
    });
  }

  test('the filter gets nothing of a message it has accepted', async () => {
    const stub = createStub((letter) => (letter === 'R' ? packet('a') : undefined));
    const mta = await openSession(stub);
    await toContent(mta);
    assert.equal(await mta.message({ headers: [['A', 'b']], body: 'x' }), undefined);
    assert.equal(stub.letters.at(-1), 'R');
  });

  test('a 421 ends it, with QUIT', async () => {
    const stub = createStub((letter) =>
      letter === 'R' ? packet('y', '421 4.7.0 bye\0') : undefined,
    );
    const mta = await openSession(stub, { profile: mtaProfiles.postfix });
    await toContent(mta);
    assert.equal(await mta.message({}), undefined);
    assert.equal(await mta.endOfMessage(), undefined);
    await mta.quit();
    assert.equal(stub.letters.slice(-4).join(' '), 'R A A Q');
  });

  test('a client that vanishes in the content: Sendmail closes without a word', async () => {
    const stub = createStub();
    const mta = await openSession(stub);
    await toContent(mta);
    await mta.drop();
    assert.equal(stub.letters.at(-1), 'T');
  });
});

describe('header fields', () => {
  async function valuesSeen(value: string, steps = 0): Promise<readonly string[]> {
    const stub = createStub((letter) => (letter === 'O' ? agreeing(steps) : undefined));
    const mta = await openSession(stub, { profile: mtaProfiles.postfix });
    await toContent(mta);
    await mta.header('X', value);
    await mta.quit();
    return stub.payloads
      .filter((payload) => payload.startsWith('X\0'))
      .map((text) => text.slice(2, -1));
  }

  test('lose one leading blank, unless it was agreed to keep it', async () => {
    assert.deepEqual(await valuesSeen('  two'), [' two']);
    assert.deepEqual(await valuesSeen('  two', stepFlags.leadingSpace), ['  two']);
    assert.deepEqual(await valuesSeen('none'), ['none']);
  });

  test('are joined by LF alone', async () => {
    assert.deepEqual(await valuesSeen(' a\r\n\tb\r\n c'), ['a\n\tb\n c']);
  });

  test('of more than 60000 bytes are cut by Postfix, at a line if there is one', async () => {
    const lines = Array<string>(100).fill('x'.repeat(999)).join('\n\t');
    const [cut = ''] = await valuesSeen(lines);
    assert.ok(cut.length <= 60_000 && cut.length > 58_000);
    assert.ok(cut.endsWith('x'));
    assert.equal((cut.length + 2) % 1001, 0);
    assert.equal((await valuesSeen('y'.repeat(70_000)))[0]?.length, 60_000 - 3);
  });
});

describe('events that are not answered', () => {
  test('leave together with the next one that is', async () => {
    const steps = stepFlags.noReplyConnect | stepFlags.noHelo | stepFlags.noReplyMail;
    const stub = createStub((letter) => {
      if (letter === 'O') return agreeing(steps);
      return 'CM'.includes(letter) ? silence : undefined;
    });
    let writes = 0;
    const mta = await openSession(stub, {
      write: (stream, segments) => {
        writes++;
        stream.write(Buffer.concat(segments));
      },
    });
    assert.equal(await mta.connect(client), undefined);
    assert.equal(await mta.helo('x'), undefined);
    assert.equal(await mta.mail('<>'), undefined);
    await settle();
    assert.deepEqual(stub.letters, ['O']);
    assert.deepEqual(await mta.rcpt('<c@d.example>'), { kind: 'continue' });
    assert.equal(stub.letters.join(' '), 'O DC C DH DM M DR R');
    assert.equal(writes, 2);
  });

  test('do not pile up, and wait for a filter that reads slowly', async () => {
    const stub = createStub((letter) => {
      if (letter === 'O') return agreeing(stepFlags.noReplyBody);
      return letter === 'B' ? silence : undefined;
    });
    const mta = await openSession(stub);
    await toContent(mta);
    const answer = await mta.message({ body: Buffer.alloc(1_000_000) });
    assert.equal(answer?.event, 'eom');
    assert.equal(stub.letters.filter((letter) => letter === 'B').length, 16);
  });

  test('a filter that goes away while it reads slowly does not hold up the MTA', async () => {
    const stub = createStub((letter) =>
      letter === 'O' ? agreeing(stepFlags.noReplyBody) : undefined,
    );
    const mta = await openSession(stub);
    await toContent(mta);
    stub.end.pause();
    const sent = mta.message({ body: Buffer.alloc(1_000_000) });
    await settle();
    stub.stream.destroy();
    await assert.rejects(sent, gone);
  });
});

describe('a caller that does not keep to the order', () => {
  test('events before the negotiation', async () => {
    const mta = new MtaSession(createStub().stream, { profile: mtaProfiles.postfix });
    await assert.rejects(mta.connect(client), misused);
    await assert.rejects(mta.helo('x'), misused);
    await assert.rejects(mta.mail('<>'), misused);
    await assert.rejects(mta.rcpt('<>'), misused);
    await assert.rejects(mta.data(), misused);
    await assert.rejects(mta.endOfMessage(), misused);
    assert.throws(() => mta.reset(), misused);
    assert.throws(() => mta.startTls(), misused);
    await mta.open();
    await assert.rejects(mta.open(), misused);
    await mta.quit();
  });

  test('two at a time: the first one is answered all the same', async () => {
    const stub = createStub((letter) => (letter === 'C' ? silence : undefined));
    const mta = await openSession(stub);
    const first = mta.connect(client);
    await Promise.all([
      assert.rejects(mta.helo('x'), misused),
      assert.rejects(mta.quit(), misused),
    ]);
    stub.end.write(packet('c'));
    assert.deepEqual(await first, { kind: 'continue' });
    await mta.quit();
  });

  test('a session that was abandoned', async () => {
    const mta = await openSession(createStub((letter) => (letter === 'C' ? silence : undefined)));
    const asked = mta.connect(client);
    mta.abandon();
    mta.abandon();
    await assert.rejects(asked, misused);
    await assert.rejects(mta.helo('x'), misused);
    await assert.rejects(mta.open(), misused);
    await assert.rejects(mta.quit(), misused);
  });

  test('events after QUIT have no answer', async () => {
    const mta = await openSession(createStub());
    await mta.quit();
    await mta.quit();
    mta.abandon();
    assert.equal(await mta.connect(client), undefined);
    assert.equal(await mta.helo('x'), undefined);
    assert.equal(await mta.rcpt('<x>', [], { enhanced: '5.1.1', text: 'no' }), undefined);
    mta.reset();
    assert.equal(mta.error, undefined);
  });

  test('a body chunk that no packet takes', async () => {
    const mta = await openSession(createStub());
    await toContent(mta);
    await assert.rejects(mta.body(new Uint8Array(65_536)), { code: 'MILTER_PACKET_TOO_LONG' });
  });

  test('one that needs no answer fails as well', async () => {
    const mta = await openSession(
      createStub((letter) => (letter === 'O' ? agreeing(stepFlags.noReplyBody) : undefined)),
    );
    await toContent(mta);
    await assert.rejects(mta.body(new Uint8Array(65_536)), { code: 'MILTER_PACKET_TOO_LONG' });
  });
});
