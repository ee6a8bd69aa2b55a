import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { notesOf, problemsOf, statementOf } from './reading.js';
import type { Plain } from './reading.js';

const SETTINGS: readonly (readonly [text: string, setting: Plain])[] = [
  ['greylist 300', { kind: 'greylist', seconds: 300 }],
  ['GreyList: 5m', { kind: 'greylist', seconds: 300 }],
  ['greylist -1', { kind: 'greylist', seconds: -1 }],
  ['greylist 1w', { kind: 'greylist', seconds: 604_800 }],
  ['autowhite 3d', { kind: 'autowhite', seconds: 259_200 }],
  ['timeout: 12h', { kind: 'timeout', seconds: 43_200 }],
  ['dumpfreq -1', { kind: 'dumpfreq', seconds: -1 }],
  ['tarpit 30s', { kind: 'tarpit', seconds: 30 }],
  ['subnetmatch /24', { kind: 'subnetmatch', bits: 24 }],
  ['subnetmatch: /0', { kind: 'subnetmatch', bits: 0 }],
  ['subnetmatch6 /64', { kind: 'subnetmatch6', bits: 64 }],
  ['lazyaw', { kind: 'flag', flag: 'lazyaw' }],
  ['QUIET', { kind: 'flag', flag: 'quiet' }],
  ['dump_no_time_translation', { kind: 'flag', flag: 'dump_no_time_translation' }],
  ['nodrac', { kind: 'flag', flag: 'nodrac' }],
  ['report: nodelays', { kind: 'report', which: 'nodelays' }],
  ['dumpfile "/var/db"', { kind: 'dumpfile', path: '/var/db' }],
  ['dumpfile: "/var/db" 0640', { kind: 'dumpfile', path: '/var/db', mode: 0o640 }],
  ['logfac none', { kind: 'logfac', facility: 'none' }],
  ['logfac LOCAL6', { kind: 'logfac', facility: 'local6' }],
  ['socket "inet:1234@localhost"', { kind: 'socket', spec: 'inet:1234@localhost' }],
  ['socket "/run/s" 0660', { kind: 'socket', spec: '/run/s', mode: 0o660 }],
  ['pidfile: "/run/p"', { kind: 'pidfile', path: '/run/p' }],
  ['user "smmsp"', { kind: 'user', user: 'smmsp' }],
  ['user "smmsp:mail"', { kind: 'user', user: 'smmsp', group: 'mail' }],
  ['peer 192.0.2.17', { kind: 'peer', host: '192.0.2.17' }],
  ['peer: mx.example.org timeout 5s', { kind: 'peer', host: 'mx.example.org', timeoutSeconds: 5 }],
  ['peer 2001:db8::1 timeout 0', { kind: 'peer', host: '2001:db8::1', timeoutSeconds: 0 }],
  ['syncaddr *', { kind: 'syncaddr' }],
  ['syncaddr * port 7689', { kind: 'syncaddr', port: 7689 }],
  ['syncsrcaddr 192.0.2.1 port 1', { kind: 'syncsrcaddr', address: '192.0.2.1', port: 1 }],
  ['syncmaxqlen 100', { kind: 'syncmaxqlen', value: 100 }],
  ['maxpeek 2k', { kind: 'maxpeek', value: 2048 }],
  ['maxpeek 1M', { kind: 'maxpeek', value: 1_048_576 }],
  ['localaddr 192.0.2.1', { kind: 'localaddr', address: '192.0.2.1' }],
  ['localaddr 2001:DB8::1', { kind: 'localaddr', address: '2001:db8::1' }],
  [
    String.raw`stat ">>/var/log/x" "%T{%T},%i\n"`,
    { kind: 'stat', output: '>>/var/log/x', format: String.raw`%T{%T},%i\n` },
  ],
  ['drac db "/var/drac.db"', { kind: 'drac', path: '/var/drac.db' }],
  ['geoipdb "/g"', { kind: 'geoipdb', path: '/g' }],
  ['geoipv6db "/g"', { kind: 'geoipv6db', path: '/g' }],
  ['geoip2db "/g"', { kind: 'geoip2db', path: '/g' }],
  ['p0fsock "/p"', { kind: 'p0fsock', path: '/p' }],
  ['spamdsock unix "/s"', { kind: 'spamdsock', family: 'unix', address: '/s' }],
  ['spamdsock inet "h:783"', { kind: 'spamdsock', family: 'inet', address: 'h:783' }],
  ['tarpit_scope session', { kind: 'tarpit_scope', scope: 'session' }],
  ['tarpit_scope comand', { kind: 'tarpit_scope', scope: 'command' }],
  ['ldapconf "ldap://a  ldap://b"', { kind: 'ldapconf', servers: ['ldap://a', 'ldap://b'] }],
  [
    'ldapconf "ldap://a" timeout 5s binddn "cn=x" bindpw "y"',
    {
      kind: 'ldapconf',
      servers: ['ldap://a'],
      timeoutSeconds: 5,
      bind: { dn: 'cn=x', password: 'y' },
    },
  ],
];

const WRONG: readonly (readonly [text: string, problem: string])[] = [
  [
    'greylist',
    '1:9 has the end of the line for the time; write a number and s, m, h, d or w: 90s, 30m, 5d',
  ],
  [
    'greylist soon',
    '1:10 has "soon" for the time; write a number and s, m, h, d or w: 90s, 30m, 5d',
  ],
  ['greylist 5H', '1:10 has "5H" for the time; write 5h'],
  ['greylist 5m now', '1:13 has "now" behind it; a statement ends with its line'],
  ['subnetmatch 24', '1:13 has "24" for a length; write /24'],
  ['subnetmatch', '1:12 has the end of the line for a length; write /24'],
  [
    'subnetmatch /33',
    '1:13 has /33, with which all addresses are the same to milter-greylist; write a number up to /32, or /0 if that is meant',
  ],
  ['report: delay', '1:9 has "delay" for what to report; write delays'],
  [
    'report everything',
    '1:8 has "everything" for what to report; write none, delays, nodelays, all',
  ],
  ['socket "/s" 777', '1:13 has "777" for a mode; write 600, 660 or 666'],
  ['dumpfile "/d" 888', '1:15 has "888" for a mode; write 600, 640 or 644'],
  ['dumpfile "/d', '1:10 has no quote at the end of the path; strings end on their line'],
  ['user greylist', '1:6 has "greylist" for the user; write it in quotes: "greylist"'],
  ['user', '1:5 has the end of the line for the user; write "…"'],
  ['peer "mx"', '1:6 has "mx" for a host; write its name or address, without quotes'],
  ['localaddr 300.0.0.1', '1:11 has "300.0.0.1" for an address; write 192.0.2.1 or 2001:db8::1'],
  ['syncmaxqlen many', '1:13 has "many" for the number; write a whole number'],
  [
    'syncmaxqlen 99999999999999999999',
    '1:13 has "99999999999999999999" for the number; write a whole number',
  ],
  [
    'whitelist addr 192.0.2.1',
    '1:1 has "whitelist", which is no statement of milter-greylist; write racl whitelist',
  ],
  ['graylist 5m', '1:1 has "graylist", which is no statement of milter-greylist; write greylist'],
  [
    'backlog 7',
    '1:1 has "backlog", which is no statement of milter-greylist; remove it, or write # before it',
  ],
  ['; quiet', '1:1 has ";" where a statement begins; remove it, or write # before it'],
  ['greylist : 5m', '1:10 has ":" for the time; write a number and s, m, h, d or w: 90s, 30m, 5d'],
];

describe('settings of a greylist.conf', () => {
  for (const [text, setting] of SETTINGS)
    test(text, () => assert.deepEqual(statementOf(text), setting));

  for (const [text, problem] of WRONG)
    test(`${text} is wrong`, () => assert.deepEqual(problemsOf(`${text}\n`), [problem]));

  test('patterns behind extendedregex are extended, and those before it are not', () => {
    const [before, , behind] = ['from /a+/', 'extendedregex', 'from /a+/'].map((_, index, lines) =>
      statementOf(lines.slice(0, index + 1).join('\n')),
    );
    const dialectOf = (rule: unknown): unknown =>
      /"dialect":"(\w+)"/.exec(JSON.stringify(rule))?.[1];
    assert.deepEqual([dialectOf(before), dialectOf(behind)], ['basic', 'extended']);
  });

  test('what is read with a note', () => {
    assert.deepEqual(notesOf('greylist 5M\n'), [
      '1:10 has 5M for the time: 5242880 seconds; write a number and s, m, h, d or w: 90s, 30m, 5d',
    ]);
    assert.deepEqual(notesOf('tarpit_scope command\n'), [
      '1:14 has the scope command, which milter-greylist spells comand',
    ]);
    assert.deepEqual(notesOf('localaddr ::ffff:192.0.2.1\n'), [
      '1:11 has an IPv4 address in IPv6 form, which milter-greylist refuses; it is 192.0.2.1 here: write that',
    ]);
  });
});
