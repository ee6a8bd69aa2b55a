import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { skipWithoutDnsServer, startDnsServer, type DnsServer } from '../support/dns-server.js';
import { writeMmdb } from '../support/mmdb-writer.js';
import type { SmtpReply } from '../support/smtp-client.js';
import { describeSites, type SharedSite } from './describe-sites.js';
import type { ClientName } from './mail-site.js';

const minute = 60_000;
const sender = 'sender@client.example';

/** As DNS lists name the client. */
function reversed(address: string): string {
  return address.split('.').reverse().join('.');
}

async function offer(
  { site }: SharedSite,
  mail: { readonly from?: string; readonly to: string },
  client?: ClientName,
): Promise<SmtpReply | undefined> {
  const smtp = await site.connect(client);
  const { recipients, data } = await smtp.offer({
    sender: mail.from ?? sender,
    recipients: [mail.to],
  });
  await smtp.quit();
  return data ?? recipients[0];
}

function text(reply: SmtpReply | undefined): string | undefined {
  return reply?.lines[0];
}

function testDnsLists(shared: SharedSite, dns: () => DnsServer): void {
  const waitLonger =
    'then: greylist, delay: 30m, text: "Listed, please try again in {minutes} minutes"';
  const useRules = async (settings = waitLonger): Promise<void> => {
    // Longer than what other tests have looked up is remembered, also across a reload.
    shared.site.daemon.clock.advance(10 * minute);
    await shared.site.daemon.reload({
      text: `lookups: {timeout: 8s, resolvers: ['${dns().address}']}
rules:
  - {name: listed, when: {dnsbl: {zones: [list.test], answers: 127.0.0.2/31}}, ${settings}}
`,
    });
  };
  const list = (client: ClientName): string =>
    `${reversed(shared.site.addressOf(client))} A 127.0.0.3\n`;

  test('a listed client waits longer, another one as usual', async () => {
    const { site, mailbox } = shared;
    const to = mailbox();
    await dns().setZone('list.test', list('first'));
    await useRules();
    assert.equal(
      text(await offer(shared, { to })),
      '451 4.7.1 Listed, please try again in 30 minutes',
    );
    assert.match(text(await offer(shared, { to }, 'second')) ?? '', / in 180 seconds$/);
    site.daemon.clock.advance(10 * minute);
    assert.equal((await offer(shared, { to }, 'second'))?.code, 250);
    await site.mta.flush();
    assert.match(text(await offer(shared, { to })) ?? '', / in 20 minutes$/);
    site.daemon.clock.advance(20 * minute);
    assert.equal((await offer(shared, { to }))?.code, 250);
    const [header] = await site.takeHeaders();
    assert.match(header ?? '', /^X-Greylist: delayed 00:30:00 /);
    assert.deepEqual(
      site.daemon.decisions.map(({ rule }) => rule ?? 'usual'),
      ['listed', 'usual', 'usual', 'listed', 'listed'],
    );
  });

  test('a client that gets listed while it waits has to wait on', async () => {
    const { site, mailbox } = shared;
    const to = mailbox();
    await dns().setZone('list.test', '');
    await useRules();
    assert.match(text(await offer(shared, { to })) ?? '', / in 180 seconds$/);
    await dns().setZone('list.test', list('first'));
    site.daemon.clock.advance(5 * minute);
    assert.match(text(await offer(shared, { to })) ?? '', /^451 4\.7\.1 Listed, .* in 25 minutes$/);
    site.daemon.clock.advance(25 * minute);
    assert.equal((await offer(shared, { to }))?.code, 250);
    await site.mta.flush();
  });

  test('stage: connect: a listed client is greeted with a refusal', async () => {
    const { site, mailbox } = shared;
    await dns().setZone('list.test', list('first'));
    await useRules('then: reject, stage: connect');
    const smtp = await site.connect();
    assert.equal(smtp.greeting.code, 554);
    smtp.drop();
    assert.equal((await offer(shared, { to: mailbox() }, 'second'))?.code, 451);
    assert.deepEqual(
      site.daemon.decisions.map(({ stage, rule }) => `${stage} ${rule ?? 'usual'}`),
      ['connect listed', 'rcpt usual'],
    );
  });

  test('who is no longer listed has waited enough', async () => {
    const { site, mailbox } = shared;
    const to = mailbox();
    await dns().setZone('list.test', list('first'));
    await useRules();
    assert.match(text(await offer(shared, { to })) ?? '', / in 30 minutes$/);
    await dns().setZone('list.test', '');
    site.daemon.clock.advance(6 * minute);
    assert.equal((await offer(shared, { to }))?.code, 250);
    await site.mta.flush();
  });
}

function testSpf(shared: SharedSite, dns: () => DnsServer): void {
  test('SPF: partners pass where it is really them, and forgers are refused', async () => {
    const { site, mailbox } = shared;
    const [ours, theirs] = [site.addressOf('first'), site.addressOf('second')];
    await dns().setZone('partner.test', `@ TXT "v=spf1 ip4:${ours} -all"\n`);
    await site.daemon.reload({
      text: `lookups: {timeout: 8s, resolvers: ['${dns().address}']}
rules:
  - {name: partner, when: {sender-authenticated: '@partner.test'}, then: accept}
  - {name: forged, when: {spf: fail}, then: reject, text: "{client} may not send for {from}"}
`,
    });
    const mail = { from: 'joe@partner.test', to: mailbox() };
    assert.equal((await offer(shared, mail))?.code, 250);
    const refusal = text(await offer(shared, mail, 'second')) ?? '';
    assert.ok(refusal.endsWith(`${theirs} may not send for joe@partner.test`), refusal);
    assert.equal((await offer(shared, { from: 'joe@open.test', to: mailbox() }))?.code, 451);
    assert.deepEqual(
      site.daemon.decisions.map(({ rule }) => rule),
      ['partner', 'forged', undefined],
    );
    await site.mta.flush();
  });

  test('where DNS does not answer the rule does not match, or says tempfail if told to', async () => {
    const { site, mailbox } = shared;
    // No zone of the server: it refuses to answer.
    const mail = { from: 'joe@elsewhere.invalid', to: mailbox() };
    for (const [onUnknown, code] of [
      ['no-match', '451 4.7.1 Greylisted'],
      ['match', '550 5.7.1 '],
      ['tempfail', '451 4.7.1 Please try'],
    ] as const) {
      await site.daemon.reload({
        text: `lookups: {timeout: 8s, resolvers: ['${dns().address}']}
rules: [{when: {spf: fail}, then: reject, on-unknown: ${onUnknown}}]
`,
      });
      const told = text(await offer(shared, mail)) ?? '';
      assert.equal(told.slice(0, code.length), code, onUnknown);
    }
  });
}

function testGeo(shared: SharedSite): void {
  test('GeoIP: by the country and by the network of the client', async () => {
    const { site, mailbox } = shared;
    const file = join(site.daemon.directory, 'test.mmdb');
    const database = writeMmdb({
      [`${site.addressOf('first')}/32`]: {
        country: { iso_code: 'AT' },
        autonomous_system_number: 64_496,
      },
      [`${site.addressOf('second')}/32`]: { country: { iso_code: 'DE' } },
    });
    writeFileSync(file, database);
    const to = mailbox();
    const codesWith = async (condition: string): Promise<readonly (number | undefined)[]> => {
      await site.daemon.reload({
        text: `lookups: {geo: '${file}'}\nrules: [{when: {geo: ${condition}}, then: reject}]\n`,
      });
      const first = await offer(shared, { to });
      const second = await offer(shared, { to }, 'second');
      return [first?.code, second?.code];
    };
    assert.deepEqual(await codesWith('{countries: [AT, CH]}'), [550, 451]);
    assert.deepEqual(await codesWith('{countries: DE}'), [451, 550]);
    assert.deepEqual(await codesWith('{asn: [64496, 64497]}'), [550, 451]);
    assert.deepEqual(await codesWith('{countries: DE, asn: 64496}'), [451, 451]);
  });
}

describe('rules that ask outside', { skip: skipWithoutDnsServer() }, () => {
  let server: DnsServer | undefined;
  const cleanUps: (() => void | Promise<void>)[] = [];
  before(async () => {
    const zones = { 'list.test': '', 'partner.test': '', 'open.test': '@ MX 10 mail\n' };
    server = await startDnsServer({ after: (stop) => cleanUps.unshift(stop) }, zones);
  });
  after(async () => {
    for (const cleanUp of cleanUps) await cleanUp();
  });
  const dns = (): DnsServer => {
    assert.ok(server);
    return server;
  };

  describeSites({}, (shared) => {
    testDnsLists(shared, dns);
    testSpf(shared, dns);
    testGeo(shared);
  });
});
