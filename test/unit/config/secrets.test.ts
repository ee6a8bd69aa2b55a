import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import { convertConfig } from '../../../src/config/convert-config.js';
import { formatIssue, formatIssueLine } from '../../../src/config/config-error.js';
import { describeChange } from '../../../src/config/describe-change.js';
import { describeConfig, formatConfig } from '../../../src/config/effective.js';
import { parseConfig } from '../../../src/config/load.js';
import { withoutSecrets, withoutSecretsInPlace } from '../../../src/config/secrets.js';
import { createTempDirectory } from '../../support/temp-directory.js';

const yaml = (password: string, user = 'joe:hunter2'): string => `lookups:
  urls: {check: {url: 'http://${user}@192.0.2.1/?from={sender}'}}
  ldap: {servers: ldap://192.0.2.2, bind: {dn: cn=x, password: ${password}}}
`;

describe('passwords', () => {
  for (const [text, shown] of [
    ['http://joe:hunter2@192.0.2.1/?to=a@b', 'http://(hidden)@192.0.2.1/?to=a@b'],
    ['ldaps://token@ldap.example/', 'ldaps://(hidden)@ldap.example/'],
    ['http://192.0.2.1/?from=joe@example.org', 'http://192.0.2.1/?from=joe@example.org'],
    [
      'url: http://192.0.2.1/?api_key=s3cret&to=a@b&Token=x#y',
      'url: http://192.0.2.1/?api_key=(hidden)&to=a@b&Token=(hidden)#y',
    ],
    ['http://h/?key={sender}&monkey=%r', 'http://h/?key={sender}&monkey=%r'],
    ['ldap:///dc=x?a?sub?b?!x-bindpw=secret', 'ldap:///dc=x?a?sub?b?!x-bindpw=(hidden)'],
    ['http://h/?keys=a&passage=b', 'http://h/?keys=a&passage=b'],
    [
      'ldapconf "ldap://h" binddn "cn=x" bindpw "se cret"',
      'ldapconf "ldap://h" binddn "cn=x" bindpw "(hidden)"',
    ],
    ['tsig "k" "hmac-md5" "c2VjcmV0"', 'tsig "k" "hmac-md5" "(hidden)"'],
    ['bind: {dn: x, password: secret}', 'bind: {dn: x, password: (hidden)}'],
    ["    password: 'a, b'  # of it", '    password: (hidden)  # of it'],
    ['--set lookups.ldap.bind.password=secret', '--set lookups.ldap.bind.password=(hidden)'],
    ['password-file: /etc/x', 'password-file: /etc/x'],
    ['from joe@example.org', 'from joe@example.org'],
  ] as const)
    test(`are not in: ${text}`, () => assert.equal(withoutSecrets(text), shown));

  test('keep their place where somebody points at what is behind them', () => {
    const text = 'bindpw "secret" x';
    assert.equal(withoutSecretsInPlace(text), 'bindpw "******" x');
  });

  test('are not shown by check-config, which shows the rest as it is', () => {
    const { config } = parseConfig({ text: yaml('secret') });
    const shown = describeConfig(config);
    assert.doesNotMatch(shown, /hunter2|secret/);
    assert.match(shown, /password: \(hidden\)/);
    assert.match(shown, /http:\/\/\(hidden\)@192\.0\.2\.1\/\?from=\{sender\}/);
    // What is to be loaded again has them.
    assert.match(formatConfig(config), /password: secret/);
    const open = parseConfig({ text: 'trusted: []' }).config;
    assert.equal(describeConfig(open), formatConfig(open));
  });

  test('are not in what is said of a line, which is shown with the fault', () => {
    assert.throws(
      () =>
        parseConfig({
          file: 'g.yaml',
          text: `${yaml('secret').trimEnd().slice(0, -1)}, tmeout: 5s}`,
        }),
      (error: Error) => /tmeout/.test(error.message) && !/secret|hunter2/.test(error.message),
    );
    const text = 'ldapconf "ldap://192.0.2.2" timeout 60s binddn "cn=x" bindpw "secret"\n';
    const { notes } = parseConfig({ file: 'greylist.conf', text });
    assert.ok(notes.length > 0);
    for (const note of notes) {
      assert.doesNotMatch(formatIssue(note), /secret/);
      assert.doesNotMatch(formatIssueLine(note), /secret|\n/);
      assert.match(formatIssue(note), /bindpw "\*{6}"/);
    }
  });

  test('are not in what a reload tells, but that they are others', () => {
    const change = (before: string, after: string): readonly string[] =>
      describeChange(parseConfig({ text: before }), parseConfig({ text: after }));
    assert.deepEqual(change(yaml('secret'), yaml('public')), [
      'lookups.ldap.bind.password is another one',
    ]);
    const urls = change(yaml('secret'), yaml('secret', 'joe:hunter3'));
    assert.deepEqual(urls, ['lookups.urls is another one']);
    for (const told of change('trusted: []', yaml('secret')))
      assert.doesNotMatch(told, /secret|hunter2/);
  });

  test('are in what convert-config writes, which has to work, with a word of it', async (t) => {
    const file = join(createTempDirectory(t), 'greylist.conf');
    writeFileSync(file, 'ldapconf "ldap://192.0.2.2" binddn "cn=x" bindpw "secret"\n');
    const { text } = await convertConfig(file, {});
    assert.match(text, /password: secret/);
    assert.match(text, /# NOTE \(line 1\): ldapconf has a password in it: nobody else/);
  });
});
