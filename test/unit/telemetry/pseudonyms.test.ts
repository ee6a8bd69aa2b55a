import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';

import { parseEnvelopeAddress } from '../../../src/mail/envelope-address.js';
import type { LogFields, LogSettings } from '../../../src/telemetry/logger.js';
import { openPseudonyms, Pseudonyms } from '../../../src/telemetry/pseudonyms.js';
import { createLogger } from '../../../src/telemetry/winston-logger.js';
import { createTempDirectory } from '../../support/temp-directory.js';
import { sampleDecision as decisionOf } from './sample-decision.js';

const KEY = Buffer.alloc(32, 7);
const everybody = ['sender', 'recipient', 'client'] as const;
const PSEUDONYM = /^~[\w-]{12}$/;

const address = (text: string) => parseEnvelopeAddress(text);

const sampleDecision = () =>
  decisionOf({ sender: address('a@example.org'), recipient: address('c@example.net') });

const withSender = (text: string) => {
  const decision = sampleDecision();
  return { ...decision, attempt: { ...decision.attempt, sender: address(text) } };
};

describe('a pseudonym', () => {
  const hide = new Pseudonyms(KEY, everybody);
  const senderOf = (text: string, by = hide) => by.decision(withSender(text)).attempt.sender.text;

  test('has the domain, and is the same for the same address in any case', () => {
    const text = senderOf('joe@b.example');
    const [local = '', domain] = text.split('@');
    assert.match(local, PSEUDONYM);
    assert.equal(domain, 'b.example');
    assert.equal(senderOf('Joe@B.example'), text);
  });

  test('is another one with another key, mailbox or domain', () => {
    const other = new Pseudonyms(Buffer.alloc(32, 8), everybody);
    const all = [senderOf('joe@b.example'), senderOf('joe@b.example', other)].concat([
      senderOf('jim@b.example'),
      senderOf('joe@c.example'),
    ]);
    assert.equal(new Set(all.map((text) => text.split('@')[0])).size, 4);
  });

  test('is not made of the null sender', () => assert.equal(senderOf(''), ''));

  test('needs no domain', () => assert.match(senderOf('root'), PSEUDONYM));

  test('stands for those alone who are hidden', () => {
    const { attempt } = sampleDecision();
    const shown = new Pseudonyms(KEY, ['recipient']).attempt({ ...attempt, login: 'joe' });
    assert.deepEqual({ ...shown, recipient: attempt.recipient }, { ...attempt, login: 'joe' });
    assert.notEqual(shown.recipient.text, attempt.recipient.text);
    for (const party of ['sender', 'client'] as const) {
      const certified = { ...attempt, certSubject: '/CN=joe' };
      const hidden = new Pseudonyms(KEY, [party]).attempt(certified);
      assert.match(hidden.certSubject ?? '', PSEUDONYM);
    }
    const none = hide.attempt({ ...attempt, login: 'joe' });
    assert.match(none.login ?? '', PSEUDONYM);
    for (const text of [none.clientAddress?.text, none.clientName, none.helo]) {
      assert.match(text ?? '', PSEUDONYM);
    }
    const bare = { clientAddress: undefined, clientName: undefined, helo: undefined };
    assert.deepEqual(hide.attempt({ ...attempt, ...bare }).clientName, undefined);
  });
});

describe('the fields of other lines', () => {
  const hide = new Pseudonyms(KEY, everybody);
  const cases: readonly (readonly [LogFields, Readonly<Record<string, unknown>>])[] = [
    [
      { from: '<a@b.example>', to: '<>' },
      { from: /^<~[\w-]{12}@b\.example>$/, to: '<>' },
    ],
    [
      { key: 'p\0b@b.example\0a@a.example', user: 'joe@b.example' },
      { key: PSEUDONYM, user: PSEUDONYM },
    ],
    [
      { sender: '@b.example', for: 5 },
      { sender: '@b.example', for: 5 },
    ],
    [
      { from: 'enforce', to: 'learn' },
      { from: 'enforce', to: 'learn' },
    ],
    [{ client: '192.0.2.1 192.0.2.2' }, { client: /^~[\w-]{12} ~[\w-]{12}$/ }],
    [
      { client: '192.0.2.1', name: 'mx.b.example' },
      { client: PSEUDONYM, name: PSEUDONYM },
    ],
    [
      { name: 'ldap://192.0.2.10', problem: 'no answer in time' },
      { name: 'ldap://192.0.2.10', problem: 'no answer in time' },
    ],
    [
      { id: 'ABC', code: 'X' },
      { id: 'ABC', code: 'X' },
    ],
    [
      { id: 'cGFpcg', record: '{"sender":"a@b"}' },
      { id: PSEUDONYM, record: PSEUDONYM },
    ],
    [
      { id: 'cGFpcg', addedAt: 'x' },
      { id: PSEUDONYM, addedAt: 'x' },
    ],
    [{ what: 'POST /v1/pass?sender=a@b.example' }, { what: 'POST /v1/pass?…' }],
    [{ what: 'DELETE /v1/records/cGFpcg' }, { what: /^DELETE \/v1\/records\/~[\w-]{12}$/ }],
    [{ what: 'POST /v1/records/cGFpcg/pass' }, { what: /^POST \/v1\/records\/~[\w-]{12}\/pass$/ }],
    [
      { recipient: 'x@y.example', gone: undefined },
      { recipient: /^~.*@y\.example$/, gone: undefined },
    ],
  ];
  for (const [fields, expected] of cases) {
    test(JSON.stringify(fields), () => {
      const shown = hide.fields(fields);
      assert.deepEqual(Object.keys(shown), Object.keys(expected));
      for (const [name, wanted] of Object.entries(expected)) {
        if (wanted instanceof RegExp) assert.match(String(shown[name]), wanted);
        else assert.equal(shown[name], wanted);
      }
    });
  }

  test('stay as they are where nobody is hidden', () => {
    const fields = { from: '<a@b.example>', to: '<c@d.example>', client: '192.0.2.1' };
    assert.deepEqual(new Pseudonyms(KEY, []).fields(fields), fields);
  });
});

describe('the key', () => {
  const open = (t: TestContext, bytes: number) => {
    const path = join(createTempDirectory(t), 'key');
    writeFileSync(path, Buffer.alloc(bytes, 1));
    return openPseudonyms({ 'key-file': path, hide: everybody });
  };

  test('has 32 bytes or more', (t) => {
    assert.ok(open(t, 32));
    assert.throws(() => open(t, 31), { code: 'LOG_KEY_UNUSABLE' });
  });

  test('must be there', () =>
    assert.throws(() => openPseudonyms({ 'key-file': '/nowhere/key', hide: [] }), {
      code: 'LOG_KEY_UNUSABLE',
    }));

  test('is none without privacy', () => assert.equal(openPseudonyms(null), undefined));
});

describe('a log with privacy', () => {
  for (const style of ['greymilter', 'postgrey', 'milter-greylist'] as const) {
    for (const format of ['text', 'json'] as const) {
      test(`in the style of ${style}, as ${format}, has no address of those who are hidden`, async (t) => {
        const directory = createTempDirectory(t);
        const [path, key] = [join(directory, 'log'), join(directory, 'key')];
        writeFileSync(key, KEY);
        const settings: LogSettings = {
          ...{ level: 'debug', format, style, to: { kind: 'file', path } },
          privacy: { 'key-file': key, hide: everybody },
        };
        const logger = createLogger({ ...settings, now: () => 0 });
        const decision = sampleDecision();
        const { sender, recipient, clientAddress, clientName, helo } = decision.attempt;
        const shown = [sender.text, recipient.text, clientAddress?.text, clientName, helo];
        logger.decision(decision, 'error');
        logger.error('a message', { from: `<${sender.text}>`, client: clientAddress?.text });
        assert.throws(
          () => logger.reconfigure({ ...settings, privacy: { 'key-file': '/nowhere', hide: [] } }),
          { code: 'LOG_KEY_UNUSABLE' },
        );
        logger.decision(decision, 'error');
        await logger.close();
        const text = readFileSync(path, 'utf8');
        // There each decision about a new triplet has a second line, at debug level.
        const lines = style === 'milter-greylist' && format === 'text' ? 5 : 3;
        assert.equal(text.trimEnd().split('\n').length, lines);
        for (const word of shown) assert.ok(word !== undefined && !text.includes(word), text);
        assert.ok(text.includes(`@${sender.domain}`));
      });
    }
  }
});
