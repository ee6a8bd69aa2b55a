import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { MailReplies } from '../support/smtp-client.js';
import { describeSites, type SharedSite } from './describe-sites.js';
import type { MailSite } from './mail-site.js';

const sender = 'sender@client.example';
/** Whatever comes from here Postfix does not put on hold, unless the filter says so. */
const unheld = 'unheld@client.example';

/** Nobody is greylisted; these rules are asked about messages. */
async function useRules({ site }: SharedSite, messageRules: string): Promise<void> {
  const text = `rules: [{then: accept}]\nmessage-rules:\n${messageRules}`;
  await site.daemon.reload({ text });
}

interface Letter {
  readonly subject: string;
  readonly from?: string;
  readonly to: readonly string[];
}

async function send({ site }: SharedSite, letter: Letter): Promise<MailReplies> {
  const smtp = await site.connect();
  const replies = await smtp.offer({
    sender: letter.from ?? sender,
    recipients: letter.to,
    message: `From: <${sender}>\nSubject: ${letter.subject}\n\nHello.\n`,
  });
  await smtp.quit();
  return replies;
}

/** What Sendmail holds in quarantine: the reason for each mail. */
async function sendmailQuarantine({ mta }: MailSite): Promise<readonly (string | undefined)[]> {
  const queue = join(mta.directory, 'queue');
  const names = (await readdir(queue)).filter((name) => name.startsWith('hf'));
  const files = await Promise.all(names.map((name) => readFile(join(queue, name), 'utf8')));
  return files.map((text) => /^q(.*)$/m.exec(text)?.[1]);
}

function testRefusals(shared: SharedSite): void {
  test('a header is refused after the message, with code and text; other mail is not', async () => {
    const { site, mailbox } = shared;
    const to = mailbox();
    await useRules(
      shared,
      `  - {name: pills, when: {header: {Subject: '/\\bpills\\b/i'}}, then: reject, code: 554, enhanced: 5.7.5, text: "No pills for {to}"}\n`,
    );
    const refused = await send(shared, { subject: 'cheap\n PILLS now', to: [to] });
    assert.equal(refused.recipients[0]?.code, 250);
    assert.equal(refused.data?.lines[0], `554 5.7.5 No pills for ${to}`);
    assert.deepEqual(await site.mta.queued(), []);
    assert.equal((await send(shared, { subject: 'spills', to: [to] })).data?.code, 250);
    assert.deepEqual((await site.takeMail()).recipients, [to]);
    assert.deepEqual(
      site.daemon.decisions.map(({ verdict, stage, rule }) => `${verdict} ${stage} ${rule ?? ''}`),
      ['accept rcpt rule 1', 'reject eom pills', 'accept rcpt rule 1'],
    );
  });

  test('tempfail and discard after the message, which ends for all of its recipients', async () => {
    const { site, mailbox } = shared;
    const to = [mailbox('a'), mailbox('b')];
    await useRules(
      shared,
      `  - {when: {header: {Subject: later}}, then: tempfail, text: "Later, please"}
  - {when: {header: {Subject: never}}, then: discard}
`,
    );
    const later = await send(shared, { subject: 'later', to });
    assert.equal(later.data?.lines[0], '451 4.7.1 Later, please');
    assert.equal((await send(shared, { subject: 'never', to })).data?.code, 250);
    assert.deepEqual(await site.mta.queued(), []);
    assert.equal((await send(shared, { subject: 'now', to })).data?.code, 250);
    assert.deepEqual([...(await site.takeMail()).recipients].sort(), [...to].sort());
  });

  test('by size: header and body count', async () => {
    const { site, mailbox } = shared;
    await useRules(shared, '  - {when: {size: {over: 1KiB}}, then: reject, text: "Too much"}\n');
    const small = await send(shared, { subject: 'small', to: [mailbox()] });
    assert.equal(small.data?.code, 250);
    const large = await send(shared, { subject: `large${'\n x'.repeat(500)}`, to: [mailbox()] });
    assert.match(large.data?.lines[0] ?? '', /^550 5\.7\.1 Too much$/);
    assert.equal((await site.takeMail()).headers.includes('Subject: small\n'), true);
  });
}

function testHeaders(shared: SharedSite): void {
  test('headers of rules and of message rules come with the mail, in their words', async () => {
    const { site, mailbox } = shared;
    const text = `rules:
  - {then: accept, headers: {X-Envelope: "seen, 100%"}}
message-rules:
  - {when: {header: {Subject: present}}, then: continue, headers: {X-Subject: "there is one"}}
  - {when: {header: {List-Id: missing}}, then: accept, headers: {X-List: "no"}}
`;
    await site.daemon.reload({ text });
    await send(shared, { subject: 'hello', to: [mailbox()] });
    const { headers } = await site.takeMail();
    assert.deepEqual(
      headers.split('\n').filter((line) => line.startsWith('X-')),
      ['X-Envelope: seen, 100%', 'X-Subject: there is one', 'X-List: no'],
    );
  });
}

function testQuarantine(shared: SharedSite): void {
  const rule = `  - {name: held, when: {header: {Subject: odd}}, then: quarantine, text: "Odd mail for {to}", headers: {X-Odd: "yes"}}\n`;

  test('quarantine: the client sees success, the mail waits for the postmaster', async () => {
    const { site, mailbox } = shared;
    const to = mailbox();
    await useRules(shared, rule);
    assert.equal((await send(shared, { subject: 'fine', from: unheld, to: [to] })).data?.code, 250);
    assert.equal((await send(shared, { subject: 'odd', from: unheld, to: [to] })).data?.code, 250);
    if (shared.kind === 'postfix') {
      // Only that one is on hold; the other is gone.
      const { headers, recipients } = await site.takeMail();
      assert.match(headers, /^Subject: odd\n(.*\n)*X-Odd: yes$/m);
      assert.deepEqual(recipients, [to]);
    } else {
      assert.deepEqual(await sendmailQuarantine(site), [`Odd mail for ${to}`]);
      assert.match((await site.takeMail()).headers, /^Subject: fine$/m);
    }
    assert.equal(site.daemon.takeDecisions().at(-1), `quarantine rule <${to}>`);
  });

  test('quarantine of what one of two discarded recipients would get is for the other', async () => {
    const { site, mailbox } = shared;
    const [dropped, kept] = [mailbox('dropped'), mailbox('kept')];
    const rules = `rules: [{when: {recipient: '${dropped}'}, then: discard}, {then: accept}]\n`;
    await site.daemon.reload({ text: `${rules}message-rules:\n${rule}` });
    const mail = { subject: 'odd', from: unheld, to: [dropped, kept] };
    assert.equal((await send(shared, mail)).data?.code, 250);
    if (shared.kind === 'postfix') {
      assert.deepEqual((await site.takeMail()).recipients, [kept]);
    } else {
      assert.deepEqual(await sendmailQuarantine(site), [`Odd mail for ${kept}`]);
      assert.deepEqual(await site.mta.queued(), []);
      await site.mta.flush();
    }
  });
}

const restrictions = `check_sender_access inline:{${unheld}=OK}, check_client_access static:HOLD`;

describeSites({ postfix: { extraMainCf: { smtpd_data_restrictions: restrictions } } }, (shared) => {
  testRefusals(shared);
  testHeaders(shared);
  testQuarantine(shared);
});
