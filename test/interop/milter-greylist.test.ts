import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeSites } from './describe-sites.js';

/** What a greylist.conf of three lines comes to, and whose words there are. */
const text = `
trusted: []
greylist:
  style: milter-greylist
  delay: 30m
  network: {ipv4: 32, ipv6: 128}
  sender: {form: milter-greylist}
  recipient: {form: milter-greylist}
  client-autowhite: off
  replies: off
  providers: greylist
  probe-senders: {match: []}
  reply: {text: 'Greylisting in action, please come back in {remaining}'}
  header: always
  header-text: 'X-Greylist: {milter-greylist} by milter-greylist-4.6.4 ({host} [{local-address}]); {date} (UTC)'
rules: [{name: '4', then: greylist}]
`;

const TAIL =
  'by milter-greylist-4\\.6\\.4 \\(mx\\.local\\.test \\[[\\d.]+\\]\\); \\w{3}, \\d\\d \\w{3} 2030 [\\d:]{8} \\+0000 \\(UTC\\)';

describeSites({}, (shared) => {
  test('replies and the header have the words of milter-greylist', async () => {
    const { site, mailbox } = shared;
    await site.daemon.reload({ text });
    const mail = { sender: 'prvs=1234=joe@client.example', recipients: [mailbox()] };
    const told = async (): Promise<string> => {
      const smtp = await site.connect();
      const { recipients } = await smtp.offer(mail);
      await smtp.quit();
      return recipients
        .map(({ code, enhanced, text }) => `${code} ${enhanced ?? ''} ${text}`)
        .join();
    };
    assert.match(await told(), /451.*4\.7\.1 Greylisting in action, please come back in 00:30:00/);
    site.daemon.clock.advance(60_000);
    assert.match(await told(), /451.*4\.7\.1 Greylisting in action, please come back in 00:29:00/);
    site.daemon.clock.advance(29 * 60_000);
    assert.match(await told(), /250/);
    const delayed = (await site.takeHeaders()).join('\n');
    assert.match(delayed, new RegExp(`^X-Greylist: Delayed for 00:30:00 ${TAIL}`, 'm'));
    assert.match(await told(), /250/);
    const known = (await site.takeHeaders()).join('\n');
    const reason = 'IP, sender and recipient auto-whitelisted, not delayed';
    assert.match(known, new RegExp(`^X-Greylist: ${reason} ${TAIL}`, 'm'));
  });
});
