import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { after, before, describe, test } from 'node:test';

import { skipWithoutDirectoryServer, startDirectoryServer } from '../support/directory-server.js';
import { createDkimSigner } from '../support/dkim-signer.js';
import { skipWithoutDnsServer, startDnsServer, type DnsServer } from '../support/dns-server.js';
import { startWebServer, type SeenRequest, type WebServer } from '../support/web-server.js';
import { describeSites, type SharedSite } from './describe-sites.js';

const signer = createDkimSigner('signed.test');
const SUBJECT = 'Subject: hello\r\n';
const MESSAGE = `From: <a@signed.test>\r\nTo: <b@r.example>\r\n${SUBJECT}\r\nGood bye\r\n`;

/** What the web server says of a sender. */
function answer({ url }: SeenRequest, response: ServerResponse): void {
  const from = new URL(url, 'http://localhost').searchParams.get('from') ?? '';
  if (from.startsWith('slow')) return;
  if (from.startsWith('broken')) response.socket?.destroy();
  else if (from.startsWith('foe')) response.end('milterGreylistStatus: Ok\n');
  else response.writeHead(404).end();
}

/** Servers that rules ask, for all tests of the file. */
class Servers {
  readonly #cleanUps: (() => void | Promise<void>)[] = [];
  #dns: DnsServer | undefined;
  #web: WebServer | undefined;

  async start(): Promise<void> {
    const cleanUp = { after: (stop: () => void | Promise<void>) => this.#cleanUps.unshift(stop) };
    this.#dns = await startDnsServer(cleanUp, {
      'signed.test': `s._domainkey TXT "${signer.record}"\n`,
      // The client "first" as Postfix and as Sendmail know it.
      'list.test': '7.113.0.203 A 127.0.0.2\n7.2.0.127 A 127.0.0.2\n',
    });
    this.#web = await startWebServer(cleanUp, answer);
  }

  async stop(): Promise<void> {
    for (const cleanUp of this.#cleanUps) await cleanUp();
  }

  get web(): string {
    assert.ok(this.#web);
    return this.#web.url;
  }

  get dns(): string {
    assert.ok(this.#dns);
    return this.#dns.address;
  }
}

/** The answer to a mail in a session of its own, to its recipient or else to its message. */
async function offer(
  { site, mailbox }: SharedSite,
  { sender = 'a@signed.test', message = MESSAGE, to = mailbox() } = {},
): Promise<string> {
  const smtp = await site.connect();
  const { recipients, data } = await smtp.offer({ sender, recipients: [to], message });
  await smtp.quit();
  return (data ?? recipients[0])?.lines.join(' ') ?? 'nothing';
}

function testContent(shared: SharedSite, servers: Servers): void {
  /** Has the filter read this file of milter-greylist's, and ask the name server of the test. */
  const useFile = (text: string): Promise<void> =>
    shared.site.daemon.reload({
      file: 'greylist.conf',
      text: `nospf # resolvers are those of the test\n${text}`,
      overrides: [`lookups.resolvers=${servers.dns}`, 'lookups.timeout=8s'],
    });

  test('lists of what is asked let pass whom they have', async () => {
    const friend = shared.mailbox('friend');
    const lists = [
      ['', 'rawfrom { a=b@signed.test }'],
      [`sm_macro "m" "{rcpt_addr}" /\\+friend/\n`, 'sm_macro { "m" }'],
      ['dnsrbl "d" list.test 127.0.0.2\n', 'dnsrbl { "d" }'],
      [`urlcheck "u" "${servers.web}/?from=foe" 5\n`, 'urlcheck { "u" }'],
    ] as const;
    for (const [definition, list] of lists) {
      await useFile(
        `${definition}list "l" ${list}\nracl whitelist list "l"\nracl blacklist default\n`,
      );
      assert.match(await offer(shared, { sender: 'a=b@signed.test', to: friend }), /^250 /, list);
      await shared.site.mta.flush();
    }
  });

  test('lists of what messages have refuse those, and no others', async () => {
    for (const list of [
      'header { "X-Spam" "Subject: hello" }',
      'body { /^good *BYE/ "nothing" }',
    ]) {
      await useFile(
        `list "l" ${list}\nracl whitelist default\ndacl blacklist list "l" msg "Found"\n`,
      );
      assert.match(await offer(shared), /^551 5\.7\.1 Found$/, list);
      const other = MESSAGE.replace('hello', 'hallo').replace('Good', 'God');
      assert.match(await offer(shared, { message: other }), /^250 /, list);
      await shared.site.mta.flush();
    }
  });

  test('DKIM: a good signature is seen, a broken one is refused', async () => {
    await useFile(
      'racl whitelist default\n' +
        'dacl blacklist dkim fail msg "Broken: %Qd"\n' +
        'dacl "signed" whitelist dkim pass addheader "X-Dkim: %Qd"\n',
    );
    const signed = await signer.sign(MESSAGE);
    assert.match(await offer(shared, { message: signed }), /^250 /);
    const { headers } = await shared.site.takeMail();
    assert.match(headers, /^X-Dkim: pass$/m);
    const broken = signed.replace('Good bye', 'Good buy');
    assert.match(await offer(shared, { message: broken }), /^551 5\.7\.1 Broken: fail$/);
    assert.match(await offer(shared), /^250 /);
    assert.doesNotMatch((await shared.site.takeMail()).headers, /^X-Dkim/m);
  });

  test('a web server decides; where it is slow or broken mail is put off', async () => {
    await useFile(
      `urlcheck "foes" "${servers.web}/?from=%f" 5\nracl blacklist urlcheck "foes"\nracl whitelist default\n`,
    );
    assert.match(await offer(shared, { sender: 'foe@signed.test' }), /^551 5\.7\.1 .*Go away!/);
    assert.match(await offer(shared), /^250 /);
    await shared.site.mta.flush();
    for (const how of ['slow', 'broken'])
      assert.match(await offer(shared, { sender: `${how}@signed.test` }), /^4/, how);
    // It is told now and then, not for each mail.
    shared.site.daemon.logger.takeAll();
  });

  test(
    'a directory lets pass whom it has; where it is gone mail is put off',
    { skip: skipWithoutDirectoryServer() },
    async () => {
      const entry = 'dn: uid=a,dc=example\nobjectClass: inetOrgPerson\nuid: a\ncn: A\nsn: A\n';
      const stops: (() => void | Promise<void>)[] = [];
      const { url, administrator } = await startDirectoryServer(
        { after: (stop) => stops.unshift(stop) },
        `${entry}mail: a@signed.test\n`,
      );
      await useFile(
        `ldapconf "${url}" 8 binddn "${administrator.dn}" bindpw "${administrator.password}"\n` +
          'ldapcheck "known" "ldap:///dc=example?mail?sub?(mail=%f)" domatch\n' +
          'racl whitelist ldapcheck "known"\nracl blacklist default\n',
      );
      assert.match(await offer(shared), /^250 /);
      await shared.site.mta.flush();
      assert.match(await offer(shared, { sender: 'b@signed.test' }), /^551 /);
      for (const stop of stops) await stop();
      assert.match(await offer(shared, { sender: 'c@signed.test' }), /^4/);
      shared.site.daemon.logger.takeAll();
    },
  );
}

describe('greylist.conf', { skip: skipWithoutDnsServer() }, () => {
  const servers = new Servers();
  before(() => servers.start());
  after(() => servers.stop());
  describeSites({}, (shared) => testContent(shared, servers));
});
