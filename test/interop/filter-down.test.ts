import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test, type TestContext } from 'node:test';
import { lastFirst } from '../support/clean-ups.js';
import { skipWithout, type MtaKind } from '../support/mta/availability.js';
import type { SmtpClient } from '../support/smtp-client.js';
import { startSite, type MailSite, type SiteOptions } from './mail-site.js';

const minute = 60_000;
const sender = 'sender@client.example';
const recipient = 'user1@local.test';
/** Who writes to a connection that is being closed may learn of it in either way. */
const connectionLost = /closed|ECONNRESET|EPIPE/;
const mail = { sender, recipients: [recipient] };

/** A setting, and what it makes of a filter that is down, in the MTA's own words. */
interface Row {
  readonly kind: MtaKind;
  readonly setting: string;
  /** What new clients get: see `offerToNew`. */
  readonly toNew: RegExp;
  /** What the client of an open session gets, from the loss of the filter on; absent: the same. */
  readonly toOpen?: RegExp;
  /** The reply, or its beginning, as README.md has it. */
  readonly quote?: string;
  readonly options?: Pick<SiteOptions, 'arrange' | 'postfix' | 'sendmail'>;
}

/** Postfix's default action for one filter, beside its address. */
function forThisFilter(action: string): Pick<SiteOptions, 'arrange'> {
  return { arrange: (ours) => [`{ ${ours}, default_action=${action} }`] };
}

const rows: readonly Row[] = [
  // Releases since the end of 2025 close the session.
  { kind: 'postfix', setting: 'nothing set', toNew: /^451 4\.7\.1 |^421 / },
  {
    kind: 'postfix',
    setting: 'default_action=tempfail',
    toNew: /^451 4\.7\.1 Service unavailable - try again later$/,
    quote: '451 4.7.1 Service unavailable - try again later',
    options: forThisFilter('tempfail'),
  },
  {
    kind: 'postfix',
    setting: 'default_action=shutdown',
    // Releases that do not know it say 451 4.3.5.
    toNew: /^451 4\.3\.5 Server configuration problem |^421 /,
    quote: '451 4.3.5',
    options: forThisFilter('shutdown'),
  },
  {
    kind: 'postfix',
    setting: 'default_action=accept',
    toNew: /^delivered$/,
    options: forThisFilter('accept'),
  },
  {
    kind: 'postfix',
    setting: 'default_action=reject',
    toNew: /^554, 550 5\.5\.0 Service unavailable$/,
    toOpen: /^550 5\.5\.0 Service unavailable$/,
    quote: '550 5.5.0 Service unavailable',
    options: forThisFilter('reject'),
  },
  {
    kind: 'postfix',
    setting: 'default_action=quarantine',
    toNew: /^delivered$/,
    // So that nothing else puts mail on hold, which is where `delivered` looks for it.
    options: {
      ...forThisFilter('quarantine'),
      postfix: { extraMainCf: { smtpd_data_restrictions: '' } },
    },
  },
  {
    kind: 'postfix',
    setting: 'milter_default_action=tempfail',
    toNew: /^451 4\.7\.1 Service unavailable - try again later$/,
    options: { postfix: { defaultAction: 'tempfail' } },
  },
  {
    kind: 'postfix',
    setting: 'milter_default_action=accept',
    toNew: /^delivered$/,
    options: { postfix: { defaultAction: 'accept' } },
  },
  { kind: 'sendmail', setting: 'no F=', toNew: /^delivered$/ },
  {
    kind: 'sendmail',
    setting: 'F=T',
    toNew: /^451 4\.3\.2 Please try again later$/,
    quote: '451 4.3.2 Please try again later',
    options: { sendmail: { flags: 'T' } },
  },
  {
    kind: 'sendmail',
    setting: 'F=R',
    toNew: /^554, 550 5\.0\.0 Command rejected$/,
    quote: '550 5.0.0 Command rejected',
    toOpen: /^550 5\.7\.1 <.*>\.\.\. Command rejected$/,
    options: { sendmail: { flags: 'R' } },
  },
  {
    kind: 'sendmail',
    setting: 'F=4',
    toNew: /^421 4\.7\.0 .* closing connection$/,
    quote: '421',
    toOpen: /^421 4\.3\.0 closing connection$/,
    options: { sendmail: { flags: '4' } },
  },
];

test('README.md quotes the replies beside the settings', () => {
  const cells = readFileSync(new URL('../../README.md', import.meta.url), 'utf8').split('|');
  for (const { setting, quote } of rows) {
    if (quote === undefined) continue;
    const cell = cells.find((text) => text.includes(`\`${setting}\`: `));
    assert.ok(cell?.includes(`\`${quote}\``), `${setting}: ${String(cell)}`);
  }
});

describe('while the filter is down', () => {
  for (const { kind, setting, toNew, toOpen = toNew, options } of rows) {
    test(`${kind}, ${setting}: new clients and open sessions`, skipping(kind), async (t) => {
      const site = await start(t, { kind, ...options, overrides: ['limits.drain=0s'] });
      const open = await site.connect();
      const { recipients } = await open.offer(mail);
      assert.equal(recipients[0]?.code, 451);
      await site.daemon.stop();
      const said = await offer(site, open);
      assert.match(said, toOpen);
      assert.match(await offerToNew(site), toNew);

      // The open session is done with the filter, the next client is not.
      await site.daemon.start();
      site.daemon.takeDecisions();
      if (!said.startsWith('421')) {
        assert.equal(await offer(site, open), said);
        await open.quit();
      }
      assert.deepEqual(site.daemon.takeDecisions(), []);
      site.daemon.clock.advance(3 * minute);
      const next = await site.connect();
      assert.equal((await next.offer(mail)).data?.code, 250);
      await next.quit();
      assert.deepEqual(site.daemon.takeDecisions(), [`accept greylist-passed <${recipient}>`]);
    });
  }
});

describe('when the filter is restarted', () => {
  for (const kind of ['postfix', 'sendmail'] as const) {
    test(`${kind}: what it knew between two mails it still knows`, skipping(kind), async (t) => {
      const site = await start(t, { kind });
      const restart = async (): Promise<void> => {
        await site.daemon.stop();
        await site.daemon.start();
      };
      const codes: (number | undefined)[] = [];
      for (const minutes of [0, 2, 1, 1]) {
        site.daemon.clock.advance(minutes * minute);
        const smtp = await site.connect();
        const { recipients } = await smtp.offer(mail);
        codes.push(recipients[0]?.code);
        await smtp.quit();
        await restart();
      }
      assert.deepEqual(codes, [451, 451, 250, 250]);
      assert.deepEqual(
        site.daemon.decisions.map(({ reason }) => reason),
        ['greylist-new', 'greylist-early', 'greylist-passed', 'greylist-known'],
      );
    });

    test(`${kind}: a session that is open comes to its end first`, skipping(kind), async (t) => {
      const site = await start(t, { kind, overrides: ['limits.drain=80s'] });
      const open = await site.connect();
      assert.equal((await open.offer(mail)).recipients[0]?.code, 451);
      const stopped = site.daemon.stop();
      site.daemon.clock.advance(3 * minute);
      assert.equal((await open.offer(mail)).data?.code, 250);
      await open.quit();
      await stopped;
      assert.equal((await site.takeHeaders()).length, 1);
      await site.daemon.start();
      const next = await site.connect();
      assert.equal((await next.offer(mail)).data?.code, 250);
      await next.quit();
      assert.equal(site.daemon.decisions.at(-1)?.reason, 'greylist-known');
    });
  }
});

function skipping(kind: MtaKind): { readonly skip: string | false } {
  return { skip: skipWithout(kind) };
}

function start(t: TestContext, options: Omit<SiteOptions, 'transport'>): Promise<MailSite> {
  return startSite(lastFirst(t), { transport: 'unix', ...options });
}

/** The first refusal of a mail as the client sees it, or `delivered`. */
async function offer(site: MailSite, smtp: SmtpClient): Promise<string> {
  for (const step of [() => smtp.mail(sender), () => smtp.rcpt(recipient), () => smtp.data()]) {
    const { code, lines } = await step();
    if (code === 250) continue;
    if (code === 421) await assert.rejects(smtp.rset(), connectionLost);
    else await smtp.rset();
    return lines.join('\n');
  }
  await smtp.rset();
  const held = await site.mta.queued();
  await site.mta.flush();
  return held.length === 1 ? 'delivered' : `${held.length} mails are held`;
}

/** The same for a new client: `421 …` if it is sent away, `554, …` if the greeting says 554. */
async function offerToNew(site: MailSite): Promise<string> {
  const smtp = await site.connectSilently();
  const { code, lines } = smtp.greeting;
  if (code === 421) {
    await assert.rejects(smtp.ehlo(), connectionLost);
    return lines.join('\n');
  }
  await smtp.ehlo();
  const said = await offer(site, smtp);
  if (!said.startsWith('421')) await smtp.quit();
  return code === 220 ? said : `${code}, ${said}`;
}
