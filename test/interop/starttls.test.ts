import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SmtpClient } from '../support/smtp-client.js';
import { describeSites, type SharedSite } from './describe-sites.js';

const minute = 60_000;
const sender = 'sender@client.example';
const delayedHeader = /^X-Greylist: delayed 00:03:00 by greymilter at mx\.local\.test; /;

describeSites({ tls: true }, (shared) => {
  test('STARTTLS before a mail: it is put off, and delivered later with the header', async () => {
    const to = shared.mailbox();
    const first = await connectEncrypted(shared);
    const { recipients } = await first.offer({ sender, recipients: [to] });
    assert.deepEqual([recipients[0]?.code, recipients[0]?.enhanced], [451, '4.7.1']);
    await first.quit();

    shared.site.daemon.clock.advance(3 * minute);
    const retry = await connectEncrypted(shared);
    assert.equal((await retry.offer({ sender, recipients: [to] })).data?.code, 250);
    await retry.quit();
    const [header, ...more] = await shared.site.takeHeaders();
    assert.match(header ?? '', delayedHeader);
    assert.deepEqual(more, []);
    assert.deepEqual(shared.site.daemon.takeDecisions(), [
      `tempfail greylist-new <${to}>`,
      `accept greylist-passed <${to}>`,
    ]);
  });

  test('STARTTLS between two mails: the second is the retry of the first', async () => {
    const to = shared.mailbox();
    const smtp = await shared.site.connect();
    assert.equal((await smtp.offer({ sender, recipients: [to] })).recipients[0]?.code, 451);
    shared.site.daemon.clock.advance(3 * minute);
    await smtp.startTls();
    await smtp.ehlo('tls.client.example');
    assert.equal((await smtp.offer({ sender, recipients: [to] })).data?.code, 250);
    await smtp.quit();
    assert.equal((await shared.site.takeHeaders()).length, 1);
    assert.deepEqual(
      shared.site.daemon.decisions.map(({ attempt }) => attempt.helo),
      ['client.example', 'tls.client.example'],
    );
  });

  test('a second EHLO ends a mail that is under way, and nothing of it gets into the next', async () => {
    const [delayed, known] = [shared.mailbox('delayed'), shared.mailbox('known')];
    await shared.site.makeKnown({ sender, recipients: [known] });
    const smtp = await connectEncrypted(shared);
    await smtp.offer({ sender, recipients: [delayed] });
    shared.site.daemon.clock.advance(3 * minute);
    await smtp.mail(sender);
    assert.equal((await smtp.rcpt(delayed)).code, 250);
    await smtp.ehlo('other.client.example');
    assert.equal((await smtp.offer({ sender, recipients: [known] })).data?.code, 250);
    await smtp.quit();
    assert.deepEqual(await shared.site.takeHeaders(), []);
    const last = shared.site.daemon.decisions.at(-1);
    assert.equal(last?.attempt.helo, 'other.client.example');
  });

  // Sendmail refuses it there.
  if (shared.kind === 'postfix') {
    test('STARTTLS in the middle of a mail ends it; held recipients are forgotten', async () => {
      const [held, other] = [shared.mailbox('held'), shared.mailbox('other')];
      const smtp = await shared.site.connect();
      await smtp.mail('');
      assert.equal((await smtp.rcpt(held)).code, 250);
      await smtp.startTls();
      await smtp.ehlo();
      const bounce = await smtp.offer({ sender: '', recipients: [other] });
      assert.equal(bounce.data?.code, 451);
      await smtp.quit();
      assert.deepEqual(shared.site.daemon.takeDecisions(), [`tempfail greylist-new <${other}>`]);
    });
  }
});

async function connectEncrypted({ site }: SharedSite): Promise<SmtpClient> {
  const smtp = await site.connect();
  await smtp.startTls();
  const { text } = await smtp.ehlo();
  assert.doesNotMatch(text, /STARTTLS/, 'it is encrypted already');
  return smtp;
}
