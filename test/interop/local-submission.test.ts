import assert from 'node:assert/strict';
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Duplex, type Readable, type Writable } from 'node:stream';
import { test } from 'node:test';
import { mtaEnvironment, underMtaHostName } from '../support/mta/commands.js';
import { sendmailBinary } from '../support/mta/places.js';
import { openSmtp, type OfferedMail } from '../support/smtp-client.js';
import { waitUntil } from '../support/wait-until.js';
import { describeSites, type SharedSite } from './describe-sites.js';
import type { MailSite } from './mail-site.js';

const sender = 'sender@client.example';

/** Starts the MTA's own sendmail(1) as an administrator would. */
function startSendmailCommand({ mta }: MailSite, options: readonly string[]): Command {
  const etc = join(mta.directory, 'etc');
  const [command, all] =
    mta.kind === 'postfix'
      ? ['/usr/sbin/sendmail', ['-C', etc, ...options]]
      : ['unshare', underMtaHostName(sendmailBinary, ['-C', join(etc, 'sendmail.cf'), ...options])];
  return spawn(command, all, {
    env: mtaEnvironment,
    stdio: ['pipe', 'pipe', 'inherit'],
    timeout: 60_000,
  });
}

type Command = ChildProcessByStdio<Writable, Readable, null>;

async function untilDone(command: Command): Promise<void> {
  const ending: unknown[] = await once(command, 'exit');
  assert.equal(ending[0], 0);
}

/** `sendmail -f sender recipient …`. */
async function submit(site: MailSite, from: string, ...to: readonly string[]): Promise<void> {
  const command = startSendmailCommand(site, ['-f', from, ...to]);
  command.stdin.end('Subject: local\n\nHello.\n');
  await untilDone(command);
}

/** `sendmail -bs`, an SMTP session on the standard input and output. */
async function submitBySmtp(site: MailSite, mail: OfferedMail): Promise<void> {
  const command = startSendmailCommand(site, ['-bs']);
  const smtp = await openSmtp(Duplex.from({ readable: command.stdout, writable: command.stdin }));
  await smtp.ehlo('localhost');
  assert.equal((await smtp.offer(mail)).data?.code, 250);
  await smtp.command('QUIT');
  await untilDone(command);
}

function testPostfix(shared: SharedSite): void {
  const decided = async (count: number): Promise<readonly string[]> => {
    const { daemon } = shared.site;
    await waitUntil(() => daemon.decisions.length >= count, `${count} decisions`);
    return daemon.takeDecisions();
  };

  test('mail of the sendmail command is local and does not wait', async () => {
    const { site, mailbox } = shared;
    const [one, other] = [mailbox(), mailbox()];
    await submit(site, sender, one, other);
    assert.deepEqual(await decided(2), [`accept local <${one}>`, `accept local <${other}>`]);
  });

  test('a bounce of the sendmail command, too', async () => {
    const { site, mailbox } = shared;
    const to = mailbox();
    await submit(site, '<>', to);
    assert.deepEqual(await decided(1), [`accept local <${to}>`]);
  });

  test('mail that sendmail -bs has read is local', async () => {
    const { site, mailbox } = shared;
    const to = mailbox();
    await submitBySmtp(site, { sender, recipients: [to] });
    assert.deepEqual(await decided(1), [`accept local <${to}>`]);
  });
}

function testSendmail(shared: SharedSite): void {
  test('mail that sendmail -bs has read is local and does not wait', async () => {
    const { site, mailbox } = shared;
    const [one, other] = [mailbox(), mailbox()];
    await submitBySmtp(site, { sender, recipients: [one, other] });
    assert.deepEqual(site.daemon.takeDecisions(), [
      `accept local <${one}>`,
      `accept local <${other}>`,
    ]);
    assert.deepEqual(await site.takeHeaders(), []);
  });

  test('a bounce that sendmail -bs has read, too', async () => {
    const { site, mailbox } = shared;
    const to = mailbox();
    await submitBySmtp(site, { sender: '', recipients: [to] });
    assert.deepEqual(site.daemon.takeDecisions(), [`accept local <${to}>`]);
    await site.mta.flush();
  });

  test('about mail of the sendmail command the filter is not asked', async () => {
    const { site, mailbox } = shared;
    await submit(site, sender, mailbox());
    assert.equal((await site.mta.queued()).length, 1);
    assert.deepEqual(site.daemon.takeDecisions(), []);
    await site.mta.flush();
  });
}

describeSites({ postfix: { extraMainCf: { non_smtpd_milters: '$smtpd_milters' } } }, (shared) => {
  if (shared.kind === 'postfix') testPostfix(shared);
  else testSendmail(shared);
});
