import assert from 'node:assert/strict';
import { after, beforeEach, describe, test } from 'node:test';
import type { MtaKind } from '../support/mta/availability.js';
import type { SmtpClient } from '../support/smtp-client.js';
import { describeSites, type SharedSite } from './describe-sites.js';
import { WireTap, type Conversation } from './wire-tap.js';

const sender = 'sender@client.example';
const kinds: readonly MtaKind[] = ['postfix', 'sendmail'];
const ownWords = '550 5.7.9 Not you, 100%';

/** What a client is told that a rule refuses before RCPT. */
interface Told {
  readonly greeting: number;
  readonly ehlo: number;
  readonly mail: string;
  readonly rcpt: string;
}

const firstLine = ({ lines }: { readonly lines: readonly string[] }): string => lines[0] ?? '';

async function listen(shared: SharedSite): Promise<Told> {
  const smtp = await shared.site.connect();
  const ehlo = await smtp.ehlo();
  const mail = await smtp.mail(sender);
  const rcpt = await smtp.rcpt(shared.mailbox());
  const told = {
    greeting: smtp.greeting.code,
    ehlo: ehlo.code,
    mail: firstLine(mail),
    rcpt: firstLine(rcpt),
  };
  await leave(smtp);
  return told;
}

/** A client that was refused at once may find the connection closed already. */
async function leave(smtp: SmtpClient): Promise<void> {
  await smtp.quit().catch(() => undefined);
}

function testStages(shared: SharedSite): void {
  const isPostfix = shared.kind === 'postfix';
  const use = async (rule: string): Promise<void> => {
    const client = shared.site.addressOf('first');
    await shared.site.daemon.reload({
      text: `rules: [{name: early, when: {client: ${client}}, ${rule}}]\n`,
    });
  };
  const reject = 'then: reject, enhanced: 5.7.9, text: "Not you, 100%"';
  const decidedAt = (): readonly string[] =>
    shared.site.daemon.decisions.map(({ verdict, stage, rule }) =>
      [verdict, stage, rule].join(' '),
    );

  test('reject at CONNECT: the greeting is a 554, and what follows is refused', async () => {
    await use(`${reject}, stage: connect`);
    const { greeting, mail } = await listen(shared);
    assert.equal(greeting, 554);
    // Sendmail has words of its own.
    assert.equal(mail, isPostfix ? ownWords : '550 5.0.0 Command rejected');
    assert.deepEqual(decidedAt(), ['reject connect early']);
  });

  test('tempfail at CONNECT: the greeting is a 220, and MAIL is put off', async () => {
    await use('then: tempfail, text: "Not now", stage: connect');
    const { greeting, mail } = await listen(shared);
    assert.equal(greeting, 220);
    assert.equal(mail, isPostfix ? '451 4.7.1 Not now' : '451 4.3.2 Please try again later');
    assert.deepEqual(decidedAt(), ['tempfail connect early']);
  });

  test('reject at HELO: EHLO is answered, and MAIL is refused', async () => {
    await use(`${reject}, stage: helo`);
    const { greeting, ehlo, mail } = await listen(shared);
    assert.deepEqual([greeting, ehlo, mail], [220, 250, ownWords]);
    assert.ok(decidedAt().every((decision) => decision === 'reject helo early'));
  });

  test('reject at MAIL: that MAIL is refused, with its own words', async () => {
    await use(`${reject}, stage: mail`);
    const { greeting, ehlo, mail } = await listen(shared);
    assert.deepEqual([greeting, ehlo], [220, 250]);
    // Sendmail puts the sender before the text of a 550.
    assert.match(mail, /^550 5\.7\.9 (<sender@client\.example>\.\.\. )?Not you, 100%$/);
    assert.deepEqual(decidedAt(), ['reject mail early']);
  });

  test('a client that the rule does not mean is not touched by it', async () => {
    await use(`${reject}, stage: connect`);
    const smtp = await shared.site.connect('second');
    const { recipients } = await smtp.offer({ sender, recipients: [shared.mailbox()] });
    assert.equal(recipients[0]?.code, 451);
    await smtp.quit();
  });

  test('the same rule without a stage answers at RCPT', async () => {
    await use(reject);
    const { greeting, ehlo, mail, rcpt } = await listen(shared);
    assert.deepEqual([greeting, ehlo, mail.slice(0, 3)], [220, 250, '250']);
    assert.match(rcpt, /^550 5\.7\.9 (<\S+>\.\.\. )?Not you, 100%$/);
  });
}

function testNegotiation(shared: SharedSite, tap: WireTap): void {
  /** What MTA and filter say to each other over a mail that passes. */
  const overhear = async (settings: string): Promise<Conversation> => {
    const { site, mailbox } = shared;
    await site.daemon.reload({ text: `${settings}\n` });
    const smtp = await site.connect();
    const told = await smtp.offer({ sender, recipients: [mailbox(), mailbox()] });
    assert.equal(told.data?.code, 250);
    await smtp.quit();
    await site.untilNobodyIsConnected();
    await site.mta.flush();
    const conversation = tap.take().at(-1);
    assert.ok(conversation);
    return conversation;
  };
  const accept = 'rules: [{then: accept}]';
  const noProbes = 'greylist: {probe-senders: {match: []}}';

  test('without rules for it there are no header and body events, and nobody waits for us before RCPT', async () => {
    const { asked, answered } = await overhear(`${noProbes}\n${accept}`);
    assert.match(asked, /^OCHMRRE[AQ]*$/);
    assert.equal(answered, 'Occc');
  });

  test('a DATA event only for probe-senders, or a rule that answers there', async () => {
    const byProbes = await overhear(accept);
    assert.match(byProbes.asked, /^OCHMRRTE[AQ]*$/);
    const byRule = await overhear(
      `${noProbes}\nrules: [{when: {sender: a@b.example}, then: greylist, stage: data}, {then: accept}]`,
    );
    assert.match(byRule.asked, /^OCHMRRTE[AQ]*$/);
  });

  test('a rule on a header brings header events, and no body; one on the size brings both', async () => {
    const messageRule = (when: string): string =>
      `${accept}\nmessage-rules: [{when: ${when}, then: reject}]`;
    const byHeader = await overhear(messageRule('{header: {X-No: such}}'));
    assert.match(byHeader.asked, /^OCHMRRTL{3,}E[AQ]*$/);
    const bySize = await overhear(messageRule('{size: {over: 1GiB}}'));
    assert.match(bySize.asked, /^OCHMRRTL{3,}B+E[AQ]*$/);
    // Nobody waits for an answer to them.
    for (const { answered } of [byHeader, bySize]) assert.equal(answered, 'Occcc');
  });

  test('the MTA waits at CONNECT, HELO or MAIL for a rule that answers there', async () => {
    const { answered: withoutRules } = await overhear(`${noProbes}\n${accept}`);
    for (const stage of ['connect', 'helo', 'mail']) {
      const { answered } = await overhear(
        `${noProbes}\nrules: [{when: {client: 192.0.2.1}, then: reject, stage: ${stage}}, {then: accept}]`,
      );
      assert.equal(answered, `${withoutRules}c`, stage);
    }
  });
}

for (const kind of kinds) {
  const tap = new WireTap();
  describeSites({ kinds: [kind], arrange: (ours) => [tap.open(ours)] }, (shared) => {
    after(() => tap.close());
    beforeEach(() => {
      tap.take();
    });
    describe('a rule that answers before RCPT', () => {
      testStages(shared);
    });
    describe('negotiation follows the rules', () => {
      testNegotiation(shared, tap);
    });
  });
}
