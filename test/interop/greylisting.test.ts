import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { skipWithout, type MtaKind } from '../support/mta/availability.js';
import { startSite, type MailSite, type Transport } from './mail-site.js';

const minute = 60_000;
const sender = 'sender@client.example';
const delayedHeader =
  /^X-Greylist: delayed 00:05:00 by greymilter at mx\.local\.test; \w{3}, \d\d \w{3} 2030 [\d:]{8} \+0000$/;

const sites: readonly (readonly [MtaKind, Transport])[] = [
  ['postfix', 'unix'],
  ['postfix', 'tcp'],
  ['sendmail', 'unix'],
  ['sendmail', 'tcp'],
];

for (const [kind, transport] of sites) {
  describe(`${kind} over ${transport}`, { skip: skipWithout(kind) }, () => {
    let site: MailSite;
    let user = 0;
    const cleanUps: (() => Promise<void>)[] = [];

    before(async () => {
      site = await startSite({ after: (stop) => cleanUps.unshift(stop) }, { kind, transport });
    });
    after(async () => {
      for (const cleanUp of cleanUps) await cleanUp();
    });
    // Each test has recipients of its own, so that no triplet is met twice.
    beforeEach(() => {
      user = (user % 9) + 1;
      site.daemon.takeDecisions();
    });
    const recipient = (tag = ''): string => `user${user}+${kind}${tag}${String(user)}@local.test`;

    test('a new triplet waits, an early retry too, a later one is delivered with the header', async () => {
      const to = recipient();
      const smtp = await site.connect();
      const first = await smtp.offer({ sender, recipients: [to] });
      const [refusal] = first.recipients;
      assert.equal(refusal?.code, 451);
      assert.equal(refusal.enhanced, '4.7.1');
      assert.equal(refusal.text, 'Greylisted, please try again in 180 seconds');

      site.daemon.clock.advance(2 * minute);
      const early = await smtp.offer({ sender, recipients: [to] });
      assert.equal(early.recipients[0]?.text, 'Greylisted, please try again in 60 seconds');

      site.daemon.clock.advance(3 * minute);
      const retry = await smtp.offer({ sender, recipients: [to] });
      assert.equal(retry.recipients[0]?.code, 250);
      assert.equal(retry.data?.code, 250);
      await smtp.quit();
      const [header, ...more] = await site.takeHeaders();
      assert.match(header ?? '', delayedHeader);
      assert.deepEqual(more, []);
      assert.deepEqual(site.daemon.takeDecisions(), [
        `tempfail greylist-new <${to}>`,
        `tempfail greylist-early <${to}>`,
        `accept greylist-passed <${to}>`,
      ]);
    });

    test('the next mail of a passed triplet is not delayed, nor is that of a neighbour', async () => {
      const to = recipient();
      await offerUntilPassed(site, to);
      await site.mta.flush();
      for (const client of ['first', 'neighbour'] as const) {
        const smtp = await site.connect(client);
        const next = await smtp.offer({ sender, recipients: [to] });
        assert.equal(next.data?.code, 250);
        await smtp.quit();
        assert.deepEqual(await site.takeHeaders(), []);
      }
    });

    test('another network with the same sender and recipient waits', async () => {
      const to = recipient();
      await offerUntilPassed(site, to);
      await site.mta.flush();
      const smtp = await site.connect('second');
      const { recipients } = await smtp.offer({ sender, recipients: [to] });
      assert.equal(recipients[0]?.code, 451);
      await smtp.quit();
    });

    test('recipients of one mail are judged one by one', async () => {
      const known = recipient('known');
      await offerUntilPassed(site, known);
      await site.mta.flush();
      const smtp = await site.connect();
      const unknown = recipient('new');
      const mixed = await smtp.offer({ sender, recipients: [known, unknown, known] });
      assert.deepEqual(
        mixed.recipients.map(({ code }) => code),
        [250, 451, 250],
      );
      assert.equal(mixed.data?.code, 250);
      await smtp.quit();
      const { recipients } = await site.takeMail();
      assert.ok(recipients.every((address) => address === known));
    });

    test('the null sender is answered at DATA, and nothing of it leaks into the next mail', async () => {
      const to = recipient();
      const smtp = await site.connect();
      const bounce = await smtp.offer({ sender: '', recipients: [to] });
      assert.equal(bounce.recipients[0]?.code, 250);
      assert.equal(bounce.data?.code, 451);
      assert.equal(bounce.data.enhanced, '4.7.1');

      const mail = await smtp.offer({ sender, recipients: [to] });
      assert.equal(mail.recipients[0]?.code, 451);

      site.daemon.clock.advance(5 * minute);
      const again = await smtp.offer({ sender: '', recipients: [to] });
      assert.equal(again.data?.code, 250);
      await smtp.quit();
      const [header] = await site.takeHeaders();
      assert.match(header ?? '', delayedHeader);
    });

    test('two mails on one connection have a fate and a header each', async () => {
      const delayed = recipient('delayed');
      const known = recipient('known');
      await offerUntilPassed(site, known);
      await site.mta.flush();
      const smtp = await site.connect();
      await smtp.offer({ sender, recipients: [delayed] });
      site.daemon.clock.advance(5 * minute);
      assert.equal((await smtp.offer({ sender, recipients: [delayed] })).data?.code, 250);
      assert.equal((await site.takeHeaders()).length, 1);
      assert.equal((await smtp.offer({ sender, recipients: [known] })).data?.code, 250);
      assert.deepEqual(await site.takeHeaders(), []);
      await smtp.quit();
    });

    test('RSET ends a mail; what was put off keeps its clock', async () => {
      const to = recipient();
      const smtp = await site.connect();
      await smtp.mail(sender);
      assert.equal((await smtp.rcpt(to)).code, 451);
      await smtp.rset();
      site.daemon.clock.advance(5 * minute);
      await smtp.mail('other@client.example');
      assert.equal((await smtp.rcpt(to)).code, 451);
      await smtp.rset();
      await smtp.mail(sender);
      assert.equal((await smtp.rcpt(to)).code, 250);
      assert.equal((await smtp.data()).code, 250);
      await smtp.quit();
      await site.mta.flush();
    });

    test('an authenticated client never waits', async () => {
      const to = recipient();
      const smtp = await site.connect();
      assert.equal((await smtp.authPlain('alice', 'secret')).code, 235);
      assert.equal((await smtp.offer({ sender, recipients: [to] })).data?.code, 250);
      await smtp.quit();
      await site.mta.flush();
      assert.deepEqual(site.daemon.takeDecisions(), [`accept authenticated <${to}>`]);
    });

    test('a client that vanishes leaves nothing behind', async () => {
      const smtp = await site.connect();
      await smtp.mail(sender);
      await smtp.rcpt(recipient());
      smtp.drop();
      const other = await site.connect('second');
      assert.equal((await other.quit()).code, 221);
    });
  });
}

async function offerUntilPassed(site: MailSite, recipient: string): Promise<void> {
  const smtp = await site.connect();
  await smtp.offer({ sender, recipients: [recipient] });
  site.daemon.clock.advance(5 * minute);
  assert.equal((await smtp.offer({ sender, recipients: [recipient] })).data?.code, 250);
  await smtp.quit();
}
