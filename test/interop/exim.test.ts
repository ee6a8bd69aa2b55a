import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { basename, join } from 'node:path';
import { after, before, beforeEach, describe, test, type TestContext } from 'node:test';
import { projectRoot, readHandbook } from '../guards/readme-text.js';
import { startTestDaemon } from '../support/daemon-harness.js';
import { skipWithout } from '../support/mta/availability.js';
import { startExim, type EximInstance } from '../support/mta/exim.js';
import { createSocketDirectory } from '../support/mta/places.js';
import { connectSmtp, type SmtpClient } from '../support/smtp-client.js';
import { MailSite } from './mail-site.js';

const minute = 60_000;
const sender = 'sender@client.example';
const hosts = { '127.0.2.7': 'mx.client.example' };

const macros = readHandbook().snippets.find(({ info }) => info === 'text exim-macros')?.lines ?? [];

/** The handbook's lines, and the shipped files with a socket in this directory. */
function localMacros(
  directory: string,
  edit: (acl: string) => string = (acl) => acl,
): readonly string[] {
  assert.equal(macros.length, 2);
  return macros.map((line) => {
    const [, name = '', file = ''] = /^(\w+) = \/opt\/greymilter\/(.*)$/.exec(line) ?? [];
    const path = join(directory, basename(file));
    const shipped = readFileSync(join(projectRoot, file), 'utf8');
    writeFileSync(path, edit(shipped).replace('/run/greymilter/', `${directory}/`));
    return `${name} = ${path}`;
  });
}

describe('Exim asks the policy service', { skip: skipWithout('exim') }, () => {
  let site: MailSite;
  let exim: EximInstance;
  let user = 0;
  const cleanUps: (() => Promise<void> | void)[] = [];

  before(async () => {
    const directory = createSocketDirectory({ after: (remove) => cleanUps.unshift(remove) });
    const daemon = await startTestDaemon(
      { after: (stop) => cleanUps.unshift(stop) },
      {
        overrides: [
          'trusted=[]',
          'listen.socket.mode="0666"',
          `listen.policy=unix:${join(directory, 'policy.sock')}`,
        ],
      },
    );
    exim = await startExim({ hosts, localMacros: localMacros(directory) });
    cleanUps.unshift(() => exim.stop());
    site = new MailSite(daemon, exim);
  });
  after(async () => {
    for (const cleanUp of cleanUps) await cleanUp();
  });
  // Each test has a recipient of its own, so that no triplet is met twice.
  beforeEach(() => {
    user = (user % 9) + 1;
    site.daemon.takeDecisions();
  });
  const recipient = (tag = ''): string => `user${user}+x${String(user)}${tag}@local.test`;

  test('a recipient that needs quotes is asked about with them', async () => {
    const to = `"user${user}+x y"@local.test`;
    const smtp = await site.connect();
    const [refusal] = (await smtp.offer({ sender, recipients: [to] })).recipients;
    assert.equal(refusal?.code, 451);
    assert.deepEqual(site.daemon.takeDecisions(), [`tempfail greylist-new <${to}>`]);
  });

  test('a new triplet waits, an early retry too, a later one is delivered with the header', async () => {
    const to = recipient();
    const smtp = await site.connect();
    const [refusal] = (await smtp.offer({ sender, recipients: [to] })).recipients;
    assert.equal(refusal?.code, 451);
    assert.deepEqual(refusal.lines, ['451 4.2.0 Greylisted, please try again in 180 seconds']);
    site.daemon.clock.advance(2 * minute);
    const early = await smtp.offer({ sender, recipients: [to] });
    assert.equal(early.recipients[0]?.text, 'Greylisted, please try again in 60 seconds');
    site.daemon.clock.advance(3 * minute);
    const retry = await smtp.offer({ sender, recipients: [to] });
    assert.deepEqual([retry.recipients[0]?.code, retry.data?.code], [250, 250]);
    const [header, ...more] = await site.takeHeaders();
    assert.match(header ?? '', /^X-Greylist: delayed 00:05:00 by greymilter at \S+; /);
    assert.deepEqual(more, []);

    const next = await smtp.offer({ sender, recipients: [to] });
    assert.equal(next.data?.code, 250);
    assert.deepEqual(await site.takeHeaders(), []);
    await smtp.quit();
    assert.deepEqual(site.daemon.takeDecisions(), [
      `tempfail greylist-new <${to}>`,
      `tempfail greylist-early <${to}>`,
      `accept greylist-passed <${to}>`,
      `accept greylist-known <${to}>`,
    ]);
  });

  test('recipients of one mail wait once, and it gets one header', async () => {
    const recipients = [recipient('a'), recipient('b')];
    const smtp = await site.connect('second');
    await smtp.offer({ sender, recipients: recipients.slice(0, 1) });
    site.daemon.clock.advance(4 * minute);
    const { data } = await smtp.offer({ sender, recipients });
    assert.equal(data?.code, 250);
    await smtp.quit();
    assert.equal((await exim.queued())[0]?.recipients.length, 2);
    assert.equal((await site.takeHeaders()).length, 1);
  });

  test('who the client is', async () => {
    const smtp = await site.connect();
    await smtp.offer({ sender: '"a b"@client.example', recipients: [recipient()] });
    await smtp.quit();
    const attempt = site.daemon.decisions.at(-1)?.attempt;
    assert.ok(attempt !== undefined);
    const { clientAddress, clientName, helo, via, login } = attempt;
    assert.deepEqual(
      [clientAddress?.text, clientName, helo, via, login],
      ['127.0.2.7', 'mx.client.example', 'client.example', 'policy', undefined],
    );
    assert.equal(attempt.sender.text, '"a b"@client.example');
    assert.equal(attempt.recipient.text, recipient());
    const other = await site.connect('second');
    await other.offer({ sender, recipients: [recipient()] });
    await other.quit();
    assert.equal(site.daemon.decisions.at(-1)?.attempt.clientName, undefined);
  });

  for (const how of ['DATA', 'BDAT'] as const)
    test(`the null sender is answered behind the message, with ${how}`, async () => {
      const to = recipient(how);
      const smtp = await site.connect();
      const bounce = async (): Promise<number> => {
        await smtp.mail('');
        assert.equal((await smtp.rcpt(to)).code, 250);
        if (how === 'DATA') return (await smtp.data()).code;
        const message = 'Subject: x\r\n\r\ny\r\n';
        smtp.send(`BDAT ${message.length} LAST\r\n${message}`);
        return (await smtp.reply('BDAT')).code;
      };
      assert.equal(await bounce(), 451);
      site.daemon.clock.advance(4 * minute);
      assert.equal(await bounce(), 250);
      await smtp.quit();
      assert.equal((await site.takeHeaders()).length, 1);
    });

  test('an address verification by another site gets its answer', async () => {
    const smtp = await site.connect();
    await smtp.mail('');
    assert.equal((await smtp.rcpt(recipient())).code, 250);
    assert.equal((await smtp.rcpt('missing@local.test')).code, 550);
    await smtp.quit();
    assert.deepEqual(site.daemon.takeDecisions(), []);
  });

  test('neither who has logged in nor this machine is asked about', async () => {
    const smtp = await site.connect();
    assert.equal((await smtp.authPlain('alice', 'secret')).code, 235);
    assert.equal((await smtp.offer({ sender, recipients: [recipient()] })).data?.code, 250);
    await smtp.quit();
    const here = await connectSmtp(exim);
    await here.ehlo();
    assert.equal((await here.offer({ sender, recipients: [recipient()] })).data?.code, 250);
    await here.quit();
    await exim.flush();
    assert.deepEqual(site.daemon.takeDecisions(), []);
  });

  test('what rules say', async () => {
    const rules = `
rules:
  - { name: no, when: { sender: no@ }, then: reject, text: 'No {from} here: $pid \\1' }
  - { name: later, when: { sender: later@ }, then: tempfail, code: 450 }
  - { name: gone, when: { sender: gone@ }, then: discard }
  - { name: fine, when: { sender: fine@ }, then: accept }
`;
    await site.daemon.reload({ text: rules });
    const smtp = await site.connect();
    const lines = async (from: string): Promise<readonly string[]> => {
      const { recipients, data } = await smtp.offer({ sender: from, recipients: [recipient()] });
      return [...recipients, ...(data === undefined ? [] : [data])].map(({ lines: [line] }) =>
        (line ?? '').replace(/ id=.*/, ''),
      );
    };
    assert.deepEqual(await lines('no@x.example'), ['550 5.7.1 No no@x.example here: $pid \\1']);
    assert.match((await lines('later@x.example'))[0] ?? '', /^450 4\.7\.1 /);
    assert.deepEqual(await lines('fine@x.example'), ['250 Accepted', '250 OK']);
    assert.equal((await exim.queued()).length, 1);
    await exim.flush();
    assert.deepEqual(await lines('gone@x.example'), ['250 Accepted', '250 OK']);
    assert.deepEqual(await exim.queued(), []);
    await smtp.quit();
    await site.daemon.reload({ text: '' });
  });
});

describe('with Exim mail passes', { skip: skipWithout('exim') }, () => {
  /** A service that says this to every request; undefined for one that says nothing. */
  async function startService(t: TestContext, path: string, answer?: string): Promise<void> {
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      socket.on('error', () => socket.destroy());
      socket.resume();
      if (answer !== undefined) socket.end(answer, 'latin1');
    });
    await once(server.listen(path), 'listening');
    chmodSync(path, 0o666);
    t.after(() => server.close());
  }

  async function offer(exim: EximInstance): Promise<readonly (number | undefined)[]> {
    const smtp: SmtpClient = await connectSmtp({ ...exim, localAddress: '127.0.2.7' });
    await smtp.ehlo();
    const { recipients, data } = await smtp.offer({ sender, recipients: ['user1@local.test'] });
    await smtp.quit();
    return [recipients[0]?.code, data?.code];
  }

  test('while the filter is down, slow, or says what Exim cannot understand', async (t) => {
    const directory = createSocketDirectory(t);
    const path = join(directory, 'policy.sock');
    const impatient = (acl: string): string => acl.replace('{10s}', '{1s}');
    const exim = await startExim({ hosts, localMacros: localMacros(directory, impatient) });
    t.after(() => exim.stop());
    assert.deepEqual(await offer(exim), [250, 250], 'nobody listens');
    for (const answer of [
      undefined,
      '',
      '\n\n',
      'action=\n\n',
      'action=DUNNO\n\n',
      'action=WHATEVER 450 4.7.1 no\n\n',
      'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n',
      '\xff\0\xfe action=450 x\n\n',
    ]) {
      await t.test(JSON.stringify(answer ?? 'nothing'), async (each) => {
        await startService(each, path, answer);
        assert.deepEqual(await offer(exim), [250, 250]);
      });
      rmSync(path, { force: true });
    }
    const patient = await startExim({ hosts, localMacros: localMacros(directory) });
    t.after(() => patient.stop());
    await startService(t, path, 'action=DEFER_IF_PERMIT 4.2.0 Later\n\n');
    assert.deepEqual(await offer(patient), [451, undefined], 'but not if it says so');
  });
});
