import assert from 'node:assert/strict';
import { duplexPair } from 'node:stream';
import { describe, test } from 'node:test';
import { MtaSession } from '../../../../../src/protocols/milter/mta/mta-session.js';
import { mtaProfiles } from '../../../../../src/protocols/milter/mta/profiles.js';
import { packet } from '../../../../support/packet-builder.js';
import { client, createStub, openSession, settle, silence } from './filter-stub.js';

const gone = { name: 'MilterProtocolError', code: 'MILTER_FILTER_GONE' };

async function toContent(mta: MtaSession): Promise<void> {
  await mta.connect(client);
  await mta.helo('mail.example');
  await mta.mail('<a@b.example>');
  await mta.rcpt('<c@d.example>');
  await mta.data();
}

describe('a filter that fails', () => {
  test('stays failed, also if nobody was asking', async () => {
    const stub = createStub();
    const mta = await openSession(stub);
    await mta.connect(client);
    stub.end.end();
    await settle();
    assert.equal(mta.error?.code, 'MILTER_FILTER_GONE');
    await assert.rejects(mta.helo('x'), mta.error);
    await assert.rejects(mta.message({}), mta.error);
    assert.throws(() => mta.reset(), mta.error);
    await assert.rejects(mta.quit(), mta.error);
    assert.equal(stub.stream.destroyed, true);
  });

  test('a connection that was over before', async () => {
    const [stream] = duplexPair();
    stream.destroy();
    await settle();
    const mta = new MtaSession(stream, { profile: mtaProfiles.postfix });
    await assert.rejects(mta.open(), gone);
    await assert.rejects(mta.quit(), gone);
  });

  test('a connection that breaks keeps its cause', async () => {
    const stub = createStub((letter) => (letter === 'C' ? silence : undefined));
    const mta = await openSession(stub);
    const asked = mta.connect(client);
    const cause = new Error('ECONNRESET');
    stub.stream.destroy(cause);
    await assert.rejects(asked, { ...gone, cause });
  });

  test('an end inside a packet', async () => {
    const stub = createStub((letter) => (letter === 'C' ? Buffer.from('0000', 'hex') : undefined));
    const mta = await openSession(stub);
    const asked = mta.connect(client);
    await settle();
    stub.end.end();
    await assert.rejects(asked, { code: 'MILTER_PACKET_TRUNCATED' });
  });

  test('an answer to what is never answered', async () => {
    const stub = createStub((letter) => (letter === 'A' ? packet('c') : undefined));
    const faults: string[] = [];
    const mta = await openSession(stub, {
      observe: (fault, event) => faults.push(`${fault} ${event}`),
    });
    await mta.connect(client);
    await mta.mail('<>');
    mta.reset();
    await settle();
    assert.equal(mta.error?.code, 'MILTER_ANSWER_UNEXPECTED');
    assert.deepEqual(faults, ['answer-unexpected mail']);
    stub.stream.emit('data', packet('c'));
    assert.equal(faults.length, 1);
    await assert.rejects(mta.quit(), mta.error);
  });

  test('an answer to QUIT', async () => {
    const stub = createStub((letter) => (letter === 'Q' ? packet('c') : undefined));
    const mta = await openSession(stub);
    await assert.rejects(mta.quit(), { code: 'MILTER_ANSWER_UNEXPECTED' });
  });

  test('more than a packet that nobody asked for, though one answer too many is put up with', async () => {
    const stub = createStub();
    const mta = await openSession(stub, { lenient: true, maxPacketBytes: 1000 });
    await mta.connect(client);
    stub.end.write(Buffer.alloc(1000, packet('c')));
    await settle();
    assert.equal(mta.error, undefined);
    stub.end.write(packet('c'));
    await settle();
    assert.equal(stub.stream.destroyed, true);
    await assert.rejects(mta.helo('x'), { code: 'MILTER_PACKET_TOO_LONG' });
  });

  test('whatever it says after QUIT, put up with, is not kept', async () => {
    const stub = createStub();
    const mta = await openSession(stub, { lenient: true, maxPacketBytes: 1000 });
    const left = mta.quit();
    for (let times = 0; times < 5; times++) {
      stub.stream.emit('data', Buffer.alloc(500, packet('c')));
    }
    await left;
    assert.equal(mta.error, undefined);
  });

  test('two verdicts in one go', async () => {
    const twice = Buffer.concat([packet('c'), packet('c')]);
    const mta = await openSession(createStub((letter) => (letter === 'C' ? twice : undefined)));
    await mta.connect(client);
    await assert.rejects(mta.helo('x'), { code: 'MILTER_ANSWER_UNEXPECTED' });
  });

  test('progress with a payload', async () => {
    const stub = createStub((letter) => (letter === 'E' ? packet('p', 'x') : undefined));
    const mta = await openSession(stub);
    await toContent(mta);
    await assert.rejects(mta.message({}), { code: 'MILTER_VERDICT_WITH_PAYLOAD' });
  });

  test('skip where it means nothing, put up with, changes nothing', async () => {
    const stub = createStub((letter) => (letter === 'T' ? packet('s') : undefined));
    const mta = await openSession(stub, { lenient: true });
    await toContent(mta);
    assert.equal((await mta.message({ headers: [['A', 'b']], body: 'x' }))?.event, 'eom');
    assert.equal(stub.letters.slice(-6).join(' '), 'T L N B DE E');
    await mta.quit();
  });

  test('skip and discard where they end nothing, put up with, neither', async () => {
    for (const letter of ['s', 'd']) {
      const stub = createStub((command) => (command === 'H' ? packet(letter) : undefined));
      const mta = await openSession(stub, { lenient: true });
      await toContent(mta);
      assert.equal(stub.letters.at(-1), 'T');
      await mta.quit();
    }
  });

  test('no answer to the offer but a verdict', async () => {
    const stub = createStub(() => packet('c'));
    await assert.rejects(openSession(stub), { code: 'MILTER_AGREEMENT_UNUSABLE' });
  });

  test('one that does not close after QUIT is left alone after a while', async () => {
    const stub = createStub();
    stub.end.removeAllListeners('end');
    const mta = await openSession(stub, { answerMs: 20 });
    await mta.quit();
    assert.equal(stub.stream.destroyed, true);
    assert.equal(mta.error, undefined);
  });

  test('an idle session is not late', async () => {
    const stub = createStub();
    const mta = await openSession(stub, { answerMs: 1000 });
    await new Promise((resolve) => setTimeout(resolve, 1200));
    assert.deepEqual(await mta.connect(client), { kind: 'continue' });
    await mta.quit();
  });

  test('progress gives it the whole time again', async () => {
    const stub = createStub((letter) => (letter === 'E' ? packet('p') : undefined));
    // Long enough for a machine that stands still for a second.
    const mta = await openSession(stub, { answerMs: 3000 });
    await toContent(mta);
    const asked = mta.endOfMessage();
    for (let count = 0; count < 4; count++) {
      await new Promise((resolve) => setTimeout(resolve, 800));
      stub.end.write(packet('p'));
    }
    stub.end.write(packet('c'));
    assert.equal((await asked)?.progress, 5);
    await mta.quit();
  });

  test('but not for ever', async () => {
    const stub = createStub((letter) => (letter === 'E' ? packet('p') : undefined));
    const mta = await openSession(stub, { patienceMs: 30 });
    await toContent(mta);
    const asked = mta.endOfMessage();
    const timer = setInterval(() => stub.end.write(packet('p')), 5);
    await assert.rejects(asked, { code: 'MILTER_ANSWER_LATE' });
    clearInterval(timer);
  });

  test('an answer that is too long as a whole', async () => {
    const change = packet('h', 'X\0', 'y'.repeat(500), '\0');
    const stub = createStub((letter) =>
      letter === 'E' ? Buffer.concat(Array<Buffer>(10).fill(change)) : undefined,
    );
    const mta = await openSession(stub, { maxAnswerBytes: 4000 });
    await toContent(mta);
    await assert.rejects(mta.message({}), { code: 'MILTER_PACKET_TOO_LONG' });
  });

  test('a bug of an observer ends the session, not the process', async () => {
    const stub = createStub((letter) => (letter === 'C' ? packet('Z') : undefined));
    const mta = await openSession(stub, {
      observe: () => {
        throw new Error('a bug');
      },
    });
    await assert.rejects(mta.connect(client), { code: 'MILTER_INTERNAL' });
  });

  test('packets above the limit', async () => {
    const stub = createStub((letter) =>
      letter === 'C' ? packet('y', 'x'.repeat(100)) : undefined,
    );
    const mta = await openSession(stub, { maxPacketBytes: 50 });
    await assert.rejects(mta.connect(client), { code: 'MILTER_PACKET_TOO_LONG' });
  });
});
