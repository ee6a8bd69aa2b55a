import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { lastFirst } from '../support/clean-ups.js';
import { hasIpv6Loopback, skipWithout, type MtaKind } from '../support/mta/availability.js';
import { startPostfix } from '../support/mta/postfix.js';
import { connectSmtp, type SmtpClient } from '../support/smtp-client.js';
import { startSite, type MailSite, type SiteOptions } from './mail-site.js';

const minute = 60_000;
const sender = 'sender@client.example';
const recipient = 'user1@local.test';
const kinds: readonly MtaKind[] = ['postfix', 'sendmail'];

function site(t: TestContext, options: Omit<SiteOptions, 'transport'>): Promise<MailSite> {
  return startSite(lastFirst(t), { transport: 'unix', ...options });
}

/** Offers one mail to one recipient; the code of RCPT, or that of DATA if RCPT was accepted. */
async function offer(smtp: SmtpClient, from = sender): Promise<number | undefined> {
  const { recipients, data } = await smtp.offer({ sender: from, recipients: [recipient] });
  return recipients[0]?.code === 250 ? data?.code : recipients[0]?.code;
}

async function connectByIpv6(kind: MtaKind, { mta }: MailSite): Promise<SmtpClient> {
  const smtp = await connectSmtp({ host: '::1', port: mta.port });
  await smtp.ehlo();
  if (kind === 'postfix') {
    await smtp.xclient({ ADDR: 'IPV6:2001:db8::7', NAME: '[UNAVAILABLE]' });
    await smtp.ehlo();
  }
  return smtp;
}

for (const kind of kinds) {
  describe(kind, { skip: skipWithout(kind) }, () => {
    test(
      'an IPv6 client, in whichever spelling the MTA shows it, is one source',
      { skip: hasIpv6Loopback() ? false : 'this machine has no IPv6' },
      async (t) => {
        const place = await site(t, { kind });
        const smtp = await connectByIpv6(kind, place);
        assert.equal(await offer(smtp), 451);
        place.daemon.clock.advance(5 * minute);
        assert.equal(await offer(smtp), 250);
        await smtp.quit();
        const client = kind === 'postfix' ? '2001:db8::7' : '::1';
        assert.deepEqual(
          place.daemon.decisions.map(({ attempt }) => attempt.clientAddress?.text),
          [client, client],
        );
      },
    );

    test('with stage: data every mail is put off at DATA', async (t) => {
      const place = await site(t, { kind, overrides: ['greylist.stage=data'] });
      const smtp = await place.connect();
      const first = await smtp.offer({ sender, recipients: [recipient, 'user2@local.test'] });
      assert.deepEqual(
        first.recipients.map(({ code }) => code),
        [250, 250],
      );
      assert.equal(first.data?.code, 451);
      place.daemon.clock.advance(5 * minute);
      const retry = await smtp.offer({ sender, recipients: [recipient, 'user2@local.test'] });
      assert.equal(retry.data?.code, 250);
      await smtp.quit();
      assert.equal((await place.takeHeaders()).length, 1);
    });

    test('the reply has the code and the text that were set', async (t) => {
      const place = await site(t, {
        kind,
        overrides: [
          'greylist.reply={milter: {code: 450, enhanced: 4.2.0}, text: "100% {to} from {client}: wait {minutes} min"}',
        ],
      });
      const smtp = await place.connect();
      await smtp.mail('user%relay@client.example');
      const reply = await smtp.rcpt(recipient);
      assert.equal(reply.code, 450);
      assert.equal(reply.enhanced, '4.2.0');
      // Sendmail puts the recipient before the text of a 450.
      const text = `100% ${recipient} from ${place.addressOf('first')}: wait 3 min`;
      assert.ok(reply.text.endsWith(text), reply.text);
      await smtp.quit();
    });

    test('header: always marks mail that was not delayed, too', async (t) => {
      const place = await site(t, {
        kind,
        overrides: ['greylist.header=always', 'trusted=["0.0.0.0/0"]'],
      });
      const smtp = await place.connect();
      assert.equal(await offer(smtp), 250);
      await smtp.quit();
      const [header] = await place.takeHeaders();
      assert.match(header ?? '', /^X-Greylist: not delayed by greymilter at mx\.local\.test; /);
    });
  });
}

test(
  'postfix and sendmail at one filter: what the one has put off the other lets in',
  { skip: skipWithout('postfix') || skipWithout('sendmail') },
  async (t) => {
    const bySendmail = await site(t, { kind: 'sendmail' });
    const [milter = ''] = bySendmail.daemon.addresses;
    const postfix = await startPostfix({ milter });
    t.after(() => postfix.stop());
    const first = await connectSmtp(postfix);
    await first.ehlo();
    await first.xclient({ ADDR: bySendmail.addressOf('first'), NAME: '[UNAVAILABLE]' });
    await first.ehlo();
    assert.equal(await offer(first), 451);
    bySendmail.daemon.clock.advance(3 * minute);
    const retry = await bySendmail.connect('first');
    assert.equal(await offer(retry), 250);
    assert.equal((await bySendmail.takeHeaders()).length, 1);
    assert.equal(await offer(first), 250);
    await Promise.all([first.quit(), retry.quit()]);
    assert.deepEqual(
      bySendmail.daemon.decisions.map(({ reason }) => reason),
      ['greylist-new', 'greylist-passed', 'greylist-known'],
    );
  },
);

describe('postfix with each milter protocol', { skip: skipWithout('postfix') }, () => {
  for (const protocol of [2, 3, 4, 6] as const) {
    test(`milter_protocol = ${protocol}: the life of a triplet, and the null sender`, async (t) => {
      const place = await site(t, { kind: 'postfix', postfix: { protocol } });
      const smtp = await place.connect();
      assert.equal(await offer(smtp), 451);
      assert.equal(await offer(smtp, ''), 451);
      const [, bounce] = place.daemon.decisions;
      // Version 4 brought DATA; before, only the end of the message is left.
      assert.equal(bounce?.stage, protocol < 4 ? 'eom' : 'data');
      place.daemon.clock.advance(2 * minute);
      assert.equal(await offer(smtp), 451);
      place.daemon.clock.advance(1 * minute);
      assert.equal(await offer(smtp), 250);
      assert.equal((await place.takeHeaders()).length, 1);
      assert.equal(await offer(smtp, ''), 250);
      assert.equal((await place.takeHeaders()).length, 1);
      assert.equal(await offer(smtp), 250);
      assert.deepEqual(await place.takeHeaders(), []);
      await smtp.quit();
      assert.deepEqual(
        place.daemon.decisions.map(({ reason }) => reason.replace('greylist-', '')),
        ['new', 'new', 'early', 'passed', 'passed', 'known'],
      );
    });
  }
});

test(
  'a chrooted postfix reaches a socket below its queue directory, by its group alone',
  { skip: skipWithout('postfix') },
  async (t) => {
    const place = await site(t, {
      kind: 'postfix',
      overrides: ['listen.socket={mode: "0660", group: postfix}'],
      postfix: { chroot: true, milter: 'unix:/greymilter/milter.sock' },
    });
    const directory = join(place.mta.directory, 'queue/greymilter');
    mkdirSync(directory, { mode: 0o755 });
    await place.daemon.reload({ listen: [`unix:${join(directory, 'milter.sock')}`] });
    const smtp = await place.connect();
    assert.equal(await offer(smtp), 451);
    await smtp.quit();
  },
);

test(
  'sendmail: what its access map marks by {greylist} passes',
  { skip: skipWithout('sendmail') },
  async (t) => {
    const place = await site(t, {
      kind: 'sendmail',
      sendmail: { greylistMacro: { '127.0.2.7': 'WHITE' } },
    });
    const white = await place.connect('first');
    assert.equal(await offer(white), 250);
    await white.quit();
    const other = await place.connect('second');
    assert.equal(await offer(other), 451);
    await other.quit();
    assert.deepEqual(place.daemon.takeDecisions(), [
      `accept access-map <${recipient}>`,
      `tempfail greylist-new <${recipient}>`,
    ]);
  },
);
