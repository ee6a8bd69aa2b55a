import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';

import type { DkimQuestion } from '../../../src/rules/lookups.js';
import { createDkimSigner } from '../../support/dkim-signer.js';
import type { DnsEntries } from '../../support/dns-responder.js';
import { startLookups } from './lookups-rig.js';

const signer = createDkimSigner('good.example');
const KEY = 's._domainkey.good.example';
const keys: DnsEntries = { [KEY]: { TXT: [signer.record] } };

const MESSAGE =
  'From: Alice <a@good.example>\r\nSubject:  two blanks\r\n\tand a fold\r\nX-Empty:\r\n\r\nHello \r\n\r\n';

/** As MTAs show it. */
function questionOf(message: string): DkimQuestion {
  const end = message.indexOf('\r\n\r\n');
  const fields = message.slice(0, end).split(/\r\n(?![ \t])/);
  return {
    headers: fields.map((field) => {
      const colon = field.indexOf(':');
      return [field.slice(0, colon), field.slice(colon + 1).replaceAll('\r\n', '\n')];
    }),
    body: Buffer.from(message.slice(end + 4), 'latin1'),
  };
}

async function check(t: TestContext, message: string | DkimQuestion, entries = keys) {
  const { service, responder } = await startLookups(t, entries);
  const question = typeof message === 'string' ? questionOf(message) : message;
  const answer = await service.forRecipient(undefined).dkim(question);
  assert.ok(answer.known, JSON.stringify(answer));
  const said = answer.value.map(({ domain, result, problem }) =>
    [domain, result, problem].filter((part) => part !== undefined).join(' '),
  );
  return { said, asked: responder.questions };
}

describe('DKIM', () => {
  for (const form of ['relaxed/relaxed', 'simple/simple', 'relaxed/simple'])
    test(`a message that is as it was signed, by ${form}`, async (t) => {
      const { said } = await check(t, await signer.sign(MESSAGE, form));
      assert.deepEqual(said, ['good.example pass']);
    });

  test('a blank more or less is nothing to one form, and all to the other', async (t) => {
    const changed = (message: string) => message.replace('Subject:  two', 'Subject: two');
    const relaxed = await check(t, changed(await signer.sign(MESSAGE)));
    assert.deepEqual(relaxed.said, ['good.example pass']);
    const simple = await check(t, changed(await signer.sign(MESSAGE, 'simple/simple')));
    assert.deepEqual(simple.said, ['good.example fail bad signature']);
  });

  test('a body, or a header, that was changed', async (t) => {
    const signed = await signer.sign(MESSAGE);
    const body = await check(t, signed.replace('Hello', 'Hullo'));
    assert.deepEqual(body.said, ['good.example fail body hash did not verify']);
    const header = await check(t, signed.replace('Alice', 'Bob'));
    assert.deepEqual(header.said, ['good.example fail bad signature']);
  });

  test('no signature costs no question', async (t) => {
    const { said, asked } = await check(t, MESSAGE);
    assert.deepEqual([said, asked], [[], []]);
  });

  for (const [what, entries, expected] of [
    ['is not there', {}, 'good.example error no key'],
    ['has no key', { [KEY]: { TXT: ['v=DKIM1; p='] } }, 'good.example error invalid public key'],
    ['cannot be asked for', { [KEY]: 'servfail' }, 'good.example error DNS failure: ETIMEOUT'],
    [
      'is another one',
      { [KEY]: { TXT: [createDkimSigner('x').record] } },
      'good.example fail bad signature',
    ],
  ] as const)
    test(`a key that ${what}`, async (t) => {
      const { said } = await check(t, await signer.sign(MESSAGE), entries);
      assert.deepEqual(said, [expected]);
    });

  test('a field that is no UTF-8, signed in its bytes', async (t) => {
    const { said } = await check(t, await signer.sign(MESSAGE.replace('two', 'zw\xe9i')));
    assert.deepEqual(said, ['good.example pass']);
  });

  test('a signature for a part of the body is not believed', async (t) => {
    const signed = await signer.sign(MESSAGE);
    const { said, asked } = await check(
      t,
      signed.replace('DKIM-Signature: ', 'DKIM-Signature: l=1; '),
    );
    assert.deepEqual([said, asked], [['good.example unknown it is for a part of the body'], []]);
  });

  test('of many signatures eight are checked, and seals of forwarders are not', async (t) => {
    const signed = await signer.sign(MESSAGE);
    const { headers, body } = questionOf(signed);
    const [signature] = headers;
    assert.ok(signature !== undefined);
    const seal = ['ARC-Seal', ' i=1; cv=none; d=seal.example; s=s; a=rsa-sha256; b=AAAA'] as const;
    const many = Array.from({ length: 20 }, () => signature);
    const { said, asked } = await check(t, { headers: [seal, ...many, ...headers.slice(1)], body });
    assert.equal(said.filter((each) => each === 'good.example pass').length, 8);
    assert.equal(said.filter((each) => each.endsWith('there are too many')).length, 12);
    assert.deepEqual(asked, [`TXT ${KEY}`]);
  });

  test('a signature that is none is not checked', async (t) => {
    const { said, asked } = await check(t, `DKIM-Signature: nonsense\r\n${MESSAGE}`);
    assert.deepEqual([said, asked], [[' error message not signed'], []]);
  });
});
