import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeSites, type SharedSite } from './describe-sites.js';

const sender = 'sender@client.example';

interface Letter {
  readonly header: string;
  readonly body: string;
}

/** What the MTA would deliver of a letter, and what it said to it. */
async function deliver({ site, mailbox }: SharedSite, text: string, letter: Letter) {
  await site.daemon.reload({ text });
  const smtp = await site.connect();
  const { data } = await smtp.offer({
    sender,
    recipients: [mailbox()],
    message: `From: <${sender}>\n${letter.header}\n${letter.body}`,
  });
  await smtp.quit();
  const [mail] = await site.mta.queued();
  await site.mta.flush();
  return { data, mail };
}

const hello: Letter = { header: 'Subject: hello\n', body: 'Hello.\nGood bye.\n' };

describeSites({}, (shared) => {
  test('a footer stands behind all that was there, and nothing else changes', async () => {
    const text =
      'rules: [{then: accept}]\nmessage-rules: [{then: accept, footer: "--\\nfrom {sender}"}]\n';
    const { mail } = await deliver(shared, text, hello);
    assert.equal(mail?.body, `Hello.\nGood bye.\n--\nfrom ${sender}\n`);
    assert.match(mail.headers, /^Subject: hello$/m);
  });

  test('a subject has its tag once', async () => {
    const text =
      "rules: [{then: accept}]\nmessage-rules: [{then: accept, subject-tag: '[list]'}]\n";
    const { mail } = await deliver(shared, text, hello);
    assert.match(mail?.headers ?? '', /^Subject: \[list\] hello$/m);
    const tagged = { ...hello, header: 'Subject: Re: [list] hello\n' };
    const again = await deliver(shared, text, tagged);
    assert.match(again.mail?.headers ?? '', /^Subject: Re: \[list\] hello$/m);
  });

  test('a header field stands where the rule says, and another one behind all', async () => {
    const text = `rules:
  - {then: accept, headers: {X-Top: {value: "for {recipient-site}", at: 0}, X-End: "no {{braces}}"}}
`;
    const { mail } = await deliver(shared, text, hello);
    const names = (mail?.headers ?? '').split('\n').map((line) => line.replace(/:.*/, ''));
    assert.ok(names.indexOf('X-Top') < names.indexOf('From'), names.join(' '));
    assert.ok(names.indexOf('X-End') > names.indexOf('Subject'), names.join(' '));
    assert.match(mail?.headers ?? '', /^X-Top: for local\.test$/m);
    assert.match(mail?.headers ?? '', /^X-End: no \{braces\}$/m);
  });

  test('what stands in the body is refused, in as many lines as it takes to say why', async () => {
    const why = Array.from({ length: 120 }, (_, number) => `reason${number}`).join(' ');
    const text = `rules: [{then: accept}]
message-rules: [{when: {body: '/good\\s+bye/i'}, then: reject, code: 554, text: '${why}'}]
`;
    const { data, mail } = await deliver(shared, text, hello);
    assert.equal(data?.code, 554);
    assert.equal(mail, undefined);
    const said = data.lines.map((line) => line.replace(/^554[- ]5\.\d\.\d /, ''));
    assert.ok(said.length > 1, 'more than one line');
    assert.equal(said.join(' ').replace(/ +/g, ' '), why);
    const other = await deliver(shared, text, { ...hello, body: 'Hello.\n' });
    assert.equal(other.data?.code, 250);
  });
});
