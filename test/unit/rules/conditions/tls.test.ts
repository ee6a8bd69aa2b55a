import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { tlsCondition } from '../../../../src/rules/conditions/tls.js';
import { ask, compileWritten, issuesOfWritten } from '../../../support/condition-rig.js';
import { createEvaluation, createFacts } from '../../../support/rule-parts.js';

const encrypted = { '{tls_version}': 'TLSv1.3', '{cipher}': 'TLS_AES_256_GCM_SHA384' };

function of(macros: Readonly<Record<string, string>>) {
  return createEvaluation(createFacts({ macros }));
}

const plain = of({});
const plainSendmail = of({ '{verify}': 'NONE', '{cert_subject}': '' });
const anonymousSendmail = of({ ...encrypted, '{verify}': 'NO', '{cert_subject}': '' });
const anonymousPostfix = of(encrypted);
const selfSigned = of({ ...encrypted, '{verify}': 'FAIL', '{cert_subject}': '/CN=mx.example' });
const verifiedSendmail = of({
  ...encrypted,
  '{verify}': 'OK',
  '{cert_subject}': '/O=Example/CN=mx.example',
  '{cert_issuer}': '/CN=Example+20CA',
});
const verifiedPostfix = of({
  ...encrypted,
  '{cert_subject}': 'mx.example',
  '{cert_issuer}': 'Example CA',
});

const lists = { partners: { values: ['mx.example', '/CN=mx\\.example$/'] } };

describe('the condition tls', () => {
  for (const [name, written, evaluation, truth] of [
    ['no encryption', { encrypted: false }, plain, 'yes'],
    ['no encryption', { encrypted: true }, plain, 'no'],
    ['encryption', { encrypted: true }, anonymousPostfix, 'yes'],
    ['encryption', { encrypted: false }, anonymousPostfix, 'no'],
    ['no encryption in Sendmail', { verified: true }, plainSendmail, 'no'],
    ['no certificate in Sendmail', { verified: true }, anonymousSendmail, 'no'],
    ['no certificate in Postfix', { verified: true }, anonymousPostfix, 'no'],
    ['no certificate in Postfix', { verified: false }, anonymousPostfix, 'yes'],
    ['a certificate that is not verified', { verified: true }, selfSigned, 'no'],
    ['a certificate that is not verified', { subject: '/mx/' }, selfSigned, 'yes'],
    ['a verified certificate in Sendmail', { verified: true }, verifiedSendmail, 'yes'],
    ['a verified certificate in Postfix', { verified: true }, verifiedPostfix, 'yes'],
    ['a verified certificate in Postfix', { verified: false }, verifiedPostfix, 'no'],
    ['a version', { version: ['TLSv1.2', 'TLSv1.3'] }, anonymousPostfix, 'yes'],
    ['a version', { version: 'TLSv1.2' }, anonymousPostfix, 'no'],
    ['no version', { version: '/./' }, plain, 'no'],
    ['a cipher', { cipher: '/AES/' }, anonymousPostfix, 'yes'],
    ['a subject in Sendmail', { subject: 'list:partners' }, verifiedSendmail, 'yes'],
    ['a subject in Postfix', { subject: 'list:partners', verified: true }, verifiedPostfix, 'yes'],
    ['an issuer', { issuer: '/Example.*CA/', subject: '/mx/' }, verifiedSendmail, 'yes'],
    ['an issuer', { issuer: 'Other CA', subject: '/mx/' }, verifiedPostfix, 'no'],
    ['an issuer of none', { issuer: '/./' }, anonymousSendmail, 'no'],
  ] as const)
    test(`${JSON.stringify(written)} of ${name} is ${truth}`, async () => {
      const condition = compileWritten(tlsCondition, written, { lists });
      assert.equal((await ask(condition, evaluation)).truth, truth);
    });

  test('says what it saw', async () => {
    const written = { encrypted: true, verified: true, version: 'TLSv1.3', issuer: 'x' };
    const condition = compileWritten(tlsCondition, written);
    assert.deepEqual((await ask(condition, verifiedPostfix)).notes, [
      'encrypted by TLSv1.3',
      'certificate verified',
      'version TLSv1.3 matches TLSv1.3 (rules.yaml version.0)',
      'issuer Example CA matches no entry',
    ]);
    assert.deepEqual((await ask(condition, plain)).notes, ['not encrypted']);
    const verified = compileWritten(tlsCondition, { verified: true });
    assert.deepEqual((await ask(verified, selfSigned)).notes, ['no verified certificate']);
    const subject = compileWritten(tlsCondition, { subject: 'x' });
    assert.deepEqual((await ask(subject, plain)).notes, ['subject unknown matches no entry']);
  });

  for (const [value, macros] of [
    [{ encrypted: true }, ['{tls_version}']],
    [{ verified: false }, ['{verify}', '{cert_subject}']],
    [{ cipher: [], issuer: [] }, ['{cipher}', '{cert_issuer}']],
  ] as const)
    test(`needs ${macros.join(' and ')} for ${JSON.stringify(value)}`, () => {
      assert.deepEqual(tlsCondition.needs?.(value), { macros });
    });

  for (const [written, issue] of [
    [{}, ': is empty'],
    [{ verified: 'yes' }, 'verified: type'],
    [{ version: 1.3 }, 'version: type'],
  ] as const)
    test(`refuses ${JSON.stringify(written)}`, () => {
      assert.deepEqual(issuesOfWritten(tlsCondition, written), [issue]);
    });
});
