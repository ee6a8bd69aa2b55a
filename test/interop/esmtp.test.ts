import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { textFormat } from '../../src/telemetry/text-format.js';
import { plainMessage, type SmtpClient } from '../support/smtp-client.js';
import { stuffDots } from '../support/smtp-text.js';
import { describeSites, type SharedSite } from './describe-sites.js';

const minute = 60_000;
const sender = 'sender@client.example';

/** Sends these lines in one write and returns the code of each reply. */
async function pipeline(smtp: SmtpClient, lines: readonly string[]): Promise<readonly number[]> {
  smtp.send(lines.map((line) => `${line}\r\n`).join(''));
  const codes: number[] = [];
  for (const line of lines) codes.push((await smtp.reply(line)).code);
  return codes;
}

function envelope(from: string, ...recipients: readonly string[]): readonly string[] {
  return [`MAIL FROM:<${from}>`, ...recipients.map((to) => `RCPT TO:<${to}>`), 'DATA'];
}

function testPipelining(shared: SharedSite): void {
  test('recipients that are sent in one write have fates of their own', async () => {
    const { site, mailbox } = shared;
    const [known, unknown] = [mailbox('known'), mailbox('new')];
    await site.makeKnown({ sender, recipients: [known] });
    const smtp = await site.connect();
    const codes = await pipeline(smtp, envelope(sender, unknown, known, mailbox('new'), known));
    assert.deepEqual(codes, [250, 451, 250, 451, 250, 354]);
    smtp.send(stuffDots(plainMessage));
    assert.equal((await smtp.reply()).code, 250);
    await smtp.quit();
    const { recipients, headers } = await site.takeMail();
    assert.ok(recipients.every((address) => address === known));
    assert.doesNotMatch(headers, /X-Greylist/i);
  });

  test('DATA that follows refused recipients in the same write is refused by the MTA', async () => {
    const { site, mailbox } = shared;
    const to = mailbox();
    const smtp = await site.connect();
    const [mail, rcpt, data = 0] = await pipeline(smtp, envelope(sender, to));
    assert.deepEqual([mail, rcpt], [250, 451]);
    assert.ok(data >= 500, String(data));
    site.daemon.clock.advance(3 * minute);
    assert.deepEqual(await pipeline(smtp, ['RSET', ...envelope(sender, to)]), [250, 250, 250, 354]);
    smtp.send(stuffDots(plainMessage));
    assert.equal((await smtp.reply()).code, 250);
    await smtp.quit();
    assert.equal((await site.takeHeaders()).length, 1);
  });

  test('the end of a mail and the envelope of the next in one write', async () => {
    const { site, mailbox } = shared;
    const [known, next] = [mailbox('known'), mailbox('new')];
    await site.makeKnown({ sender, recipients: [known] });
    const smtp = await site.connect();
    assert.deepEqual(await pipeline(smtp, envelope(sender, known)), [250, 250, 354]);
    smtp.send(stuffDots(plainMessage) + `MAIL FROM:<>\r\nRCPT TO:<${next}>\r\nDATA\r\n`);
    const codes: number[] = [];
    for (const step of ['message', 'MAIL', 'RCPT', 'DATA']) {
      codes.push((await smtp.reply(step)).code);
    }
    assert.deepEqual(codes, [250, 250, 250, 451]);
    await smtp.quit();
    await site.mta.flush();
    assert.deepEqual(site.daemon.takeDecisions(), [
      `accept greylist-known <${known}>`,
      `tempfail greylist-new <${next}>`,
    ]);
  });
}

function testArguments(shared: SharedSite): void {
  test('ESMTP arguments are no part of the triplet', async () => {
    const { site, mailbox } = shared;
    const to = mailbox();
    const size = 'SIZE=2000 BODY=8BITMIME RET=HDRS ENVID=a+3Db';
    const notify = `NOTIFY=SUCCESS,DELAY ORCPT=rfc822;${to.replace('+', '+2B')}`;
    const smtp = await site.connect();
    const attempt = async (mail: string, rcpt: string): Promise<number> => {
      await smtp.mail(sender, mail);
      const { code } = await smtp.rcpt(to, rcpt);
      if (code === 250) assert.equal((await smtp.data()).code, 250);
      else await smtp.rset();
      return code;
    };
    assert.equal(await attempt(size, notify), 451);
    site.daemon.clock.advance(2 * minute);
    assert.equal(await attempt('', ''), 451);
    site.daemon.clock.advance(1 * minute);
    assert.equal(await attempt('BODY=7BIT', 'NOTIFY=NEVER'), 250);
    assert.equal(await attempt(size, ''), 250);
    await smtp.quit();
    await site.mta.flush();
    const { decisions } = site.daemon;
    assert.deepEqual(
      decisions.map(({ reason }) => reason),
      ['greylist-new', 'greylist-early', 'greylist-passed', 'greylist-known'],
    );
    for (const { attempt: shown } of decisions) {
      assert.deepEqual([shown.sender.text, shown.recipient.text], [sender, to]);
    }
  });
}

function testChunking(shared: SharedSite): void {
  test('BDAT: a message that comes in chunks gets its header, and the null sender waits', async () => {
    const { site, mailbox } = shared;
    const to = mailbox();
    const chunk = plainMessage.replaceAll('\n', '\r\n');
    const smtp = await site.connect();
    assert.equal((await smtp.offer({ sender, recipients: [to] })).recipients[0]?.code, 451);
    assert.deepEqual(await offerInChunks(smtp, { sender: '', to }, [chunk]), [451]);
    site.daemon.clock.advance(3 * minute);
    assert.deepEqual(await offerInChunks(smtp, { sender, to }, [chunk, 'More.\r\n']), [250, 250]);
    assert.equal((await site.takeHeaders()).length, 1);
    assert.deepEqual(await offerInChunks(smtp, { sender: '', to }, [chunk]), [250]);
    assert.equal((await site.takeHeaders()).length, 1);
    await smtp.quit();
    assert.deepEqual(
      site.daemon.decisions.map(({ stage, reason }) => `${stage} ${reason}`),
      ['rcpt greylist-new', 'data greylist-new', 'rcpt greylist-passed', 'data greylist-passed'],
    );
  });
}

async function offerInChunks(
  smtp: SmtpClient,
  envelope: { readonly sender: string; readonly to: string },
  chunks: readonly string[],
): Promise<readonly number[]> {
  await smtp.mail(envelope.sender);
  assert.equal((await smtp.rcpt(envelope.to)).code, 250);
  const codes: number[] = [];
  for (const [index, chunk] of chunks.entries()) {
    const isLast = index === chunks.length - 1;
    smtp.send(`BDAT ${Buffer.byteLength(chunk)}${isLast ? ' LAST' : ''}\r\n${chunk}`);
    codes.push((await smtp.reply('BDAT')).code);
  }
  await smtp.rset();
  return codes;
}

function testPercent(shared: SharedSite): void {
  test('a % in addresses and text arrives as it was meant, and as a 451', async () => {
    const { site, mailbox } = shared;
    const to = mailbox('a%20%s');
    const from = 'user%domain%%d@relay.example';
    const smtp = await site.connect();
    await smtp.mail(from);
    const reply = await smtp.rcpt(to);
    assert.deepEqual([reply.code, reply.enhanced], [451, '4.7.1']);
    assert.equal(reply.text, `100% %s %% %n: ${to} from ${from}, wait 180`);
    await smtp.rset();
    await smtp.mail(from);
    site.daemon.clock.advance(3 * minute);
    assert.equal((await smtp.rcpt(to)).code, 250);
    await smtp.quit();
  });

  test('a % in the text of an answer at DATA, too', async () => {
    const { site, mailbox } = shared;
    const to = mailbox('%');
    const smtp = await site.connect();
    const { data } = await smtp.offer({ sender: '', recipients: [to] });
    assert.deepEqual([data?.code, data?.enhanced], [451, '4.7.1']);
    assert.equal(data?.text, `100% %s %% %n: ${to} from <>, wait 180`);
    await smtp.quit();
  });
}

function testUtf8(shared: SharedSite): void {
  async function offer(smtp: SmtpClient, from: string, to: string): Promise<number> {
    await smtp.mail(from, 'SMTPUTF8');
    const { code } = await smtp.rcpt(to);
    if (code === 250) assert.equal((await smtp.data()).code, 250);
    else await smtp.rset();
    return code;
  }

  test('SMTPUTF8: addresses in UTF-8 are keys like others', async () => {
    const { site, mailbox } = shared;
    const to = mailbox('grüße');
    const smtp = await site.connect();
    assert.equal(await offer(smtp, 'jürgen@bücher.example', to), 451);
    site.daemon.clock.advance(3 * minute);
    assert.equal(await offer(smtp, 'jurgen@bücher.example', to), 451);
    assert.equal(await offer(smtp, 'jürgen@bücher.example', to.replace('ü', 'u')), 451);
    assert.equal(await offer(smtp, 'jürgen@bücher.example', to), 250);
    assert.equal((await site.takeHeaders()).length, 1);
    // Other spellings of the same: composed of letter and mark, and the domain in A-labels.
    assert.equal(await offer(smtp, 'ju\u0308rgen@xn--bcher-kva.example', to), 250);
    await smtp.quit();
    await site.mta.flush();
    assert.equal(site.daemon.decisions.at(-1)?.reason, 'greylist-known');
  });

  test('SMTPUTF8: the log line has the addresses as they are, the reply has none', async () => {
    const { site, mailbox } = shared;
    const to = mailbox('写信');
    const smtp = await site.connect();
    await smtp.mail('δοκιμή@παράδειγμα.example', 'SMTPUTF8');
    const reply = await smtp.rcpt(to);
    const from = `${'?'.repeat(6)}@${'?'.repeat(10)}.example`;
    const shown = to.replace('写信', '??');
    assert.equal(reply.text, `100% %s %% %n: ${shown} from ${from}, wait 180`);
    await smtp.quit();
    const [decision] = site.daemon.decisions;
    assert.ok(decision);
    const line = textFormat.decision('2030-01-01T00:00:00.000Z', decision);
    assert.ok(line.includes(` from="<δοκιμή@παράδειγμα.example>" to="<${to}>" wait=180 `), line);
  });
}

const text = '100% %s %% %n: {to} from {from}, wait {wait}';

describeSites(
  {
    overrides: [`greylist.reply={text: "${text}"}`],
    // Both refuse a recipient like user%domain@local.test to strangers otherwise.
    postfix: { extraMainCf: { allow_percent_hack: 'no', allow_untrusted_routing: 'yes' } },
    sendmail: { extraMc: ["FEATURE(`promiscuous_relay')dnl"] },
  },
  (shared) => {
    describe('pipelining', () => {
      testPipelining(shared);
    });
    testArguments(shared);
    testPercent(shared);
    // Debian's Sendmail offers no CHUNKING, and is built without SMTPUTF8, which it refuses (555).
    if (shared.kind === 'postfix') {
      testChunking(shared);
      testUtf8(shared);
    }
  },
);
