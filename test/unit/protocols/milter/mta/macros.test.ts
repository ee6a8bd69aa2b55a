import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ConnectEvent } from '../../../../../src/protocols/milter/events.js';
import { usualValue, type MtaFacts } from '../../../../../src/protocols/milter/mta/macros.js';
import { mtaProfiles } from '../../../../../src/protocols/milter/mta/profiles.js';
import { agreeing, client, createStub, macroList, openSession } from './filter-stub.js';

const facts: MtaFacts = {
  mtaName: 'mx.example',
  client,
  sender: '<Sender@Client.example>',
  recipient: '<User@Local.test>',
  refusal: undefined,
};
const nobody: MtaFacts = { ...facts, client: undefined, sender: '<>', recipient: 'postmaster' };
const refused: MtaFacts = { ...facts, refusal: { enhanced: '5.1.1', text: 'User unknown' } };
const unnamed = from({ hostName: '[192.0.2.7]' });
const inet6 = from({ hostName: '[2001:db8::7]', family: 'inet6', address: '2001:db8::7' });
const unknown = from({ family: 'unknown', address: '' });

function from(more: Partial<ConnectEvent>): MtaFacts {
  return { ...facts, client: { ...client, ...more } };
}

/** Symbol, facts, what Postfix says, what Sendmail says. */
const rows: readonly (readonly [string, MtaFacts, string | undefined, string | undefined])[] = [
  ['j', facts, 'mx.example', 'mx.example'],
  ['{j}', facts, 'mx.example', 'mx.example'],
  ['v', facts, 'Postfix 3.7.11', '8.17.1.9'],
  ['{daemon_name}', facts, 'mx.example', 'MTA'],
  ['_', facts, 'mail.example [192.0.2.7]', 'mail.example [192.0.2.7]'],
  ['_', unnamed, 'unknown [192.0.2.7]', '[192.0.2.7]'],
  ['_', inet6, 'unknown [2001:db8::7]', '[IPv6:2001:db8:0:0:0:0:0:7]'],
  ['{client_addr}', facts, '192.0.2.7', '192.0.2.7'],
  ['{client_addr}', inet6, 'IPv6:2001:db8::7', 'IPv6:2001:db8:0:0:0:0:0:7'],
  ['{client_addr}', unknown, 'unknown', 'unknown'],
  ['{client_name}', facts, 'mail.example', 'mail.example'],
  ['{client_ptr}', unnamed, 'unknown', '[192.0.2.7]'],
  ['{client_port}', facts, '40000', '40000'],
  ['{client_resolve}', facts, 'OK', 'OK'],
  ['{client_resolve}', unnamed, 'FAIL', 'FAIL'],
  ['{client_addr}', nobody, undefined, undefined],
  ['{tls_version}', facts, undefined, undefined],
  ['{mail_addr}', facts, 'Sender@Client.example', 'Sender@Client.example'],
  ['{mail_addr}', nobody, '', ''],
  ['{mail_host}', facts, 'Client.example', 'Client.example.'],
  ['{mail_host}', nobody, 'mx.example', ''],
  ['{mail_mailer}', facts, 'smtp', 'esmtp'],
  ['{rcpt_mailer}', facts, 'local', 'local'],
  ['{rcpt_mailer}', refused, 'error', 'error'],
  ['{rcpt_host}', facts, 'Local.test', ''],
  ['{rcpt_host}', refused, '5.1.1', '5.1.1'],
  ['{rcpt_addr}', facts, 'user@Local.test', 'User'],
  ['{rcpt_addr}', nobody, 'postmaster', 'postmaster'],
  ['{rcpt_addr}', refused, 'User unknown', 'User unknown'],
];

describe('the usual values of macros', () => {
  for (const [symbol, known, postfix, sendmail] of rows) {
    test(`${symbol}: ${String(postfix)} in Postfix, ${String(sendmail)} in Sendmail`, () => {
      assert.equal(usualValue(symbol, known, mtaProfiles.postfix), postfix);
      assert.equal(usualValue(symbol, known, mtaProfiles.sendmail), sendmail);
    });
  }
});

describe('the macros of a session', () => {
  const asked = macroList(2, '{mail_addr} {i} {x}');

  test('given values come before the usual ones', async () => {
    const stub = createStub((letter) => (letter === 'O' ? agreeing(0, 0x1ff, asked) : undefined));
    const mta = await openSession(stub, { macros: { '{mail_addr}': 'given' } });
    await mta.connect(client);
    await mta.mail('<a@b.example>');
    assert.equal(stub.payloads[3], 'M{mail_addr}\0given\0{i}\x000000000001\0');
    assert.equal(
      stub.payloads[1],
      'Cj\0mx.example\0_\0mail.example [192.0.2.7]\0{daemon_name}\0MTA\0',
    );
    await mta.quit();
  });

  test('each message has a queue id of its own', async () => {
    const stub = createStub();
    const mta = await openSession(stub, { profile: mtaProfiles.postfix, mtaName: 'mx.test' });
    for (const sender of ['<>', '<x@b.example>']) {
      await mta.mail(sender);
      await mta.rcpt('<a@b.example>');
      await mta.rcpt('<c@b.example>');
      await mta.message({});
    }
    const ids = stub.payloads.filter((payload) => payload.startsWith('Ri\0'));
    assert.deepEqual(
      ids.map((payload) => payload.slice(3, 13)),
      ['0000000001', '0000000002'],
    );
    await mta.quit();
  });

  test('a function that throws leaves no half packet behind', async () => {
    const stub = createStub();
    let isBroken = true;
    const mta = await openSession(stub, {
      macros: () => {
        if (isBroken) throw new Error('a bug');
        return 'x';
      },
    });
    assert.throws(() => void mta.connect(client), /a bug/);
    isBroken = false;
    await mta.connect(client);
    assert.equal(stub.letters.join(' '), 'O DC C');
    await mta.quit();
  });

  test('a function knows all of them, and is asked for each event', async () => {
    const stub = createStub();
    const mta = await openSession(stub, {
      profile: mtaProfiles.postfix,
      macros: (symbol, event) => (symbol === 'j' ? event : undefined),
    });
    await mta.connect(client);
    assert.equal(stub.payloads[1], 'Cj\0connect\0');
    await mta.quit();
  });
});
