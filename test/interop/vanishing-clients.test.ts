import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SmtpClient } from '../support/smtp-client.js';
import { describeSites } from './describe-sites.js';

const sender = 'sender@client.example';

/** How far a client gets with a mail to a known mailbox and to a new one. */
interface Progress {
  readonly smtp: SmtpClient;
  readonly known: string;
  readonly unknown: string;
}

type Step = (progress: Progress) => Promise<void>;

const ehlo: Step = async ({ smtp }) => {
  assert.equal((await smtp.ehlo()).code, 250);
};
const mail: Step = async ({ smtp }) => {
  assert.equal((await smtp.mail(sender)).code, 250);
};
const bounce: Step = async ({ smtp, unknown }) => {
  await smtp.mail('');
  assert.equal((await smtp.rcpt(unknown)).code, 250);
};
const refused: Step = async ({ smtp, unknown }) => {
  assert.equal((await smtp.rcpt(unknown)).code, 451);
};
const accepted: Step = async ({ smtp, known }) => {
  assert.equal((await smtp.rcpt(known)).code, 250);
};
const data: Step = async ({ smtp }) => {
  assert.equal((await smtp.command('DATA')).code, 354);
};
const content: Step = ({ smtp }) => {
  smtp.send(`Subject: half a mail\r\n\r\n${'Hello, and so on.\r\n'.repeat(5_000)}`);
  return Promise.resolve();
};

/** What the client does after EHLO, before it vanishes. */
const stages: Readonly<Record<string, readonly Step[]>> = {
  EHLO: [],
  'a second EHLO': [ehlo],
  MAIL: [mail],
  'a RCPT that was refused': [mail, refused],
  'a RCPT that was accepted': [mail, accepted],
  'a RCPT of the null sender, which waits for DATA': [bounce],
  DATA: [mail, refused, accepted, data],
  'half of the content': [mail, accepted, data, content],
};

describeSites({}, (shared) => {
  test('a client that vanishes after connecting leaves nothing behind', async () => {
    const { site } = shared;
    const smtp = await site.connectSilently();
    smtp.drop();
    await site.untilNobodyIsConnected();
    assert.deepEqual(site.daemon.takeDecisions(), []);
  });

  for (const [stage, steps] of Object.entries(stages)) {
    test(`a client that vanishes after ${stage} leaves nothing behind`, async () => {
      const { site } = shared;
      const [known, unknown] = [shared.mailbox('known'), shared.mailbox('new')];
      await site.makeKnown({ sender, recipients: [known] });
      const smtp = await site.connect();
      for (const step of steps) await step({ smtp, known, unknown });
      smtp.drop();
      await site.untilNobodyIsConnected();
      assert.deepEqual(await site.mta.queued(), []);

      const next = await site.connect();
      assert.equal((await next.offer({ sender, recipients: [known] })).data?.code, 250);
      await next.quit();
      assert.deepEqual(await site.takeHeaders(), []);
      await site.untilNobodyIsConnected();
    });
  }
});
