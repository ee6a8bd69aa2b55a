import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { readGreylistConf } from '../../../../src/config/greylist-conf/read.js';
import { valueAt } from '../../../../src/config/origins.js';

/** What rules refer to in these tests. */
const DEFINITIONS = `
geoip2db "/var/lib/GeoIP/country.mmdb"
dnsrbl "SORBS" dnsbl.sorbs.example 127.0.0.10
dnsrbl "block" zen.dnsbl.example 127.0.0.4/30
sm_macro "trusted" "{trusted_domain}" "yes"
sm_macro "local" "{rcpt_mailer}" /^local/
sm_macro "plain" "i" unset
ratelimit "burst" rcpt 10 / 1m
ratelimit "per client" rcpt 5 / 1h
ratelimit "volume" data 10M / 1d key "%sf"
urlcheck "web" "http://192.0.2.1/check?r=%r" 5 getprop clear
ldapcheck "users" "ldap:///dc=example?mail?sub?(mail=%r)" domatch
list "nets" addr { 192.0.2.0/24 2001:db8::1 }
list "people" rcpt { a@example.org b@example.org }
list "mixed" from { a@example.net /^<b.*@example\\.net>$/ }
list "raw" rawfrom { a@example.net }
list "hosts" domain { example.net /^mx/ }
list "names" helo { "mx.example.net" /^\\[/ }
list "logins" auth { "alice" /^bob/ }
list "lands" geoip { "FR" "ZZ" }
list "bad" dnsrbl { "SORBS" "block" }
list "macros" sm_macro { "trusted" "plain" }
`;

/** Without the exemption by SPF, which is a rule of its own. */
function read(text: string) {
  return readGreylistConf(DEFINITIONS + text, { flags: ['nospf'] });
}

/** The rules of a text, as plain data without what goes without saying. */
function rulesOf(text: string, section = 'rules'): unknown {
  const { value, problems } = read(text);
  assert.deepEqual(problems, []);
  // Mappings that are read have no prototype.
  return JSON.parse(JSON.stringify(valueAt(value, [section]) ?? null));
}

/** Of one rule: what it asks. */
function conditionsOf(clauses: string, keyword = 'racl'): unknown {
  const section = keyword === 'dacl' ? 'message-rules' : 'rules';
  const rules = rulesOf(`${keyword} "it" whitelist ${clauses}\n`, section);
  assert.ok(Array.isArray(rules) && rules.length === 1);
  const { name, then, ...rest } = rules[0] as Record<string, unknown>;
  assert.deepEqual([name, then], ['it', 'accept']);
  return rest;
}

const sorbs = { zones: 'dnsbl.sorbs.example', answers: '127.0.0.10', name: 'SORBS' };
const block = { zones: 'zen.dnsbl.example', answers: '127.0.0.4/30', name: 'block' };

describe('a clause becomes a condition', () => {
  const cases: readonly (readonly [clauses: string, conditions: object])[] = [
    ['addr 192.0.2.1', { when: { client: '192.0.2.1' } }],
    ['addr 192.0.2.7/24', { when: { client: '192.0.2.0/24' } }],
    ['addr 2001:db8::/32', { when: { client: '2001:db8::/32' } }],
    ['addr 2001:db8::1', { when: { client: '2001:db8::1' } }],
    ['domain example.net', { when: { 'client-name': { 'ends-with': 'example.net' } } }],
    ['domain /^mx[0-9]/', { when: { 'client-name': { matches: '/^mx[0-9]/' } } }],
    ['from a@example.net', { when: { sender: 'a@example.net' } }],
    ['from /@example\\.net>$/', { when: { sender: { bracketed: '/@example\\.net>$/' } } }],
    ['from /.*/', {}],
    ['rawfrom a@example.net', { when: { sender: { raw: 'a@example.net' } } }],
    ['rawfrom /^<prvs/', { when: { sender: { 'raw-bracketed': '/^<prvs/' } } }],
    ['rcpt a@example.org', { when: { recipient: 'a@example.org' } }],
    ['rcpt /^<a/', { when: { recipient: { bracketed: '/^<a/' } } }],
    ['helo "MX.example.net"', { when: { helo: 'MX.example.net' } }],
    ['helo "not a name"', { when: { helo: '/^not a name$/' } }],
    ['helo "%d"', { when: { helo: { template: '{client-name}' } } }],
    ['helo /^[0-9]/', { when: { helo: '/^[0-9]/' } }],
    ['auth "alice"', { when: { login: 'alice' } }],
    ['auth "any"', { when: { login: '/^any$/' } }],
    ['auth "alice@"', { when: { login: '/^alice@$/' } }],
    ['auth /^a/', { when: { login: '/^a/i' } }],
    ['tls "/CN=mx"', { when: { tls: { verified: true, subject: '/CN=mx' } } }],
    ['spf', { when: { spf: 'pass' } }],
    ['spf softfail', { when: { spf: 'softfail' } }],
    ['dnsrbl "SORBS"', { when: { dnsbl: sorbs } }],
    ['dnsrbl "block"', { when: { dnsbl: block } }],
    ['mx /24', { when: { 'sender-mx': { ipv4: 24, ipv6: 24 } } }],
    ['mx /64', { when: { 'sender-mx': { ipv4: 32, ipv6: 64 } } }],
    ['geoip "FR"', { when: { geo: { countries: 'FR' } } }],
    ['time "0-30 8-16/2 1,15 * 1-5"', { when: { time: { cron: ['0-30 8-16/2 1,15 * 1-5'] } } }],
    // What never comes is left out, and only that.
    ['time "1,70,*/0,*/400 * 007 * *"', { when: { time: { cron: ['1,*/99 * 7 * *'] } } }],
    ['sm_macro "trusted"', { when: { macro: { trusted_domain: 'yes' } } }],
    ['sm_macro "local"', { when: { macro: { rcpt_mailer: '/^local/i' } } }],
    ['sm_macro "plain"', { when: { macro: { i: 'unset' } } }],
    ['ratelimit "burst"', { when: { rate: { over: 10, in: '1m', name: 'burst' } } }],
    ['ratelimit "per client"', { when: { rate: { over: 5, in: '1h', name: 'per client' } } }],
    ['urlcheck "web"', { when: { url: 'web' }, 'on-unknown': 'tempfail' }],
    ['ldapcheck "users"', { when: { ldap: 'users' }, 'on-unknown': 'tempfail' }],
    ['rcptcount > 5', { when: { recipients: { over: 5, accepted: true } } }],
    ['rcptcount == 0', { when: { recipients: { is: 0, accepted: true } } }],
    ['$a "x"', { when: { property: { a: 'x' } } }],
    ['$a "set"', { when: { property: { a: '/^set$/i' } } }],
    ['$a /x/', { when: { property: { a: '/x/i' } } }],
    ['$a >= 5', { when: { property: { a: { 'at-least': 5 } } } }],
    ['$a < $b', { when: { property: { a: { under: '{property:b}' } } } }],
    ['*$a "%r"', { when: { property: { a: { 'glob-of': '{recipient}' } } } }],
    ['default', {}],
    ['list "nets"', { when: { client: 'list:nets' } }],
    ['list "people"', { when: { recipient: 'list:people' } }],
    ['list "raw"', { when: { sender: { raw: 'list:raw' } } }],
    [
      'list "mixed"',
      { when: { sender: { bracketed: ['<a@example.net>', '/^<b.*@example\\.net>$/'] } } },
    ],
    ['list "names"', { when: { helo: ['mx.example.net', '/^\\[/'] } }],
    ['list "logins"', { when: { login: ['alice', '/^bob/i'] } }],
    ['list "lands"', { when: { geo: { countries: ['list:lands', 'ZZ'] } } }],
    [
      'list "hosts"',
      {
        when: {
          all: [
            {
              any: [
                { 'client-name': { 'ends-with': 'example.net' } },
                { 'client-name': { matches: '/^mx/' } },
              ],
            },
          ],
        },
      },
    ],
    ['list "bad"', { when: { all: [{ any: [{ dnsbl: sorbs }, { dnsbl: block }] }] } }],
    [
      'list "macros"',
      {
        when: { all: [{ any: [{ macro: { trusted_domain: 'yes' } }, { macro: { i: 'unset' } }] }] },
      },
    ],
  ];
  for (const [clauses, conditions] of cases)
    test(clauses, () => assert.deepEqual(conditionsOf(clauses), conditions));

  for (const [clauses, conditions] of [
    ['header "X-Spam: yes"', { when: { header: { any: 'X-Spam: yes' } } }],
    ['header /^subject:.*money/', { when: { header: { any: '/(?m)^subject:.*money/i' } } }],
    ['body "money"', { when: { body: 'money' } }],
    ['body "/etc/passwd"', { when: { body: '/\\/etc\\/passwd/' } }],
    ['header $x', { when: { property: { x: { 'found-in': 'header' } } } }],
    ['body $x', { when: { property: { x: { 'found-in': 'body' } } } }],
    ['not body $x', { unless: { property: { x: { 'found-in': 'body' } } } }],
    ['msgsize > 10k', { when: { size: { over: 10240 } } }],
    ['rcptcount > 5', { when: { recipients: { over: 5, accepted: true } } }],
    ['dkim pass', { when: { dkim: 'pass' } }],
    [
      'ratelimit "volume"',
      {
        when: {
          rate: {
            over: 10485760,
            in: '1d',
            per: '{triplet-sender-site}',
            count: 'bytes',
            name: 'volume',
          },
        },
      },
    ],
  ] as const)
    test(`dacl: ${clauses}`, () => assert.deepEqual(conditionsOf(clauses, 'dacl'), conditions));

  test('with domainexact names end at a dot', () => {
    const rules = rulesOf('domainexact\nracl "it" whitelist domain example.net\n');
    const when = { 'client-name': ['example.net', '.example.net'] };
    assert.deepEqual(rules, [{ name: 'it', when, then: 'accept' }]);
  });

  test('with domainexact a dot before a name leaves those below it alone', () => {
    const rules = rulesOf('domainexact\nracl "it" whitelist domain .example.net\n');
    const when = { 'client-name': ['.example.net'] };
    assert.deepEqual(rules, [{ name: 'it', when, then: 'accept' }]);
  });
});

describe('a rate', () => {
  for (const [definition, rate] of [
    ['rcpt 10 / 1m key "%i"', { over: 10, in: '1m' }],
    ['rcpt 10 / 1m key "all"', { over: 10, in: '1m', per: 'all' }],
    ['rcpt 10 / 1m key "client"', { over: 10, in: '1m', per: 'all' }],
    ['rcpt 10 / 1m key "{x}"', { over: 10, in: '1m', per: 'all' }],
    ['rcpt 10 / 1m key ""', { over: 10, in: '1m', per: 'all' }],
    ['rcpt 10 / 1m key "{%i}"', { over: 10, in: '1m', per: '{{{client-address}}}' }],
    [
      'session 5 / 1h key "%I{/24} %sf %M{auth_authen} %P{class}"',
      {
        over: 5,
        in: '1h',
        per: '{client-masked:24} {triplet-sender-site} {macro:auth_authen} {property:class}',
        count: 'sessions',
      },
    ],
    ['rcpt 2M / 60d', { over: 1000000, in: '60d' }],
    ['rcpt 1 / 100w', { over: 1, in: '366d' }],
    ['rcpt 1 / 0s', { over: 1, in: '1s' }],
    ['data 10M / 1d', { over: 10485760, in: '1d', count: 'bytes-before' }],
  ] as const)
    test(definition, () => {
      const rules = rulesOf(`ratelimit "it" ${definition}\nracl "r" blacklist ratelimit "it"\n`);
      const when = { rate: { ...rate, name: 'it' } };
      assert.deepEqual(rules, [{ name: 'r', when, then: 'reject' }]);
    });
});

describe('several clauses', () => {
  for (const [clauses, conditions] of [
    ['addr 192.0.2.1 helo "x.example"', { when: { client: '192.0.2.1', helo: 'x.example' } }],
    [
      'addr 192.0.2.1 not rcpt a@example.org',
      {
        when: { client: '192.0.2.1' },
        unless: { recipient: 'a@example.org' },
      },
    ],
    ['not rcpt a@example.org', { unless: { recipient: 'a@example.org' } }],
    [
      'rcpt a@example.org rcpt b@example.org',
      {
        when: { all: [{ recipient: 'a@example.org' }, { recipient: 'b@example.org' }] },
      },
    ],
    [
      'not rcpt a@example.org not from a@example.net',
      {
        when: {
          all: [{ not: { recipient: 'a@example.org' } }, { not: { sender: 'a@example.net' } }],
        },
      },
    ],
    ['not dnsrbl "SORBS"', { unless: { dnsbl: sorbs }, 'on-unknown': 'match' }],
    [
      'sm_macro "trusted" not spf pass',
      {
        when: { macro: { trusted_domain: 'yes' } },
        unless: { spf: 'pass' },
        'on-unknown': 'match',
      },
    ],
    [
      'dnsrbl "SORBS" not spf pass',
      {
        when: {
          all: [{ dnsbl: sorbs }, { not: { spf: 'pass' }, 'on-unknown': 'match' }],
        },
      },
    ],
    [
      'urlcheck "web" dnsrbl "SORBS" $a "x"',
      {
        when: {
          all: [
            { url: 'web' },
            { dnsbl: sorbs, 'on-unknown': 'no-match' },
            { property: { a: 'x' } },
          ],
        },
        'on-unknown': 'tempfail',
      },
    ],
    [
      'addr 192.0.2.1 ratelimit "burst"',
      {
        when: { client: '192.0.2.1', rate: { over: 10, in: '1m', name: 'burst' } },
      },
    ],
    [
      'ratelimit "burst" addr 192.0.2.1',
      {
        when: { all: [{ rate: { over: 10, in: '1m', name: 'burst' } }, { client: '192.0.2.1' }] },
      },
    ],
    [
      'not addr 192.0.2.1 ratelimit "burst"',
      {
        when: {
          all: [{ not: { client: '192.0.2.1' } }, { rate: { over: 10, in: '1m', name: 'burst' } }],
        },
      },
    ],
    [
      'addr 192.0.2.1 set $a += 1 $a > 3 log "%i again"',
      {
        when: {
          all: [
            { client: '192.0.2.1' },
            { set: { a: { add: 1 } } },
            { property: { a: { over: 3 } } },
            { 'log-text': '{client-address} again' },
          ],
        },
      },
    ],
    [
      'rset $a = "%f"',
      { when: { all: [{ set: { a: { to: '{triplet-sender}', scope: 'recipient' } } }] } },
    ],
    [
      'not list "bad"',
      {
        when: {
          all: [{ not: { any: [{ dnsbl: sorbs }, { dnsbl: block }] }, 'on-unknown': 'match' }],
        },
      },
    ],
    [
      'helo /(a)/ from /(b)/ report "%g{\\1}"',
      {
        when: { all: [{ helo: '/\\(a\\)/' }, { sender: { bracketed: '/\\(b\\)/' } }] },
        report: '{group:1}',
      },
    ],
  ] as const)
    test(clauses, () => assert.deepEqual(conditionsOf(clauses), conditions));
});
