import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { skipWithoutDnsServer, startDnsServer, type DnsServer } from '../support/dns-server.js';
import { testLogin } from '../support/mta/instance.js';
import { describeSites, type SharedSite } from './describe-sites.js';
import type { ClientName } from './mail-site.js';

const partner = 'joe@partner.test';

/** The client `first` of either MTA is the partner's mail server; `second` is nobody's. */
const zones = { 'partner.test': '@ TXT "v=spf1 ip4:203.0.113.7 ip4:127.0.2.7 -all"' };

async function offer(
  { site }: SharedSite,
  client: ClientName,
  mail: { readonly from: string; readonly to: string; readonly logsIn?: boolean },
): Promise<readonly (number | undefined)[]> {
  const smtp = await site.connect(client);
  if (mail.logsIn === true) {
    assert.equal((await smtp.authPlain(testLogin.user, testLogin.password)).code, 235);
  }
  const { recipients, data } = await smtp.offer({ sender: mail.from, recipients: [mail.to] });
  await smtp.quit();
  return [...recipients.map(({ code }) => code), data?.code];
}

describe("answers to our own users' mail", { skip: skipWithoutDnsServer() }, () => {
  let server: DnsServer | undefined;
  const cleanUps: (() => void | Promise<void>)[] = [];
  before(async () => {
    server = await startDnsServer({ after: (stop) => cleanUps.unshift(stop) }, zones);
  });
  after(async () => {
    for (const cleanUp of cleanUps) await cleanUp();
  });

  describeSites({}, (shared) => {
    const useReplies = (domains = '[local.test]'): Promise<void> =>
      shared.site.daemon.reload({
        text: `lookups: {timeout: 8s, resolvers: ['${server?.address ?? ''}']}\nlocal-domains: ${domains}\n`,
      });

    test('whoever has logged in and writes gets the answer at once, from the right client', async () => {
      const { site, mailbox } = shared;
      await useReplies();
      const ours = mailbox();
      assert.deepEqual(
        await offer(shared, 'second', { from: ours, to: partner, logsIn: true }),
        [250, 250],
      );
      assert.deepEqual(await offer(shared, 'second', { from: partner, to: ours }), [
        451,
        undefined,
      ]);
      assert.deepEqual(await offer(shared, 'first', { from: partner, to: ours }), [250, 250]);
      await site.mta.flush();
      assert.deepEqual(site.daemon.takeDecisions(), [
        `accept authenticated <${partner}>`,
        `tempfail greylist-new <${ours}>`,
        `accept reply <${ours}>`,
      ]);
    });

    test('nobody is remembered whom a stranger writes to, or without local domains', async () => {
      const { site, mailbox } = shared;
      await useReplies();
      const ours = mailbox();
      // Whether or not the MTA relays for strangers is its own business.
      const [relayed] = await offer(shared, 'second', { from: ours, to: partner });
      assert.notEqual(relayed, 250);
      await useReplies('[]');
      await offer(shared, 'second', { from: ours, to: partner, logsIn: true });
      await useReplies();
      assert.deepEqual(await offer(shared, 'first', { from: partner, to: ours }), [451, undefined]);
      await site.mta.flush();
    });
  });
});
