import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { OfferedMail, SmtpReply } from '../support/smtp-client.js';
import { describeSites, type SharedSite } from './describe-sites.js';
import type { ClientName } from './mail-site.js';

const minute = 60_000;
const sender = 'sender@client.example';

/** The same addresses in other words: no domain, other case, quoted, with a route, with an extension. */
const spellings = [
  'Postmaster',
  'USER1@LOCAL.TEST',
  '"user2"@local.test',
  '@relay.example:user3@local.test',
  'user4+a=b@local.test',
];

/** Has the filter ask these rules from now on. */
async function useRules({ site }: SharedSite, rules: string): Promise<void> {
  await site.daemon.reload({ text: `rules:\n${rules}` });
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

function testExceptions(shared: SharedSite): void {
  test('by the client: its address, and nobody else', async () => {
    const { site, mailbox } = shared;
    const [to, name] = [mailbox(), 'our friends'];
    const friend = site.addressOf('first');
    await useRules(shared, `  - {name: ${name}, when: {client: ${friend}}, then: accept}\n`);
    const passed = await offer(shared, { sender, recipients: [to] });
    assert.equal(passed.data?.code, 250);
    assert.deepEqual(await site.takeHeaders(), []);
    const other = await offer(shared, { sender, recipients: [to] }, 'second');
    assert.deepEqual(codes(other.recipients), [451]);
    assert.deepEqual(
      site.daemon.decisions.map(({ reason, rule }) => [reason, rule]),
      [
        ['rule', name],
        ['greylist-new', undefined],
      ],
    );
  });

  test('by the sender, but not for a client that is listed under unless', async () => {
    const { site, mailbox } = shared;
    const to = mailbox();
    await useRules(
      shared,
      `  - when: {sender: '@friend.example'}\n` +
        `    unless: {client: '${site.addressOf('second')}/32'}\n    then: accept\n`,
    );
    const mail = { sender: 'Jo@Friend.example', recipients: [to] };
    assert.equal((await offer(shared, mail)).data?.code, 250);
    await site.mta.flush();
    assert.deepEqual(codes((await offer(shared, mail, 'second')).recipients), [451]);
    const foe = { sender: 'jo@foe.example', recipients: [to] };
    assert.deepEqual(codes((await offer(shared, foe)).recipients), [451]);
  });

  test('recipient by recipient in one mail, each with its own reply', async () => {
    const { site, mailbox } = shared;
    const [gone, full, usual] = [mailbox('gone'), mailbox('full'), mailbox('usual')];
    const open = 'postmaster@local.test';
    await useRules(
      shared,
      `  - {when: {recipient: 'postmaster@'}, then: accept}
  - when: {recipient: '${gone}'}
    then: reject
    code: 554
    enhanced: 5.7.27
    text: "No mail for {to} from {client}"
  - {when: {recipient: '${full}'}, then: tempfail, code: 452, enhanced: 4.2.2, text: "Full, 100% full"}
`,
    );
    const { recipients, data } = await offer(shared, {
      sender,
      recipients: [gone, open, full, usual],
    });
    assert.deepEqual([...codes(recipients), data?.code], [554, 250, 452, 451, 250]);
    const refusals = recipients.filter(({ code }) => code !== 250);
    assert.deepEqual(
      refusals.map(({ lines }) => lines.join('\n')),
      [
        `554 5.7.27 No mail for ${gone} from ${site.addressOf('first')}`,
        '452 4.2.2 Full, 100% full',
        '451 4.7.1 Greylisted, please try again in 180 seconds',
      ],
    );
    const mail = await site.takeMail();
    assert.deepEqual(mail.recipients, [open]);
    assert.deepEqual(site.daemon.takeDecisions(), [
      `reject rule <${gone}>`,
      `accept rule <${open}>`,
      `tempfail rule <${full}>`,
      `tempfail greylist-new <${usual}>`,
    ]);
  });

  test('the usual words of a rejection, and of a rule that says later', async () => {
    const { mailbox } = shared;
    const [no, later] = [mailbox('no'), mailbox('later')];
    await useRules(
      shared,
      `  - {when: {recipient: '${no}'}, then: reject}\n  - {then: tempfail}\n`,
    );
    const { recipients } = await offer(shared, { sender, recipients: [no, later] });
    // Sendmail puts the recipient before the text of a 550.
    assert.match(recipients[0]?.lines[0] ?? '', /^550 5\.7\.1 (<\S+>\.\.\. )?Mail refused$/);
    assert.equal(recipients[1]?.lines[0], '451 4.7.1 Please try again later');
  });
}

function testSettings(shared: SharedSite): void {
  test('a longer delay and words of its own; continue adds settings to a later rule', async () => {
    const { site, mailbox } = shared;
    const to = mailbox();
    await useRules(
      shared,
      `  - {when: {sender: '@client.example'}, then: continue, delay: 30m}
  - {when: {recipient: '${to}'}, then: greylist, text: "Back in {minutes} minutes", headers: {X-Slow: "yes, it was"}}
`,
    );
    const first = await offer(shared, { sender, recipients: [to] });
    assert.equal(first.recipients[0]?.lines[0], '451 4.7.1 Back in 30 minutes');
    site.daemon.clock.advance(29 * minute);
    const early = await offer(shared, { sender, recipients: [to] });
    assert.equal(early.recipients[0]?.lines[0], '451 4.7.1 Back in 1 minutes');
    site.daemon.clock.advance(minute);
    assert.equal((await offer(shared, { sender, recipients: [to] })).data?.code, 250);
    const { headers } = await site.takeMail();
    assert.match(headers, /^X-Greylist: delayed 00:30:00 by greymilter at mx\.local\.test; /m);
    assert.match(headers, /^X-Slow: yes, it was$/m);
  });

  test('stage: data of a rule puts its mail off at DATA', async () => {
    const { mailbox } = shared;
    const [late, usual] = [mailbox('late'), mailbox('usual')];
    await useRules(
      shared,
      `  - {when: {recipient: '${late}'}, then: greylist, stage: data, delay: 7m, text: "In {minutes}"}\n`,
    );
    const { recipients, data } = await offer(shared, { sender, recipients: [usual, late] });
    assert.deepEqual(codes(recipients), [451, 250]);
    assert.equal(data?.lines[0], '451 4.7.1 In 7');
  });

  test('mode: shadow refuses nobody, and the decision says what would have been said', async () => {
    const { site, mailbox } = shared;
    await useRules(shared, `  - {name: trial, then: reject, mode: shadow}\n`);
    const told = await offer(shared, { sender, recipients: [mailbox()] });
    assert.equal(told.data?.code, 250);
    assert.deepEqual(
      site.daemon.decisions.map(({ verdict, would, rule }) => [verdict, would, rule]),
      [['accept', 'reject', 'trial']],
    );
    await site.mta.flush();
  });
}

function testDiscard(shared: SharedSite): void {
  const discarding = (to: string): string => `  - {when: {recipient: '${to}'}, then: discard}\n`;

  test('one of two recipients: the other gets the mail', async () => {
    const { site, mailbox } = shared;
    const [dropped, kept] = [mailbox('dropped'), mailbox('kept')];
    await useRules(
      shared,
      `${discarding(dropped)}  - {then: accept, headers: {X-Rule: "accepted"}}\n`,
    );
    const { recipients, data } = await offer(shared, { sender, recipients: [dropped, kept] });
    assert.deepEqual([...codes(recipients), data?.code], [250, 250, 250]);
    const mail = await site.takeMail();
    assert.deepEqual(mail.recipients, [kept]);
    assert.match(mail.headers, /^X-Rule: accepted$/m);
    assert.deepEqual(site.daemon.takeDecisions(), [
      `discard rule <${dropped}>`,
      `accept rule <${kept}>`,
    ]);
  });

  test('however the client writes them, those that are discarded do not get it', async () => {
    const { site, mailbox } = shared;
    const kept = mailbox('kept');
    await useRules(
      shared,
      `  - {when: {recipient: '${kept}'}, then: accept}\n  - {then: discard}\n`,
    );
    const { recipients, data } = await offer(shared, { sender, recipients: [...spellings, kept] });
    assert.ok(codes([...recipients, ...(data ? [data] : [])]).every((code) => code === 250));
    assert.deepEqual((await site.takeMail()).recipients, [kept]);
  });

  test('one of two, while the other must wait: nobody gets it yet', async () => {
    const { site, mailbox } = shared;
    const [dropped, waiting] = [mailbox('dropped'), mailbox('waiting')];
    await useRules(shared, discarding(dropped));
    const mail = { sender, recipients: [waiting, dropped] };
    const first = await offer(shared, mail);
    assert.deepEqual([...codes(first.recipients), first.data?.code], [451, 250, 250]);
    assert.deepEqual(await site.mta.queued(), []);
    site.daemon.clock.advance(3 * minute);
    const retry = await offer(shared, mail);
    assert.deepEqual([...codes(retry.recipients), retry.data?.code], [250, 250, 250]);
    assert.deepEqual((await site.takeMail()).recipients, [waiting]);
  });

  test('the only one: the mail is taken, and nobody gets it', async () => {
    const { site, mailbox } = shared;
    const dropped = mailbox();
    await useRules(shared, discarding(dropped));
    const smtp = await site.connect();
    for (const message of [undefined, 'Subject: again\n\nHello.\n']) {
      const mail = { sender, recipients: [dropped], ...(message !== undefined && { message }) };
      const { recipients, data } = await smtp.offer(mail);
      assert.deepEqual([...codes(recipients), data?.code], [250, 250]);
    }
    assert.deepEqual(await site.mta.queued(), []);
    // Nothing of it sticks to the next mail of the session.
    const next = await smtp.offer({ sender, recipients: [shared.mailbox('next')] });
    assert.deepEqual(codes(next.recipients), [451]);
    await smtp.quit();
  });
}

describeSites({}, (shared) => {
  describe('exceptions', () => {
    testExceptions(shared);
  });
  describe('settings', () => {
    testSettings(shared);
  });
  describe('discard', () => {
    testDiscard(shared);
  });
});
