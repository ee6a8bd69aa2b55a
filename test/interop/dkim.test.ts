import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { createDkimSigner } from '../support/dkim-signer.js';
import { skipWithoutDnsServer, startDnsServer, type DnsServer } from '../support/dns-server.js';
import { describeSites, type SharedSite } from './describe-sites.js';

const signer = createDkimSigner('signed.test');

/** Two blanks, a fold, a value at once behind its colon: all of which one canonical form is about. */
const MESSAGE =
  'From: <a@signed.test>\r\nTo:<b@r.example>\r\nSubject:  two\r\n\t folds\r\nX-Long:\r\n below\r\n\r\n' +
  '.a dot\r\n\r\nlast line \r\n';

function testSignatures(shared: SharedSite, dns: () => DnsServer): void {
  const useRules = (more = ''): Promise<unknown> =>
    shared.site.daemon.reload({
      text: `lookups: {timeout: 8s, resolvers: ['${dns().address}']}
${more}
rules: [{then: accept}]
message-rules:
  - {name: good, when: {dkim: {result: pass, domain: signed.test}}, then: accept, headers: {X-Dkim: good}}
  - {name: bad, when: {dkim: [fail, error]}, then: reject, text: 'The signature is wrong'}
  - {name: unsigned, when: {dkim: none}, then: accept, headers: {X-Dkim: none}}
  - {name: large, when: {dkim: unknown}, then: accept, headers: {X-Dkim: unknown}}
`,
    });
  const send = async (message: string): Promise<string | undefined> => {
    const smtp = await shared.site.connect();
    const { data } = await smtp.offer({
      sender: 'a@signed.test',
      recipients: [shared.mailbox()],
      message,
    });
    await smtp.quit();
    if (data?.code !== 250) return data?.lines[0];
    const { headers } = await shared.site.takeMail();
    // Our own fields have one blank, although the MTA was asked to leave those alone.
    return /^X-Dkim:.*$/m.exec(headers)?.[0];
  };

  for (const form of ['relaxed/relaxed', 'simple/simple'])
    test(`a signature by ${form} is good for what the MTA shows`, async () => {
      await useRules();
      assert.equal(await send(await signer.sign(MESSAGE, form)), 'X-Dkim: good');
    });

  test('a message that was changed is refused, and one without a signature is not', async () => {
    await useRules();
    const signed = await signer.sign(MESSAGE, 'simple/simple');
    const refused = '550 5.7.1 The signature is wrong';
    assert.equal(await send(signed.replace('two\r\n', 'too\r\n')), refused);
    assert.equal(await send(signed.replace('last line', 'lost line')), refused);
    assert.equal(await send(signed.replace('Subject:  ', 'Subject: ')), refused);
    assert.equal(await send(MESSAGE), 'X-Dkim: none');
  });

  test('a message over limits.body is not known', async () => {
    await useRules('limits: {body: 1KiB}');
    const large = `${MESSAGE}${'another line\r\n'.repeat(100)}`;
    assert.equal(await send(await signer.sign(large)), 'X-Dkim: unknown');
  });
}

describe('signed mail', { skip: skipWithoutDnsServer() }, () => {
  let server: DnsServer | undefined;
  const cleanUps: (() => void | Promise<void>)[] = [];
  before(async () => {
    const zones = { 'signed.test': `s._domainkey TXT "${signer.record}"\n` };
    server = await startDnsServer({ after: (stop) => cleanUps.unshift(stop) }, zones);
  });
  after(async () => {
    for (const cleanUp of cleanUps) await cleanUp();
  });
  describeSites({}, (shared) =>
    testSignatures(shared, () => {
      assert.ok(server);
      return server;
    }),
  );
});
