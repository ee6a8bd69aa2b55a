import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { OfferedMail, SmtpReply } from '../support/smtp-client.js';
import { describeSites, type SharedSite } from './describe-sites.js';
import type { ClientName } from './mail-site.js';

const sender = 'sender@client.example';
const wait = /^451[ -]4\.7\.1 Greylisting in action, please come back in 00:0[23]:\d\d$/;

/** Has the filter read this file of milter-greylist's from now on. */
async function useFile({ site }: SharedSite, text: string): Promise<void> {
  await site.daemon.reload({ file: 'greylist.conf', text: `nospf\ngreylist 3m\n${text}` });
}

/** One mail in a session of its own. */
async function offer({ site }: SharedSite, mail: OfferedMail, client?: ClientName) {
  const smtp = await site.connect(client);
  const replies = await smtp.offer(mail);
  await smtp.quit();
  return replies;
}

function codes(replies: readonly SmtpReply[]): readonly number[] {
  return replies.map(({ code }) => code);
}

/** Sendmail puts the recipient before our words. */
function textOf(reply: SmtpReply | undefined): string {
  return reply?.lines.join(' ').replace(/<\S*>\.\.\. /, '') ?? 'nothing';
}

function testFiles(shared: SharedSite): void {
  test('a first attempt is put off in its words, a retry passes, with its header', async () => {
    const { site, mailbox } = shared;
    await useFile(shared, 'racl "all" greylist default\n');
    const mail = { sender, recipients: [mailbox()] };
    assert.match(textOf((await offer(shared, mail)).recipients[0]), wait);
    site.daemon.clock.advance(180_000);
    assert.equal((await offer(shared, mail)).data?.code, 250);
    const [header = ''] = await site.takeHeaders();
    assert.match(header, /^X-Greylist: Delayed for 00:03:00 by milter-greylist-4\.6\.4 \(/);
  });

  test('lists of every kind let pass, and others wait', async () => {
    const { site, mailbox } = shared;
    const [friend, other] = [mailbox('friend'), mailbox('other')];
    const names = site.addressOf('first').startsWith('127.')
      ? '/^\\[/ /^localhost/'
      : 'first.example';
    const lists = [
      ['addr', `{ ${site.addressOf('first')} 192.0.2.0/24 }`],
      ['domain', `{ ${names} }`],
      ['from', `{ ${sender} /^<x/ }`],
      ['rcpt', `{ ${friend} }`],
      ['helo', '{ /./ }'],
    ] as const;
    for (const [type, items] of lists) {
      await useFile(shared, `list "l" ${type} ${items}\nracl "l" whitelist list "l"\n`);
      const { data } = await offer(shared, { sender, recipients: [friend] });
      assert.equal(data?.code, 250, type);
      await site.mta.flush();
    }
    await useFile(shared, `list "l" rcpt { ${friend} }\nracl "l" whitelist list "l"\n`);
    const both = await offer(shared, { sender, recipients: [friend, other] });
    assert.deepEqual([codes(both.recipients), both.data?.code], [[250, 451], 250]);
    assert.deepEqual((await site.takeMail()).recipients, [friend]);
  });

  test('who is blacklisted is told the text, or that it should go away', async () => {
    const { mailbox } = shared;
    const [one, two] = [mailbox(), mailbox()];
    await useFile(
      shared,
      `racl blacklist rcpt ${one} code "550" ecode "5.7.2" msg "No %r, %i"\nracl blacklist default\n`,
    );
    const told = await offer(shared, { sender, recipients: [one, two] });
    const client = shared.site.addressOf('first');
    assert.deepEqual(told.recipients.map(textOf), [
      `550 5.7.2 No ${one}, ${client}`,
      '551 5.7.1 Go away!',
    ]);
  });

  test('a message is refused by a dacl for its header', async () => {
    const { mailbox } = shared;
    await useFile(
      shared,
      'racl whitelist default\ndacl blacklist header /^subject: *test/ msg "No tests%r"\n',
    );
    const { data } = await offer(shared, { sender, recipients: [mailbox()] });
    assert.equal(textOf(data), '551 5.7.1 No tests');
  });

  test('delayedreject puts the null sender off behind RCPT, and the next mail is judged anew', async () => {
    const { site, mailbox } = shared;
    const [to, friend] = [mailbox(), mailbox('friend')];
    await useFile(shared, `delayedreject\nracl whitelist rcpt ${friend}\nracl greylist default\n`);
    const smtp = await site.connect();
    const bounce = await smtp.offer({ sender: '', recipients: [to] });
    assert.deepEqual([codes(bounce.recipients), bounce.data?.code], [[250], 451]);
    const next = await smtp.offer({ sender, recipients: [friend] });
    assert.deepEqual([codes(next.recipients), next.data?.code], [[250], 250]);
    await smtp.quit();
    await site.mta.flush();
  });
}

describeSites({}, testFiles);

/** What milter-greylist tells to write into sendmail.mc, macros included. */
describe('with the lines of its documentation', () => {
  const macros = {
    CONNECT: 'j, {if_addr}',
    HELO: '{verify}, {cert_subject}',
    ENVFROM: 'i, {auth_authen}',
    ENVRCPT: '{greylist}',
  };
  const extraMc = Object.entries(macros).map(
    ([stage, symbols]) => `define(\`confMILTER_MACROS_${stage}', \`${symbols}')dnl`,
  );
  describeSites(
    { kinds: ['sendmail'], sendmail: { equates: 'F=, T=S:1m;R:1m', extraMc } },
    testFiles,
  );
});
