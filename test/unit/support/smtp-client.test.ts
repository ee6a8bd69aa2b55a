import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, test, type TestContext } from 'node:test';
import { connectSmtp, plainMessage, type SmtpClient } from '../../support/smtp-client.js';

/** Answers each line from the client by a function; a message is one "line" up to its final dot. */
interface Script {
  readonly greeting?: string;
  readonly answer: (line: string, socket: Socket) => string;
}

async function connectTo(
  t: TestContext,
  script: Script,
  timeoutMs = 20_000,
): Promise<{ readonly client: SmtpClient; readonly lines: readonly string[] }> {
  const lines: string[] = [];
  const server = createServer((socket) => {
    let received = '';
    let end = '\r\n';
    socket.setEncoding('utf8').on('data', (text: string) => {
      received += text;
      for (let at = received.indexOf(end); at >= 0; at = received.indexOf(end)) {
        const line = received.slice(0, at);
        received = received.slice(at + end.length);
        lines.push(line);
        const answer = script.answer(line, socket);
        end = answer.startsWith('354') ? '\r\n.\r\n' : '\r\n';
        socket.write(answer);
      }
    });
    socket.on('error', () => socket.destroy());
    socket.write(script.greeting ?? '220 here\r\n');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const client = await connectSmtp({ host: '127.0.0.1', port, timeoutMs });
  t.after(() => client.drop());
  return { client, lines };
}

describe('the SMTP client', () => {
  test('sends its commands as the protocol has them', async (t) => {
    const { client, lines } = await connectTo(t, {
      answer: (line, socket) => {
        if (line === 'QUIT') socket.end('221 bye\r\n');
        return line === 'DATA' ? '354 go\r\n' : line === 'QUIT' ? '' : '250 ok\r\n';
      },
    });
    assert.equal(client.greeting.text, 'here');
    await client.ehlo();
    await client.xclient({ ADDR: '203.0.113.7', NAME: 'a b' });
    await client.authPlain('alice', 'secret');
    await client.mail('', 'SIZE=9');
    await client.rcpt('b@b.example');
    assert.equal((await client.data('A: b\n\n.x\n')).code, 250);
    assert.equal((await client.quit()).code, 221);
    assert.deepEqual(lines, [
      'EHLO client.example',
      'XCLIENT ADDR=203.0.113.7 NAME=a+20b',
      'AUTH PLAIN AGFsaWNlAHNlY3JldA==',
      'MAIL FROM:<> SIZE=9',
      'RCPT TO:<b@b.example>',
      'DATA',
      'A: b\r\n\r\n..x',
      'QUIT',
    ]);
  });

  test('offers a mail to all recipients, and sends it if one is accepted', async (t) => {
    const { client, lines } = await connectTo(t, {
      answer: (line) =>
        line.includes('bad@') ? '451 4.7.1 no\r\n' : line === 'DATA' ? '354 go\r\n' : '250 ok\r\n',
    });
    const replies = await client.offer({ sender: 'a@a.example', recipients: ['bad@b', 'good@b'] });
    assert.deepEqual(
      replies.recipients.map(({ code }) => code),
      [451, 250],
    );
    assert.equal(replies.data?.code, 250);
    assert.equal(lines.at(-1), plainMessage.trimEnd().replaceAll('\n', '\r\n'));
  });

  test('resets instead of sending what nobody accepts', async (t) => {
    const { client, lines } = await connectTo(t, {
      answer: (line) => (line.startsWith('RCPT') ? '451 no\r\n' : '250 ok\r\n'),
    });
    const replies = await client.offer({ sender: 'a@a.example', recipients: ['b@b.example'] });
    assert.equal(replies.data, undefined);
    assert.equal(lines.at(-1), 'RSET');
  });

  test('takes a greeting of several lines, in pieces', async (t) => {
    const { client } = await connectTo(t, {
      greeting: '220-one\r\n220 two\r\n',
      answer: () => '250 ok\r\n',
    });
    assert.equal(client.greeting.text, 'one\ntwo');
  });

  test('rejects when the MTA closes before it answers', async (t) => {
    const { client } = await connectTo(t, { answer: (_, socket) => (socket.end(), '') });
    await assert.rejects(client.helo(), /no reply to HELO client\.example: .*closed/);
  });

  test('rejects when no answer comes in time', async (t) => {
    const { client } = await connectTo(t, { answer: () => '250-unfinished\r\n' }, 300);
    await assert.rejects(client.helo(), /no reply to HELO client\.example within 300 ms/);
  });

  test('answers pipelined commands in order', async (t) => {
    const { client } = await connectTo(t, { answer: (line) => `250 ${line}\r\n` });
    client.send('ONE\r\nTWO\r\n');
    assert.equal((await client.reply()).text, 'ONE');
    assert.equal((await client.reply()).text, 'TWO');
  });
});
