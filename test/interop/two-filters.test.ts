import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { lastFirst } from '../support/clean-ups.js';
import { startTestDaemon, type TestDaemon } from '../support/daemon-harness.js';
import { skipWithout, type MtaKind } from '../support/mta/availability.js';
import { createSocketDirectory } from '../support/mta/places.js';
import type { OfferedMail, SmtpClient } from '../support/smtp-client.js';
import { startSite, type MailSite } from './mail-site.js';
import { refused, startRejectingFilter, type RejectingFilter } from './rejecting-filter.js';

const minute = 60_000;
const sender = 'sender@client.example';
const kinds: readonly MtaKind[] = ['postfix', 'sendmail'];
const wait = (seconds: number): string => `Greylisted, please try again in ${seconds} seconds`;

/** Our filter, and a second one with a store of its own behind it, which waits for 10 minutes. */
async function startTwo(
  t: TestContext,
  kind: MtaKind,
): Promise<{ readonly site: MailSite; readonly second: TestDaemon }> {
  const cleanUp = lastFirst(t);
  const second = await startTestDaemon(cleanUp, {
    overrides: ['trusted=[]', 'listen.socket.mode="0666"', 'greylist.delay=10m'],
    listen: [`unix:${join(createSocketDirectory(cleanUp), 'second.sock')}`],
  });
  const site = await startSite(cleanUp, {
    kind,
    transport: 'unix',
    arrange: (ours) => [ours, ...second.addresses],
  });
  return { site, second };
}

async function startWithRejecting(
  t: TestContext,
  kind: MtaKind,
  place: 'before' | 'behind',
): Promise<{ readonly site: MailSite; readonly other: RejectingFilter }> {
  const cleanUp = lastFirst(t);
  const other = await startRejectingFilter(cleanUp);
  const site = await startSite(cleanUp, {
    kind,
    transport: 'unix',
    arrange: (ours) => (place === 'before' ? [other.address, ours] : [ours, other.address]),
  });
  return { site, other };
}

/** The text of the first refusal, or the code of the accepted message. */
async function offer(smtp: SmtpClient, mail: OfferedMail): Promise<string | number | undefined> {
  const { recipients, data } = await smtp.offer(mail);
  return (
    recipients.find(({ code }) => code !== 250)?.text ?? (data?.code === 250 ? 250 : data?.text)
  );
}

for (const kind of kinds) {
  describe(`${kind} with two greylisting filters`, { skip: skipWithout(kind) }, () => {
    test('who is put off by the first is not shown to the second', async (t) => {
      const { site, second } = await startTwo(t, kind);
      const mail = { sender, recipients: ['user1@local.test'] };
      const smtp = await site.connect();
      assert.equal(await offer(smtp, mail), wait(180));
      assert.deepEqual(second.takeDecisions(), []);

      site.daemon.clock.advance(3 * minute);
      assert.equal(await offer(smtp, mail), wait(600));
      second.clock.advance(10 * minute);
      assert.equal(await offer(smtp, mail), 250);
      await smtp.quit();
      const headers = await site.takeHeaders();
      assert.equal(headers.length, 1);
      assert.match(headers[0] ?? '', /delayed 00:10:00/);
      assert.deepEqual(site.daemon.takeDecisions(), [
        'tempfail greylist-new <user1@local.test>',
        'accept greylist-passed <user1@local.test>',
        'accept greylist-known <user1@local.test>',
      ]);
      assert.deepEqual(second.takeDecisions(), [
        'tempfail greylist-new <user1@local.test>',
        'accept greylist-passed <user1@local.test>',
      ]);
    });

    test('the null sender waits at DATA, first for the first and then for the second', async (t) => {
      const { site, second } = await startTwo(t, kind);
      const bounce = { sender: '', recipients: ['user1@local.test', 'user2@local.test'] };
      const smtp = await site.connect();
      assert.equal(await offer(smtp, bounce), wait(180));
      assert.deepEqual(second.takeDecisions(), []);
      site.daemon.clock.advance(3 * minute);
      assert.equal(await offer(smtp, bounce), wait(600));
      second.clock.advance(10 * minute);
      assert.equal(await offer(smtp, bounce), 250);
      await smtp.quit();
    });

    test('recipients of one mail stop at different filters', async (t) => {
      const { site, second } = await startTwo(t, kind);
      const [known, half, unknown] = ['user1@local.test', 'user2@local.test', 'user3@local.test'];
      const smtp = await site.connect();
      await smtp.offer({ sender, recipients: [known, half] });
      site.daemon.clock.advance(3 * minute);
      await smtp.offer({ sender, recipients: [known] });
      second.clock.advance(10 * minute);
      const { recipients, data } = await smtp.offer({ sender, recipients: [unknown, half, known] });
      assert.deepEqual(
        recipients.map(({ code, text }) => (code === 250 ? 250 : text)),
        [wait(180), wait(600), 250],
      );
      assert.equal(data?.code, 250);
      await smtp.quit();
      assert.deepEqual((await site.takeMail()).recipients, [known]);
    });
  });

  describe(`${kind} with a filter that rejects`, { skip: skipWithout(kind) }, () => {
    test('behind ours: it is asked about those alone who have waited', async (t) => {
      const { site, other } = await startWithRejecting(t, kind, 'behind');
      const mail = { sender, recipients: [`${refused.rcpt}x@local.test`, 'user1@local.test'] };
      const smtp = await site.connect();
      await smtp.offer(mail);
      assert.deepEqual(other.take(), [`mail <${sender}>`]);
      site.daemon.clock.advance(3 * minute);
      const { recipients, data } = await smtp.offer(mail);
      assert.deepEqual(
        [...recipients, data].map((reply) => reply?.code),
        [550, 250, 250],
      );
      assert.equal((await site.takeHeaders()).length, 1);
      await smtp.quit();
    });

    test('behind ours: a message that it refuses leaves nothing in the next', async (t) => {
      const { site, other } = await startWithRejecting(t, kind, 'behind');
      const late = { sender: `${refused.eom}x@client.example`, recipients: ['user1@local.test'] };
      const known = { sender, recipients: ['user1@local.test'] };
      await site.makeKnown(known);
      const smtp = await site.connect();
      await smtp.offer(late);
      site.daemon.clock.advance(3 * minute);
      const { data } = await smtp.offer(late);
      assert.ok(data?.code === 554 || data?.code === 550, data?.lines.join());
      assert.equal(other.take().at(-1), 'eom');
      assert.equal(await offer(smtp, known), 250);
      await smtp.quit();
      assert.deepEqual(await site.takeHeaders(), []);
      await site.untilNobodyIsConnected();
    });

    test('before ours: whom it refuses is never greylisted', async (t) => {
      const { site } = await startWithRejecting(t, kind, 'before');
      const smtp = await site.connect();
      const { mail } = await smtp.offer({
        sender: `${refused.mail}x@client.example`,
        recipients: ['user1@local.test'],
      });
      assert.equal(mail.code, 550);
      const { recipients } = await smtp.offer({
        sender,
        recipients: [`${refused.rcpt}x@local.test`, 'user2@local.test'],
      });
      assert.deepEqual(
        recipients.map(({ code }) => code),
        [550, 451],
      );
      await smtp.quit();
      assert.deepEqual(site.daemon.takeDecisions(), ['tempfail greylist-new <user2@local.test>']);
    });
  });
}
