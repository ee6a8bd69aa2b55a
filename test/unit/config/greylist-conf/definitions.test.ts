import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { notesOf, problemsOf, statementOf } from './reading.js';
import type { Plain } from './reading.js';

const DEFINITIONS: readonly (readonly [text: string, definition: Plain])[] = [
  [
    'dnsrbl "a" bl.example.net 127.0.0.2',
    { kind: 'dnsrbl', name: 'a', zone: 'bl.example.net', address: '127.0.0.2', bits: 32 },
  ],
  [
    'dnsrbl "a" bl.example.net 127.0.0.0/24',
    { kind: 'dnsrbl', name: 'a', zone: 'bl.example.net', address: '127.0.0.0', bits: 24 },
  ],
  [
    'sm_macro "a" "{auth_type}" "PLAIN"',
    { kind: 'sm_macro', name: 'a', macro: '{auth_type}', test: { kind: 'text', text: 'PLAIN' } },
  ],
  [
    'sm_macro "a" "i" /^x/',
    {
      kind: 'sm_macro',
      name: 'a',
      macro: 'i',
      test: { kind: 'pattern', source: '^x', dialect: 'basic' },
    },
  ],
  ['sm_macro "a" "i" unset', { kind: 'sm_macro', name: 'a', macro: 'i', test: { kind: 'unset' } }],
  [
    'urlcheck "a" "http://h/?r=%r" 5',
    {
      kind: 'urlcheck',
      name: 'a',
      url: 'http://h/?r=%r',
      connections: 5,
      postsMessage: false,
      properties: 'none',
      isEncoded: true,
    },
  ],
  [
    'urlcheck "a" "http://h/" 5 postmsg getprop clear noencode fork',
    {
      kind: 'urlcheck',
      name: 'a',
      url: 'http://h/',
      connections: 5,
      postsMessage: true,
      properties: 'recipient',
      isEncoded: false,
    },
  ],
  [
    'ldapcheck "a" "ldap://h/o?mail?sub?(mail=%r)"',
    {
      kind: 'ldapcheck',
      name: 'a',
      url: 'ldap://h/o?mail?sub?(mail=%r)',
      properties: 'session',
      isMatch: false,
      isEscaped: true,
    },
  ],
  [
    'ldapcheck "a" "ldap://h/" clear domatch noescape',
    {
      kind: 'ldapcheck',
      name: 'a',
      url: 'ldap://h/',
      properties: 'recipient',
      isMatch: true,
      isEscaped: false,
    },
  ],
  [
    'ratelimit "a" rcpt 10 / 1m',
    { kind: 'ratelimit', name: 'a', counts: 'rcpt', limit: 10, periodSeconds: 60 },
  ],
  [
    'ratelimit "a" data 10M / 1d key "%i"',
    {
      kind: 'ratelimit',
      name: 'a',
      counts: 'data',
      limit: 10_485_760,
      periodSeconds: 86_400,
      key: '%i',
    },
  ],
  [
    'tsig "k" "hmac-md5" "c2VjcmV0"',
    { kind: 'tsig', name: 'k', algorithm: 'hmac-md5', secret: 'c2VjcmV0' },
  ],
  [
    'tsig "k" "a" "b"\nnsupdate "u" { rname "%i.x" rvalue "127.0.0.2" servers "a,b" ttl 1h class 1 type 1 tsig "k" }',
    { kind: 'nsupdate', name: 'u', record: '%i.x', value: '127.0.0.2' },
  ],
];

const WRONG: readonly (readonly [text: string, problem: string])[] = [
  [
    'dnsrbl "z" "bl.example" 127.0.0.2',
    '1:12 has "bl.example" in quotes for a domain; write it without them',
  ],
  [
    'dnsrbl "z" bl.example',
    '1:22 has the end of the line for the address it answers with; write 192.0.2.1 or 2001:db8::1',
  ],
  ['dnsrbl z bl.example 127.0.0.2', '1:8 has "z" for its name; write it in quotes: "z"'],
  ['sm_macro "a" "i"', '1:17 has the end of the line for its value; write "…"'],
  [
    'urlcheck "u" "http://x/" 5 clear',
    '1:28 has clear without getprop, of which it is a part; write getprop clear',
  ],
  ['urlcheck "u" "http://x/" 5 getprops', '1:28 has "getprops" for an option; write getprop'],
  ['ratelimit "r" rcpt 10 per 1m', '1:23 has "per" behind the limit; write / and a time: 10 / 1m'],
  ['ratelimit "r" mails 10 / 1m', '1:15 has "mails" for what it counts; write rcpt, session, data'],
  ['nsupdate "u" { rname "x" }', '1:14 has not both parts; write rname "…" and rvalue "…"'],
  ['nsupdate "u" { rname "x"', '1:14 has no end; write } behind its last part'],
  ['nsupdate "u" rname "x"', '1:14 has "rname" before its parts; write {'],
  [
    'nsupdate "u" { tsig "k" }',
    '1:21 names the tsig "k", which is not defined above; write tsig "k" … above, as a statement of its own',
  ],
];

describe('definitions of a greylist.conf', () => {
  for (const [text, definition] of DEFINITIONS)
    test(text, () => assert.deepEqual(statementOf(text), definition));

  for (const [text, problem] of WRONG)
    test(`${text} is wrong`, () => assert.deepEqual(problemsOf(`${text}\n`), [problem]));

  test('that have no blanks, a unit too few or a word that is documented, are read', () => {
    const unspaced = 'has no blanks around the /, without which milter-greylist refuses it';
    assert.deepEqual(notesOf('ratelimit "r" rcpt 10/1m\n'), [`1:22 ${unspaced}`]);
    assert.deepEqual(notesOf('ratelimit "r" rcpt 10 /1m\n'), [`1:23 ${unspaced}`]);
    assert.deepEqual(notesOf('ratelimit "r" rcpt 10/ 1m\n'), [`1:22 ${unspaced}`]);
    assert.deepEqual(notesOf('ratelimit "r" rcpt 10 / 60\n'), [
      '1:25 has the time without a unit, which milter-greylist refuses here; it is taken for 60s',
    ]);
    assert.deepEqual(notesOf('urlcheck "u" "http://x/" 5 domatch\n'), [
      '1:28 has domatch, which milter-greylist documents and refuses; it matches if the answer says something: remove the word',
    ]);
  });

  test('of the same name are told', () => {
    const twice = 'sm_macro "a" "i" unset\nsm_macro "a" "j" unset\n';
    assert.deepEqual(notesOf(twice), [
      '2:10 defines "a" once more; the last one counts here: remove the others',
    ]);
  });
});
