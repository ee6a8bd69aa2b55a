import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { customReply } from '../../../../../src/protocols/milter/custom-reply.js';
import { wishesOf } from '../../../../../src/protocols/milter/negotiation.js';
import { replies } from '../../../../../src/protocols/milter/replies.js';
import { recordingFilter, settle } from '../filter-harness.js';
import { against, events, letters, macros, mtas } from './divergence-rig.js';
import { parseReplyText } from '../../../../../src/protocols/milter/mta/reply-text.js';

// Where Sendmail and Postfix differ, in the order in which it bites a filter that works at RCPT. What
// only the SMTP client sees cannot show here; then it is what this library makes of it that is tested.
describe('where Sendmail and Postfix differ', () => {
  test('1. ABORT after each message and twice before QUIT in Postfix, none in Sendmail', async () => {
    assert.match(letters('postfix', '04-two-messages'), / E A DM M .* E A A Q$/);
    assert.doesNotMatch(letters('sendmail', '04-two-messages'), /A/);
    for (const name of mtas) {
      const { filter, calls } = recordingFilter();
      const { mta } = await against(name, filter);
      for (const address of ['<a@b.example>', '<c@d.example>']) {
        await mta.mail(address);
        await mta.rcpt('<u@x.example>');
        await mta.message({});
      }
      await mta.quit();
      assert.deepEqual(
        calls.filter((call) => call.startsWith('abort')),
        [],
        name,
      );
    }
  });

  test('2. a dead filter: mail passes in Sendmail, is put off in Postfix; so a bug answers', async () => {
    for (const name of mtas) {
      assert.match(letters(name, '212-filter-closes-at-rcpt'), / R$/);
      const { filter } = recordingFilter(() => {
        throw new Error('a bug');
      });
      const { mta } = await against(name, filter);
      await mta.mail('<a@b.example>');
      assert.deepEqual(await mta.rcpt('<u@x.example>'), undefined);
      assert.equal(mta.error, undefined);
      await mta.quit();
    }
  });

  test('3. a single % in a custom reply is a permanent 550 in Sendmail; it is doubled', () => {
    const { bytes } = customReply({
      code: 451,
      enhanced: '4.7.1',
      text: 'wait, user%domain@relay',
    });
    assert.match(bytes.toString('latin1'), /user%%domain/);
    assert.deepEqual(parseReplyText('451 user%domain\0').faults, ['reply-percent']);
  });

  test('4. progress before the end of a message: Sendmail drops the filter; no handler can', async () => {
    assert.match(letters('sendmail', '122-rcpt-progress-then-y'), / R$/);
    assert.match(letters('postfix', '122-rcpt-progress-then-y'), / R DR R A A Q$/);
    const able: string[] = [];
    const note = (event: string, context: object): void => {
      if ('progress' in context) able.push(event);
    };
    const { filter } = recordingFilter(
      (event, _payload, context) => {
        note(event, context);
        return replies.continue;
      },
      {},
      (context) => {
        note('eom', context);
        return replies.continue;
      },
    );
    const { mta } = await against('sendmail', filter);
    await mta.mail('<a@b.example>');
    await mta.rcpt('<u@x.example>');
    await mta.message({ headers: [['A', 'b']], body: 'x' });
    await mta.quit();
    assert.deepEqual(able, ['eom']);
  });

  test('5. a 5xx with 4.x.x, or three digits alone: Postfix drops the filter; neither can be said', () => {
    for (const scenario of ['104-rcpt-y-three-digits-only', '111-rcpt-y-5xx-with-4.x.x']) {
      assert.match(letters('postfix', scenario), / R$/);
      assert.match(letters('sendmail', scenario), / R DR R Q$/);
    }
    assert.throws(() => customReply({ code: 550, enhanced: '4.7.1', text: 'x' }), {
      code: 'MILTER_REPLY_INVALID',
    });
    assert.match(customReply({ code: 451, text: '' }).bytes.toString('latin1'), /^.{5}451 \S/s);
  });

  test('6. IPv6: short and bare in Postfix, in full with a prefix in Sendmail; read as the same', () => {
    const [postfix] = events('postfix', '314-netns-named-ipv6', 'connect');
    const [sendmail] = events('sendmail', '314-netns-named-ipv6', 'connect');
    assert.equal(postfix?.address, sendmail?.address);
    assert.equal(postfix?.family, 'inet6');
    for (const name of mtas) {
      assert.match(macros(name, '314-netns-named-ipv6', 'DC').join(), /\{client_addr\}=IPv6:/);
    }
  });

  test('7. macros of recipients that Sendmail refuses itself, without RCPT', async () => {
    assert.match(letters('sendmail', '50-bad-rcpt'), / DR DR R /);
    assert.doesNotMatch(letters('postfix', '50-bad-rcpt'), /DR DR/);
    const seen: (string | undefined)[] = [];
    const { filter } = recordingFilter((event, _payload, context) => {
      if (event === 'rcpt') seen.push(context.macro('{rcpt_mailer}'));
      return replies.continue;
    });
    const { mta } = await against('sendmail', filter);
    await mta.mail('<a@b.example>');
    await mta.rcpt('<no@x.example>', [], { enhanced: '5.1.1', text: '550 5.1.1 User unknown' });
    await mta.rcpt('<u@x.example>');
    await mta.quit();
    assert.deepEqual(seen, ['local']);
  });

  test('8. the queue id: not at MAIL and the first RCPT in Postfix, from MAIL on in Sendmail', async () => {
    const known: Record<string, boolean[]> = {};
    for (const name of mtas) {
      const ids: boolean[] = [];
      const { filter } = recordingFilter((event, _payload, context) => {
        if (event === 'mail' || event === 'rcpt') ids.push(context.macro('i') !== undefined);
        return replies.continue;
      });
      const { mta } = await against(name, filter);
      await mta.mail('<a@b.example>');
      await mta.rcpt('<u@x.example>');
      await mta.rcpt('<v@x.example>');
      await mta.quit();
      known[name] = ids;
    }
    assert.deepEqual(known, { postfix: [false, false, true], sendmail: [true, true, true] });
    assert.deepEqual(
      macros('postfix', '03-several-recipients', 'DR').map((line) => line.startsWith('i=')),
      [false, true, true],
    );
    assert.doesNotMatch(macros('sendmail', '03-several-recipients', 'DR').join(), /\bi=/);
    assert.match(macros('sendmail', '03-several-recipients', 'DM').join(), /^i=/);
  });

  test('9. {rcpt_addr} of a local user, {mail_host}: the event itself is the same in both', () => {
    assert.match(
      macros('sendmail', '01-plain', 'DR').join(),
      /\{rcpt_host\}= \{rcpt_addr\}=user1$/,
    );
    assert.match(macros('postfix', '01-plain', 'DR').join(), /\{rcpt_addr\}=user1@local\.test /);
    assert.match(macros('sendmail', '01-plain', 'DM').join(), /\{mail_host\}=client\.example\. /);
    assert.match(macros('postfix', '01-plain', 'DM').join(), /\{mail_host\}=client\.example /);
    const [rcpt] = events('sendmail', '01-plain', 'rcpt');
    assert.deepEqual(rcpt, { address: '<user1@local.test>', args: [] });
    assert.deepEqual(events('postfix', '01-plain', 'rcpt'), [rcpt]);
  });

  test('10. macros before each header and body chunk in Postfix alone', () => {
    const headers = letters('postfix', '34-many-headers').match(/ L\b/g)?.length ?? 0;
    assert.ok(headers > 300);
    assert.equal(macros('postfix', '34-many-headers', 'DL').length, headers);
    assert.equal(macros('sendmail', '34-many-headers', 'DL').length, 0);
  });

  test('11. discard at MAIL or RCPT: Postfix asks once more, as for a local submission', () => {
    for (const scenario of ['118-rcpt-discard', '153-mail-discard']) {
      const [again] = events('postfix', scenario, 'connect', 'A2');
      assert.deepEqual(again, {
        hostName: 'localhost',
        family: 'inet',
        port: 0,
        address: '127.0.0.1',
      });
      assert.equal(letters('sendmail', scenario, 'A2'), '');
    }
  });

  test('12. a client that drops in the content: Sendmail just closes; the message has ended', async () => {
    assert.match(letters('sendmail', '15-drop-in-data'), / T$/);
    assert.match(letters('postfix', '15-drop-in-data'), / T A A Q$/);
    for (const name of mtas) {
      const { filter, calls } = recordingFilter();
      const { mta, harness } = await against(name, filter);
      await mta.mail('<a@b.example>');
      await mta.rcpt('<u@x.example>');
      await mta.data();
      await mta.drop();
      await settle();
      assert.deepEqual(calls.slice(-2), ['abort 1', 'close 1'], name);
      assert.deepEqual(harness.endings, ['normal']);
    }
  });

  test('13. Sendmail drops the text of a custom reply at CONNECT; it is sent all the same', async () => {
    const answer = customReply({ code: 451, enhanced: '4.7.1', text: 'not now' });
    for (const name of mtas) {
      const quit = name === 'sendmail' ? ' Q' : '';
      assert.equal(letters(name, '132-connect-y-451'), `O DC C${quit}`);
      const { filter } = recordingFilter((event) =>
        event === 'connect' ? answer : replies.continue,
      );
      const { mta } = await against(name, filter);
      assert.equal(await mta.helo('again'), undefined);
      assert.equal(mta.isOpen, false);
    }
  });

  test('14. an empty macro list: none in Sendmail, the usual ones in Postfix; none is sent', () => {
    assert.doesNotMatch(letters('sendmail', '80-neg-symlist-empty-lists'), /D/);
    assert.match(letters('postfix', '80-neg-symlist-empty-lists'), /^O DC C DH H DM M DR R /);
    assert.match(letters('sendmail', '82-neg-symlist-eoh-only'), / DN N B E /);
    const { macroLists } = wishesOf({ open: () => undefined, macros: { helo: [], eom: ['i'] } });
    const both = Buffer.from('\0\0\0\x06i\0\0\0\0\x05i\0', 'latin1');
    assert.deepEqual(macroLists, both);
  });

  test('15. macros of events that were suppressed', async () => {
    assert.equal(letters('postfix', '72-neg-no-steps-at-all'), 'O DC DH DU DM DR DT DE E A A Q');
    assert.equal(letters('sendmail', '72-neg-no-steps-at-all'), 'O DC DH DM DR DE E Q');
    const { mta, harness } = await against('postfix', { open: () => undefined });
    await mta.mail('<a@b.example>');
    await mta.rcpt('<u@x.example>');
    assert.deepEqual((await mta.message({}))?.reply, { kind: 'continue' });
    await mta.quit();
    assert.deepEqual(harness.incidents, []);
  });

  test('16. addresses without brackets from the command line of Postfix', () => {
    const [mail] = events('postfix', '302-postfix-sendmail-command', 'mail');
    assert.deepEqual(mail, { address: 'sender@client.example', args: [] });
    const [bounce] = events('postfix', '303-postfix-sendmail-null-sender', 'mail');
    assert.deepEqual(bounce, { address: '', args: [] });
  });
});
