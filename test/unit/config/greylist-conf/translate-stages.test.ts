import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { at } from './translation.js';

/** A message has no recipient: `%r` is empty in all that a dacl asks. */
describe('what a dacl asks names no recipient', () => {
  const ofRcpt = 'http://192.0.2.80/?r={recipient}&i={client-address}';
  const ofData = 'http://192.0.2.80/?r=&i={client-address}';

  for (const [rules, urls, asked] of [
    ['', { web: ofRcpt }, []],
    ['racl "r" blacklist urlcheck "web"', { web: ofRcpt }, ['web']],
    ['dacl "d" blacklist urlcheck "web"', { 'web-message': ofData }, ['web-message']],
    [
      'racl "r" blacklist urlcheck "web"\nlist "l" urlcheck { "web" }\ndacl "d" blacklist list "l"',
      { web: ofRcpt, 'web-message': ofData },
      ['web', 'web-message'],
    ],
    ['dacl "d" blacklist urlcheck "other"', { web: ofRcpt }, ['other']],
  ] as const)
    test(`web servers: ${rules.replaceAll('\n', '; ')}`, () => {
      const text = `urlcheck "web" "http://192.0.2.80/?r=%r&i=%i" 5\nurlcheck "other" "http://192.0.2.80/" 5\n${rules}`;
      const written = Object.entries(at(text, ['lookups', 'urls']) ?? {});
      const known = written.map(([name, { url }]: [string, { url: string }]) => [name, url]);
      assert.deepEqual(Object.fromEntries(known), { ...urls, other: 'http://192.0.2.80/' });
      const sections = ['rules', 'message-rules'].flatMap((section) => at(text, [section]) ?? []);
      assert.deepEqual(
        sections.map((rule): unknown =>
          Reflect.get(Object(Reflect.get(Object(rule), 'when')), 'url'),
        ),
        asked,
      );
    });

  test('directories, which a name of ours is found for', () => {
    const text = `ldapconf "ldap://192.0.2.81"
ldapcheck "u" "ldap:///dc=example?mail?sub?(|(mail=%mr)(mail=%f))" domatch
ldapcheck "u-message" "ldap:///dc=example?mail?sub?(mail=x)" domatch
dacl "d" whitelist ldapcheck "u"`;
    const queries = at(text, ['lookups', 'ldap-queries']);
    assert.deepEqual(queries, {
      'u-message-2': {
        url: 'ldap:///dc=example?mail?sub?(|(mail=)(mail={triplet-sender}))',
        properties: 'message',
      },
      'u-message': { url: 'ldap:///dc=example?mail?sub?(mail=x)', properties: 'message' },
    });
    assert.deepEqual(at(text, ['message-rules', 0, 'when']), { ldap: 'u-message-2' });
  });

  test('rates', () => {
    const definition = 'ratelimit "it" rcpt 10 / 1m key "%r %i"';
    for (const [keyword, section, per] of [
      ['racl', 'rules', '{recipient} {client-address}'],
      ['dacl', 'message-rules', ' {client-address}'],
    ] as const)
      assert.deepEqual(
        at(`${definition}\n${keyword} "r" blacklist ratelimit "it"`, [section, 0, 'when']),
        { rate: { over: 10, in: '1m', per, name: 'it' } },
      );
  });
});

test('a list of countries has who is in none, by ZZ', () => {
  for (const [items, countries] of [
    ['"FR" "ZZ"', ['list:l', 'ZZ']],
    ['"FR"', 'list:l'],
  ] as const) {
    const text = `geoip2db "/x"\nlist "l" geoip { ${items} }\nracl "r" whitelist list "l"`;
    assert.deepEqual(at(text, ['rules', 0, 'when', 'geo', 'countries']), countries);
  }
});
