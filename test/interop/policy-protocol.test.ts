import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { actions, PolicyServer } from '../../src/protocols/postfix-policy/index.js';
import { skipWithout } from '../support/mta/availability.js';
import { createSocketDirectory } from '../support/mta/places.js';
import { startPostfix, type PostfixInstance } from '../support/mta/postfix.js';
import { connectSmtp, type SmtpClient } from '../support/smtp-client.js';
import { postfixNames } from '../support/policy-request-text.js';

const sender = 'sender@client.example';
const first = 'user1@local.test';
const second = 'user2@local.test';

/** What was asked, in its order. */
const asked: ReadonlyMap<string, string>[] = [];
/** What is answered at RCPT. */
let answer = actions.dunno;

const server = new PolicyServer({
  open: () => undefined,
  service: () => ({
    answer: ({ attributes }) => {
      asked.push(attributes);
      return attributes.get('protocol_state') === 'RCPT' ? answer : actions.dunno;
    },
    failed: () => actions.dunno,
    late: () => actions.dunno,
  }),
});

for (const kind of ['unix', 'inet'] as const) {
  describe(`Postfix asks over ${kind}`, { skip: skipWithout('postfix') }, () => {
    const cleanUps: (() => void)[] = [];
    let postfix: PostfixInstance;
    let smtp: SmtpClient;

    before(async () => {
      const listener = createServer();
      server.attach(listener);
      cleanUps.push(() => listener.close());
      const directory = createSocketDirectory({ after: (remove) => cleanUps.push(remove) });
      const path = join(directory, 'policy.sock');
      if (kind === 'unix') await once(listener.listen(path), 'listening');
      else await once(listener.listen(0, '127.0.0.1'), 'listening');
      // Postfix is not root.
      if (kind === 'unix') chmodSync(path, 0o666);
      const address = listener.address();
      const service =
        address !== null && typeof address === 'object'
          ? `inet:127.0.0.1:${address.port}`
          : `unix:${path}`;
      postfix = await startPostfix({
        milter: '',
        extraMainCf: {
          smtpd_recipient_restrictions: `reject_unauth_destination, check_policy_service ${service}`,
          smtpd_data_restrictions: `check_policy_service ${service}, check_client_access static:HOLD`,
        },
      });
      smtp = await connectSmtp({ host: postfix.host, port: postfix.port });
      await smtp.ehlo();
      await smtp.xclient({
        ADDR: '203.0.113.7',
        NAME: 'mx.client.example',
        REVERSE_NAME: 'mx.client.example',
      });
      await smtp.ehlo();
    });

    after(async () => {
      await smtp.quit();
      await postfix.stop();
      for (const cleanUp of cleanUps.reverse()) cleanUp();
      if (kind === 'inet') await server.drain(0);
    });

    test('with the attributes that we know, one instance for a message', async () => {
      answer = actions.dunno;
      asked.length = 0;
      const { recipients, data } = await smtp.offer({ sender, recipients: [first, second] });
      assert.deepEqual([...recipients.map(({ code }) => code), data?.code], [250, 250, 250]);
      assert.deepEqual(
        asked.map((each) => each.get('protocol_state')),
        ['RCPT', 'RCPT', 'DATA'],
      );
      const [one, two, atData] = asked;
      assert.ok(one && two && atData);
      for (const name of postfixNames) assert.notEqual(one.get(name), undefined, name);
      assert.equal(one.get('client_address'), '203.0.113.7');
      assert.equal(one.get('client_name'), 'mx.client.example');
      assert.equal(one.get('sender'), sender);
      assert.equal(one.get('recipient'), first);
      assert.equal(one.get('recipient_count'), '0');
      assert.equal(one.get('queue_id'), '');
      assert.equal(two.get('recipient'), second);
      assert.notEqual(two.get('queue_id'), '');
      assert.equal(atData.get('recipient'), '');
      assert.equal(atData.get('recipient_count'), '2');
      assert.equal(new Set(asked.map((each) => each.get('instance'))).size, 1);
      await postfix.flush();
    });

    const refusals: readonly (readonly [string, number, RegExp])[] = [
      [
        actions.deferIfPermit('4.2.0 Greylisted'),
        450,
        /^450 4\.2\.0 <user1@local\.test>: .*Greylisted$/,
      ],
      [actions.code(451, '4.7.1 Come back'), 451, /^451 4\.7\.1 <user1@local\.test>: .*Come back$/],
      [actions.reject('5.7.1 Go away'), 554, /^554 5\.7\.1 <user1@local\.test>: .*Go away$/],
      [actions.deferIfPermit('x'.repeat(5000)), 450, /x{300}/],
    ];
    for (const [action, code, text] of refusals)
      test(`and does as it is told: ${action.slice(0, 40)}`, async () => {
        answer = action;
        await smtp.mail(sender);
        const reply = await smtp.rcpt(first);
        assert.equal(reply.code, code);
        assert.match(reply.lines.join('\n'), text);
        await smtp.rset();
      });

    test('and prepends a header', async () => {
      answer = actions.prepend('X-Greylist', `delayed; ${'y'.repeat(2000)}`);
      assert.equal((await smtp.offer({ sender, recipients: [first] })).data?.code, 250);
      const [mail] = await postfix.queued();
      assert.match(mail?.headers ?? '', /^X-Greylist: delayed; y{900}/m);
      await postfix.flush();
    });

    test('over one connection for all of this', () => assert.equal(server.connections, 1));
  });
}
