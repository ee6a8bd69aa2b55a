import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { PolicyClient } from '../../src/protocols/postfix-policy/index.js';
import { lastFirst } from '../support/clean-ups.js';
import { GreymilterProcess } from '../support/daemon-process.js';
import { skipWithout } from '../support/mta/availability.js';
import { createSocketDirectory } from '../support/mta/places.js';
import { startPostfix } from '../support/mta/postfix.js';
import { Postgrey, skipWithoutPostgrey } from '../support/postgrey.js';
import { connectSmtp, type MailReplies } from '../support/smtp-client.js';

/** The same Postfix, but for whom it asks. */
async function startSite(service: string) {
  return await startPostfix({
    milter: '',
    extraMainCf: {
      smtpd_recipient_restrictions: `reject_unauth_destination, check_policy_service ${service}`,
    },
  });
}

async function offer(site: Awaited<ReturnType<typeof startSite>>): Promise<MailReplies> {
  const smtp = await connectSmtp({ host: site.host, port: site.port });
  await smtp.ehlo();
  await smtp.xclient({ ADDR: '203.0.113.7', NAME: 'mx.client.example' });
  await smtp.ehlo();
  const replies = await smtp.offer({
    sender: 'a@client.example',
    recipients: ['user1@local.test'],
  });
  await smtp.quit();
  return replies;
}

const skip = skipWithout('postfix') || skipWithoutPostgrey();

test(
  'one line of main.cf goes from Postgrey to us, and clients see the same',
  { skip },
  async (t) => {
    const cleanUps = lastFirst(t);
    const directory = createSocketDirectory(cleanUps);
    const socket = join(directory, 'ours');
    const greymilter = new GreymilterProcess(
      ['postgrey', `--unix=${socket}`, `--dbdir=${directory}`, '--test-clock', '--user=root'],
      { withinMs: 60_000 },
    );
    cleanUps.after(async () => {
      greymilter.kill('SIGKILL');
      await greymilter.ending.catch(() => undefined);
    });
    const postgrey = await Postgrey.start(cleanUps, [], directory);
    await greymilter.logged(/^ready /);
    const [before, after] = [
      await startSite(`unix:${postgrey.socket}`),
      await startSite(`unix:${socket}`),
    ];
    cleanUps.after(async () => {
      await Promise.all([before.stop(), after.stop()]);
    });

    const [theirs, ours] = [await offer(before), await offer(after)];
    const text = '450 4.2.0 <user1@local.test>: Recipient address rejected: Greylisted, see ';
    const [first] = ours.recipients.map(({ lines }) => lines[0] ?? '');
    assert.ok(first?.startsWith(text), first);
    assert.deepEqual(ours.recipients, theirs.recipients);
    await greymilter.logged(/^action=greylist, reason=new, client_name=mx\.client\.example, /);

    // Postfix does not tell what time it is: somebody else does.
    const clock = await PolicyClient.connect({ path: socket });
    const later = String(Math.floor(Date.now() / 1000) + 3600);
    await clock.ask(Object.entries({ request: 'smtpd_access_policy', policy_test_time: later }));
    await clock.close();
    const passed = await offer(after);
    assert.match(passed.recipients[0]?.lines[0] ?? '', /^250 /);
    const [mail] = await after.queued();
    assert.match(mail?.headers ?? '', /^X-Greylist: delayed \d+ seconds by postgrey-1\.37 at /im);
  },
);
