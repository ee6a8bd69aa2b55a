import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { parseLdapServer, parseLdapUrl } from '../../../src/config/ldap-url.js';
import { parseConfig } from '../../../src/config/load.js';
import { issuesOf } from './issues-of.js';

describe('a URL of a directory', () => {
  for (const [text, expected] of [
    [
      'ldap:///dc=example?mail,uid?sub?(mail={recipient})',
      [['dc=example'], ['mail', 'uid'], 'sub', ['(mail=', ')']],
    ],
    ['ldap://elsewhere:389/dc=example', [['dc=example'], [], 'base', ['(objectClass=*)']]],
    ['ldaps://h', [[''], [], 'base', ['(objectClass=*)']]],
    ['ldap:///o=a%2Cb??ONE?uid={sender}', [['o=a,b'], [], 'one', ['(uid=', ')']]],
    ['ldap:///o=%7bx?a%20b?base?(a=%c3%a4)?x', [['o={x'], ['a b'], 'base', ['(a=ä)']]],
    ['ldap:///o={time:%H}{{?a?sub?(b={time:?})', [['o=', '{'], ['a'], 'sub', ['(b=', ')']]],
  ] as const)
    test(text, () => {
      const parsed = parseLdapUrl(text);
      assert.ok('ok' in parsed);
      const { base, attributes, scope, filter } = parsed.ok;
      assert.deepEqual([base.literals, attributes, scope, filter.literals], expected);
    });

  for (const [text, problem] of [
    ['http://h/dc=example', 'is no URL of a directory'],
    ['ldap:///o=x??children', 'has "children" for a scope'],
    ['ldap:///o={nobody}', 'has an unknown placeholder {nobody}'],
    ['ldap:///o=x??sub?(a={nobody})', 'has an unknown placeholder {nobody}'],
  ] as const)
    test(`is not ${text}`, () => {
      const parsed = parseLdapUrl(text);
      assert.equal('problem' in parsed && parsed.problem, problem);
    });

  test('has servers beside it', () => {
    assert.deepEqual(parseLdapServer('ldaps://ldap.example.org:636/'), {
      ok: 'ldaps://ldap.example.org:636',
    });
    for (const text of ['ldapi:///run/x', 'ldap://', 'ldap://h/dc=x', 'ldap://h:x'])
      assert.ok('problem' in parseLdapServer(text), text);
  });
});

describe('the servers under lookups', () => {
  test('have defaults', () => {
    const text = `lookups:
  urls: {check: {url: 'http://192.0.2.1/?s={sender}'}}
  ldap: {servers: ldap://192.0.2.10, bind: {dn: 'cn=x', password: y}}
  ldap-queries: {users: {url: 'ldap:///dc=example'}}
rules:
  - {when: {url: check, ldap: users}, then: accept, on-unknown: tempfail}
`;
    const { lookups } = parseConfig({ text }).config;
    const { url: asked, ...check } = lookups.urls['check'] ?? {};
    assert.equal(asked?.text, 'http://192.0.2.1/?s={sender}');
    assert.deepEqual(check, { timeout: 2000, connections: 5, encode: true, 'post-message': false });
    assert.deepEqual(lookups.ldap, {
      servers: ['ldap://192.0.2.10'],
      timeout: 2000,
      connections: 4,
      bind: { dn: 'cn=x', password: 'y' },
    });
    const { url, ...users } = lookups['ldap-queries']['users'] ?? {};
    assert.equal(url?.scope, 'base');
    assert.deepEqual(users, { escape: true, match: true });
  });

  for (const [text, expected] of [
    ["lookups: {urls: {a: {url: 'ftp://h/'}}}", 'is no URL of the web'],
    [
      "lookups: {urls: {a: {url: 'http://{helo}/'}}}",
      'has a placeholder in the name of its server',
    ],
    ["lookups: {urls: {a: {url: 'http://h/ x'}}}", 'has a blank in it'],
    ["lookups: {urls: {a: {url: 'http://h:x/'}}}", 'has no server that can be'],
    ["lookups: {urls: {a: {url: 'http://h/{x}'}}}", 'has an unknown placeholder {x}'],
    ["lookups: {urls: {' a': {url: 'http://h/'}}}", 'is no name'],
    ['lookups: {ldap: {bind: {dn: x}}}', 'needs password or password-file, and not both'],
    ['lookups: {ldap: {bind: {dn: x, password: "a\\nb"}}}', 'is no line of text'],
    ['rules: [{when: {url: check}, then: accept}]', 'names what is not under lookups.urls, check'],
    ['rules: [{when: {dkim: pass}, then: accept}]', 'is known only when the message is there'],
    [
      'rules: [{when: {rate: {over: 1KiB, in: 1h, count: bytes}}, then: reject}]',
      'is known only when the message is there',
    ],
  ] as const)
    test(`refuse ${text}`, () => {
      const issues = issuesOf({ text });
      assert.ok(
        issues.some(([, what]) => what.includes(expected)),
        JSON.stringify(issues),
      );
    });

  test('are doubted where nobody would wait for them', () => {
    const text = `lookups:
  urls: {slow: {url: 'http://192.0.2.1/', timeout: 6s}}
  ldap: {servers: ldap://192.0.2.10, timeout: 7s}
rules:
  - {when: {tarpit: {for: 1m}}, then: accept}
  - {when: {tarpit: 5s}, then: accept}
`;
    const warnings = parseConfig({ text, file: 'x.yaml' }).warnings.map(({ path }) => path);
    for (const part of ['urls.slow.timeout', 'ldap.timeout', 'rules.when.tarpit'])
      assert.ok(
        warnings.some((message) => message.includes(part)),
        `${part}: ${warnings.join('\n')}`,
      );
  });
});
