import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { createClientCertificate } from '../support/mta/certificate.js';
import { testLogin } from '../support/mta/instance.js';
import type { SmtpClient } from '../support/smtp-client.js';
import { describeSites, type SharedSite } from './describe-sites.js';

const sender = 'sender@client.example';
/** With the realm in Postfix, without it in Sendmail. */
const logins = [testLogin.user, `${testLogin.user}@${testLogin.realm}`];

async function useRules({ site }: SharedSite, text: string): Promise<void> {
  await site.daemon.reload({ text });
}

/** The code of one recipient, and of the message if it comes to that. */
async function offer(smtp: SmtpClient, to: string): Promise<readonly number[]> {
  const { recipients, data } = await smtp.offer({ sender, recipients: [to] });
  return [...recipients, ...(data === undefined ? [] : [data])].map(({ code }) => code);
}

/** Which rules have matched in this test. */
function matched({ site }: SharedSite): readonly (string | undefined)[] {
  return site.daemon.decisions.map(({ rule }) => rule);
}

function testLogins(shared: SharedSite): void {
  const connect = async (logsIn: boolean): Promise<SmtpClient> => {
    const smtp = await shared.site.connect();
    if (!logsIn) return smtp;
    assert.equal((await smtp.authPlain(testLogin.user, testLogin.password)).code, 235);
    return smtp;
  };

  test('who has authenticated is exempt, whatever rules say; others are not', async () => {
    const { site, mailbox } = shared;
    await useRules(shared, 'rules: [{then: reject}]\n');
    const to = mailbox();
    const smtp = await connect(true);
    assert.deepEqual(await offer(smtp, to), [250, 250]);
    await smtp.quit();
    const stranger = await connect(false);
    assert.deepEqual(await offer(stranger, to), [550]);
    await stranger.quit();
    await site.mta.flush();
    assert.deepEqual(site.daemon.takeDecisions(), [
      `accept authenticated <${to}>`,
      `reject rule <${to}>`,
    ]);
  });

  test('a rule that answers at MAIL leaves who has authenticated alone, too', async () => {
    const { site, mailbox } = shared;
    await useRules(shared, 'rules: [{then: reject, stage: mail}]\n');
    const smtp = await connect(true);
    assert.deepEqual(await offer(smtp, mailbox()), [250, 250]);
    await smtp.quit();
    const stranger = await connect(false);
    assert.equal((await stranger.mail(sender)).code, 550);
    await stranger.quit();
    await site.mta.flush();
  });

  test('a message rule on the login', async () => {
    const { site, mailbox } = shared;
    await useRules(
      shared,
      `rules: [{then: accept}]
message-rules:
  - {name: hers, when: {login: [${logins.join(', ')}]}, then: accept, headers: {X-Login: "hers"}}
  - {when: {login: none}, then: accept, headers: {X-Login: "nobody's"}}
`,
    );
    for (const [logsIn, whose] of [
      [true, 'hers'],
      [false, "nobody's"],
    ] as const) {
      const smtp = await connect(logsIn);
      assert.deepEqual(await offer(smtp, mailbox()), [250, 250]);
      await smtp.quit();
      assert.match((await site.takeMail()).headers, new RegExp(`^X-Login: ${whose}$`, 'm'));
    }
  });
}

/** Who has signed the client's certificate, if it has one; or it does not encrypt at all. */
type ClientSide = 'mta' | 'itself' | 'no certificate' | 'no TLS';

function testTls(shared: SharedSite): void {
  const isPostfix = shared.kind === 'postfix';
  // Sendmail shows the whole names, Postfix the common names, and those of verified ones alone.
  const subject = isPostfix ? 'partner.example' : '/O=Clients/CN=partner.example';
  const issuer = isPostfix ? 'mx.local.test' : '/CN=mx.local.test';
  const rules = {
    encrypted: '{encrypted: true}',
    'TLS 1.3': '{version: TLSv1.3, cipher: "/_SHA(256|384)$/"}',
    partner: `{verified: true, subject: '${subject}', issuer: '${issuer}'}`,
    'not verified': '{verified: false}',
    plain: '{encrypted: false}',
  };

  const certificateOf = async (client: ClientSide): Promise<{ cert?: string; key?: string }> => {
    if (client !== 'mta' && client !== 'itself') return {};
    const name = client === 'mta' ? 'partner.example' : 'impostor.example';
    const etc = join(shared.site.mta.directory, 'etc');
    const files = await createClientCertificate(etc, name, client);
    return {
      cert: readFileSync(files.certificate, 'utf8'),
      key: readFileSync(files.key, 'utf8'),
    };
  };

  const cases = {
    'with a certificate that the MTA can verify': ['mta', 'encrypted', 'TLS 1.3', 'partner'],
    'with a certificate of its own making': ['itself', 'encrypted', 'TLS 1.3', 'not verified'],
    'without a certificate': ['no certificate', 'encrypted', 'TLS 1.3', 'not verified'],
    'in the clear': ['no TLS', 'not verified', 'plain'],
  } as const;
  for (const [who, [client, ...expected]] of Object.entries(cases)) {
    test(`a client ${who}`, async () => {
      const { site, mailbox } = shared;
      const own = await certificateOf(client);
      const found: string[] = [];
      for (const [name, condition] of Object.entries(rules)) {
        await useRules(shared, `rules: [{when: {tls: ${condition}}, then: reject}]\n`);
        const smtp = await site.connect();
        if (client !== 'no TLS') {
          await smtp.startTls(own);
          await smtp.ehlo();
        }
        if ((await offer(smtp, mailbox()))[0] === 550) found.push(name);
        await smtp.quit();
      }
      assert.deepEqual(found, expected);
    });
  }
}

function testMacros(shared: SharedSite): void {
  test('a macro that nobody else asks for, with its value, and one that there is not', async () => {
    const { site, mailbox } = shared;
    // Beyond what is asked for anyway: the port at CONNECT, the mailer at MAIL.
    await useRules(
      shared,
      `rules:
  - {name: no port, when: {macro: {client_port: unset}}, then: tempfail}
  - {name: no host, when: {macro: {mail_host: unset}}, then: tempfail}
  - name: both
    when: {macro: {client_port: '/^[0-9]+$/', mail_host: '/^client\\.example\\.?$/', no_such_macro: unset}}
    then: reject
`,
    );
    const smtp = await site.connect();
    assert.deepEqual(await offer(smtp, mailbox()), [550]);
    await smtp.quit();
    assert.deepEqual(matched(shared), ['both']);
  });

  test('macros of the base list are there as well, those of the recipient included', async () => {
    const { site, mailbox } = shared;
    const daemon = shared.kind === 'postfix' ? 'mx.local.test' : 'MTA-inet';
    await useRules(
      shared,
      `rules:
  - {name: other, when: {macro: {client_port: set}}, unless: {macro: {daemon_name: ${daemon}}}, then: tempfail}
  - {name: ours, when: {macro: {rcpt_addr: '/^user[12]\\+/', j: mx.local.test, client_ptr: set}}, then: reject}
`,
    );
    const smtp = await site.connect();
    assert.deepEqual(await offer(smtp, mailbox()), [550]);
    assert.deepEqual(await offer(smtp, 'postmaster@local.test'), [451]);
    await smtp.quit();
    assert.deepEqual(matched(shared), ['ours', undefined]);
  });
}

describeSites(
  {
    tls: true,
    postfix: {
      extraMainCf: {
        smtpd_tls_ask_ccert: 'yes',
        smtpd_tls_CAfile: '$config_directory/certificate.pem',
      },
    },
    // The usual one of these tests is V: not to ask clients for certificates.
    sendmail: { extraMc: ["define(`confTLS_SRV_OPTIONS', `')dnl"] },
  },
  (shared) => {
    describe('login', () => {
      testLogins(shared);
    });
    describe('tls', () => {
      testTls(shared);
    });
    describe('macro', () => {
      testMacros(shared);
    });
  },
);
