import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startTestDaemon, type TestDaemon } from '../support/daemon-harness.js';
import { skipWithout } from '../support/mta/availability.js';
import { createSocketDirectory } from '../support/mta/places.js';
import { startPostfix, type PostfixInstance } from '../support/mta/postfix.js';
import { connectSmtp, type MailReplies, type OfferedMail } from '../support/smtp-client.js';
import { inPostfixSpelling } from './mail-site.js';

const DELAY_MS = 180_000;
const sender = 'sender@client.example';

/** One filter, and Postfix instances that reach it in their own ways. */
interface Sites {
  readonly daemon: TestDaemon;
  /** The service as a word of main.cf. */
  readonly service: string;
  readonly milter: string;
}

async function offer(postfix: PostfixInstance, mail: OfferedMail): Promise<MailReplies> {
  const smtp = await connectSmtp({ host: postfix.host, port: postfix.port });
  await smtp.ehlo();
  const NAME = 'first.example';
  await smtp.xclient({ ADDR: '203.0.113.7', NAME, REVERSE_NAME: NAME });
  await smtp.ehlo();
  const replies = await smtp.offer(mail);
  await smtp.quit();
  return replies;
}

function textsOf({ recipients }: MailReplies): readonly (string | undefined)[] {
  return recipients.map(({ lines }) => lines[0]);
}

async function takeHeaders(postfix: PostfixInstance): Promise<readonly string[]> {
  const mails = await postfix.queued();
  await postfix.flush();
  assert.equal(mails.length, 1);
  return (mails[0]?.headers ?? '').split('\n').filter((line) => /^x-greylist:/i.test(line));
}

async function startSites(
  cleanUp: { after(stop: () => Promise<void>): void },
  transport: 'unix' | 'inet',
): Promise<Sites> {
  const directory = createSocketDirectory({
    after: (remove) => cleanUp.after(() => Promise.resolve().then(remove)),
  });
  const policy = transport === 'unix' ? `unix:${join(directory, 'policy')}` : 'inet:0@127.0.0.1';
  const daemon = await startTestDaemon(cleanUp, {
    overrides: ['trusted=[]', 'listen.socket.mode="0666"', 'limits.drain=5s'],
    listen: [`unix:${join(directory, 'milter')}`],
    policy: [policy],
  });
  const [milter = '', service = ''] = daemon.addresses.map(inPostfixSpelling);
  return { daemon, milter, service };
}

for (const transport of ['unix', 'inet'] as const) {
  describe(`check_policy_service over ${transport}`, { skip: skipWithout('postfix') }, () => {
    const cleanUps: (() => Promise<void>)[] = [];
    const running: PostfixInstance[] = [];
    let sites: Sites;
    let mailbox = 0;
    const nextMailbox = (): string => `user1+${++mailbox}@local.test`;

    let plain: PostfixInstance;
    const start = async (options: Parameters<typeof startPostfix>[0]): Promise<PostfixInstance> => {
      const postfix = await startPostfix(options);
      running.push(postfix);
      return postfix;
    };
    const check = (more = ''): Record<string, string> => ({
      smtpd_recipient_restrictions: `reject_unauth_destination, check_policy_service ${sites.service}${more}`,
    });

    before(async () => {
      sites = await startSites({ after: (stop) => cleanUps.push(stop) }, transport);
      plain = await start({ milter: '', extraMainCf: check() });
    });

    after(async () => {
      await Promise.all(running.map((postfix) => postfix.stop()));
      for (const cleanUp of cleanUps.reverse()) await cleanUp();
    });

    test('puts off, and lets pass what comes back, with one header for two recipients', async () => {
      const { daemon } = sites;
      const postfix = plain;
      const recipients = [nextMailbox(), nextMailbox()];
      const [one, two] = recipients;
      assert.deepEqual(textsOf(await offer(postfix, { sender, recipients })), [
        `450 4.2.0 <${one}>: Recipient address rejected: Greylisted, please try again in 180 seconds`,
        `450 4.2.0 <${two}>: Recipient address rejected: Greylisted, please try again in 180 seconds`,
      ]);
      daemon.clock.advance(DELAY_MS);
      assert.equal((await offer(postfix, { sender, recipients })).data?.code, 250);
      const headers = await takeHeaders(postfix);
      assert.equal(headers.length, 1);
      assert.match(headers[0] ?? '', /^X-Greylist: delayed 00:03:00 by greymilter at /);
      assert.equal((await offer(postfix, { sender, recipients })).data?.code, 250);
      assert.deepEqual(await takeHeaders(postfix), []);
    });

    // All else is the same whatever the socket is.
    if (transport === 'inet') return;

    test('leaves a refusal for good to the restrictions behind it', async () => {
      const more = ', check_recipient_access inline:{user9@local.test=REJECT}';
      const postfix = await start({ milter: '', extraMainCf: check(more) });
      const replies = await offer(postfix, { sender, recipients: ['user9@local.test'] });
      assert.equal(replies.recipients[0]?.code, 554);
    });

    test('knows what came through the milter, and the milter what came through it', async () => {
      const { daemon, milter } = sites;
      const byPolicy = plain;
      const byMilter = await start({ milter });
      for (const [first, second] of [
        [byPolicy, byMilter],
        [byMilter, byPolicy],
      ] as const) {
        const recipients = [nextMailbox()];
        const refused = await offer(first, { sender, recipients });
        assert.match(textsOf(refused)[0] ?? '', /^45[01] .*Greylisted, please try again in 180/);
        daemon.clock.advance(DELAY_MS);
        assert.equal((await offer(second, { sender, recipients })).data?.code, 250);
        assert.equal((await takeHeaders(second)).length, 1);
        assert.equal((await offer(first, { sender, recipients })).data?.code, 250);
        assert.deepEqual(await takeHeaders(first), []);
      }
    });

    test('beside the milter mail waits once, and has one header', async () => {
      const { daemon, milter } = sites;
      const postfix = await start({ milter, extraMainCf: check() });
      const recipients = [nextMailbox()];
      const refused = await offer(postfix, { sender, recipients });
      assert.match(textsOf(refused)[0] ?? '', /^450 4\.2\.0 .* in 180 seconds$/);
      daemon.clock.advance(DELAY_MS);
      assert.equal((await offer(postfix, { sender, recipients })).data?.code, 250);
      assert.equal((await takeHeaders(postfix)).length, 1);
    });

    test('makes null senders wait at RCPT, or at DATA if it stands there as well', async () => {
      const { daemon, service } = sites;
      const waiting = await offer(plain, { sender: '', recipients: [nextMailbox()] });
      assert.equal(waiting.recipients[0]?.code, 450);
      const twice = `check_policy_service { ${service}, policy_context=also-at-data, default_action=DUNNO }`;
      const atData = await start({
        milter: '',
        extraMainCf: {
          smtpd_recipient_restrictions: `reject_unauth_destination, ${twice}`,
          smtpd_data_restrictions: `${twice}, check_client_access static:HOLD`,
        },
      });
      const recipients = [nextMailbox(), nextMailbox()];
      const first = await offer(atData, { sender: '', recipients });
      assert.deepEqual(
        first.recipients.map(({ code }) => code),
        [250, 250],
      );
      assert.match(first.data?.lines[0] ?? '', /^450 4\.2\.0 .*please try again in 180 seconds$/);
      daemon.clock.advance(DELAY_MS);
      assert.equal((await offer(atData, { sender: '', recipients })).data?.code, 250);
      assert.equal((await takeHeaders(atData)).length, 1);
    });

    test('lets mail pass while the filter is down, if main.cf says so', async () => {
      const postfix = await start({
        milter: '',
        extraMainCf: {
          smtpd_recipient_restrictions:
            'reject_unauth_destination, check_policy_service { inet:127.0.0.1:1, default_action=DUNNO }',
        },
      });
      const mail = { sender, recipients: [nextMailbox()] };
      assert.equal((await offer(postfix, mail)).data?.code, 250);
    });
  });
}
