import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { skipWithoutDnsServer, startDnsServer, type DnsServer } from '../support/dns-server.js';
import { describeSites, type SharedSite } from './describe-sites.js';
import type { ClientName } from './mail-site.js';

const minute = 60_000;

async function offer({ site }: SharedSite, to: string, client: ClientName): Promise<number> {
  const smtp = await site.connect(client);
  const { recipients, data } = await smtp.offer({ sender: 'a@pool.test', recipients: [to] });
  await smtp.quit();
  return (data ?? recipients[0])?.code ?? 0;
}

function testPool(shared: SharedSite, dns: () => DnsServer): void {
  test('a retry from another host of a pool passes, and one from elsewhere waits', async () => {
    const { site, mailbox } = shared;
    const [pooled, foreign] = [mailbox('pool'), mailbox('foreign')];
    await dns().setZone(
      'pool.test',
      `@ TXT "v=spf1 ip4:${site.addressOf('first')} ip4:${site.addressOf('second')} -all"`,
    );
    await site.daemon.reload({ text: `lookups: {timeout: 8s, resolvers: ['${dns().address}']}\n` });
    assert.equal(await offer(shared, pooled, 'first'), 451);
    site.daemon.clock.advance(5 * minute);
    assert.equal(await offer(shared, pooled, 'second'), 250);
    await site.mta.flush();
    await dns().setZone('pool.test', `@ TXT "v=spf1 ip4:${site.addressOf('first')} -all"`);
    site.daemon.clock.advance(10 * minute);
    assert.equal(await offer(shared, foreign, 'first'), 451);
    site.daemon.clock.advance(5 * minute);
    assert.equal(await offer(shared, foreign, 'second'), 451);
    assert.deepEqual(
      site.daemon.decisions.map(({ reason, identity }) => [reason, identity]),
      [
        ['greylist-new', undefined],
        ['greylist-passed', 'spf'],
        ['greylist-new', undefined],
        ['greylist-new', undefined],
      ],
    );
  });
}

describe('pools', { skip: skipWithoutDnsServer() }, () => {
  let server: DnsServer | undefined;
  const cleanUps: (() => void | Promise<void>)[] = [];
  before(async () => {
    const zones = { 'pool.test': '' };
    server = await startDnsServer({ after: (stop) => cleanUps.unshift(stop) }, zones);
  });
  after(async () => {
    for (const cleanUp of cleanUps) await cleanUp();
  });
  const dns = (): DnsServer => {
    assert.ok(server);
    return server;
  };

  describeSites({}, (shared) => testPool(shared, dns));
});
