import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { after, before, describe, test } from 'node:test';
import {
  skipWithoutDirectoryServer,
  startDirectoryServer,
  type DirectoryServer,
} from '../support/directory-server.js';
import { describeSites, type SharedSite } from './describe-sites.js';

const customers = `dn: uid=alice,dc=example
objectClass: inetOrgPerson
uid: alice
cn: Alice
sn: A
mail: alice@customers.example
`;

/** What the web server says of a sender; of some it says nothing, or hangs up. */
function answer(request: IncomingMessage, response: ServerResponse): void {
  const from = new URL(request.url ?? '/', 'http://localhost').searchParams.get('from') ?? '';
  const [word = ''] = from.split('@');
  switch (word) {
    case 'slow':
      return;
    case 'broken':
      request.socket.destroy();
      return;
    case 'foe':
      response.end('milterGreylistStatus: Ok\nmilterGreylistMsg: we know you, {foe}\n');
      return;
    default:
      response.writeHead(404).end();
  }
}

async function startWebServer(): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { server, url: `http://127.0.0.1:${port}/` };
}

/** What a client is told for its recipient, and the reason. */
async function ask({ site, mailbox }: SharedSite, sender: string): Promise<string> {
  const smtp = await site.connect();
  const { recipients } = await smtp.offer({ sender, recipients: [mailbox()] });
  await smtp.quit();
  await site.mta.flush();
  return recipients[0]?.lines.join(' ') ?? 'nothing';
}

describeSites({}, (shared) => {
  describe('a web server that rules ask', () => {
    let web: { readonly server: Server; readonly url: string };
    before(async () => {
      web = await startWebServer();
    });
    /** @param timeout short where nothing is to come */
    const useRules = (timeout: string): Promise<void> =>
      shared.site.daemon.reload({
        text: `lookups:
  urls: {known: {url: '${web.url}?from={sender}', timeout: ${timeout}}}
rules:
  - {when: {sender: '@tempfail.example', url: known}, on-unknown: tempfail, then: reject}
  - {when: {url: known}, then: reject, code: 554}
  - {then: accept}
`,
      });
    after(() => {
      web.server.closeAllConnections();
      web.server.close();
    });

    test('decides, and words the reply', async () => {
      await useRules('8s');
      assert.match(await ask(shared, 'foe@client.example'), /^554 5\.7\.1 .*we know you, \{foe\}/);
    });

    test('has no say where it knows nobody', async () => {
      await useRules('8s');
      assert.match(await ask(shared, 'friend@client.example'), /^250 /);
    });

    for (const how of ['slow', 'broken'])
      test(`that is ${how} loses no mail, and the rule may put it off`, async () => {
        await useRules('1s');
        assert.match(await ask(shared, `${how}@client.example`), /^250 /);
        assert.match(await ask(shared, `${how}@tempfail.example`), /^4/);
        // It is told now and then, not for each mail.
        shared.site.daemon.logger.takeAll();
      });
  });

  describe('a directory that rules ask', { skip: skipWithoutDirectoryServer() }, () => {
    let directory: DirectoryServer;
    const cleanUps: (() => Promise<void> | void)[] = [];
    before(async () => {
      directory = await startDirectoryServer(
        { after: (stop) => cleanUps.unshift(stop) },
        customers,
      );
      const { url, administrator } = directory;
      await shared.site.daemon.reload({
        text: `lookups:
  ldap: {servers: '${url}', timeout: 8s, bind: {dn: '${administrator.dn}', password: '${administrator.password}'}}
  ldap-queries: {customers: {url: 'ldap:///dc=example?mail?sub?(mail={sender})'}}
rules: [{when: {ldap: customers}, then: accept}, {then: greylist}]
`,
      });
    });
    after(async () => {
      for (const cleanUp of cleanUps) await cleanUp();
    });

    test('lets pass whom it has, and nobody else', async () => {
      assert.match(await ask(shared, 'alice@customers.example'), /^250 /);
      assert.match(await ask(shared, 'mallory@customers.example'), /^45/);
    });
  });

  test('a tarpit: the client waits for its answer, and then it may pass', async () => {
    await shared.site.daemon.reload({
      text: 'rules: [{when: {tarpit: 1s}, then: accept}, {then: greylist}]\n',
    });
    const startedAt = performance.now();
    assert.match(await ask(shared, 'patient@client.example'), /^250 /);
    assert.ok(performance.now() - startedAt >= 900, 'it has waited');
  });
});
