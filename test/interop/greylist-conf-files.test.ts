import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';

import { projectRoot } from '../guards/readme-text.js';
import { foundFiles } from '../support/found-files.js';
import { describeSites, type SharedSite } from './describe-sites.js';
import type { ClientName } from './mail-site.js';

const own = join(projectRoot, 'test/fixtures/milter-greylist/distribution.conf');
const found = foundFiles('greylist-conf');

/** Files that have a network of their own, and some users that are greylisted while others are not. */
const forSome = [
  'debian-4.6.2-3.conf',
  'debian-4.6.4-5.conf',
  'etckeeper-testserver.conf',
  'upstream-4.6.4.conf',
  'upstream-kou-4.4.1.conf',
  'upstream-milter-greylist-3-0-branch.conf',
];
/** Those that are for everybody; one that makes clients wait for two minutes is none of them. */
const forAll = [
  'docker-mail.conf',
  'milter-manager-centos-doc.conf',
  'upstream-4.6.4-greylist2.conf',
  'upstream-milter-greylist-1-0.conf',
];

function filesOf(names: readonly string[]): readonly string[] {
  return found === undefined ? [] : names.map((name) => join(found, name));
}

/** A file's policy, for users that the mail server of the test has, and a network of its clients. */
function policyOf(file: string, { site }: SharedSite): string {
  const text = readFileSync(file, 'utf8')
    .replaceAll('user1@example.com', 'user1@local.test')
    .replaceAll('192.0.2.0/24', site.addressOf('second'))
    .replaceAll(/127\.0\.0\.[01]\/8/g, '127.0.0.1');
  return `nospf\n${text}`;
}

async function offer(
  { site }: SharedSite,
  mail: readonly [from: string, to: string],
  client: ClientName,
) {
  const smtp = await site.connect(client);
  const { recipients, data } = await smtp.offer({ sender: mail[0], recipients: [mail[1]] });
  await smtp.quit();
  return (data ?? recipients[0])?.lines.join(' ') ?? 'nothing';
}

describeSites({}, (shared) => {
  for (const [index, file] of [own, ...filesOf(forSome), ...filesOf(forAll)].entries())
    test(`by ${basename(file)} a mail waits for half an hour, and passes`, async () => {
      const { site, mailbox } = shared;
      const text = policyOf(file, shared);
      // It cannot change while the filter runs.
      await site.daemon.reload({ file: 'greylist.conf', text, overrides: ['pid-file=null'] });
      const mail = [`s${index}@client.example`, 'user1@local.test'] as const;
      assert.match(await offer(shared, mail, 'first'), /^451[ -].*Greylisting in action, please/);
      site.daemon.clock.advance(30 * 60_000);
      assert.match(await offer(shared, mail, 'first'), /^250/);
      const headers = (await site.takeHeaders()).join('\n');
      assert.match(headers, /^X-Greylist: Delayed for 00:30:00 by milter-greylist-4\.6\.4 \(/m);
      if (forAll.includes(basename(file))) return;

      assert.match(await offer(shared, [mail[0], mailbox()], 'first'), /^250/);
      const usual = (await site.takeHeaders()).join('\n');
      assert.match(usual, /^X-Greylist: Default is to whitelist mail, not delayed by /m);

      assert.match(await offer(shared, ['new@client.example', mail[1]], 'second'), /^250/);
      const trusted = (await site.takeHeaders()).join('\n');
      assert.match(trusted, /^X-Greylist: Sender IP whitelisted, not delayed by /m);
    });
});
