import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { describeChange } from '../../../../src/config/describe-change.js';
import { annotations } from '../../../../src/config/greylist-conf/annotations.js';
import { readGreylistConf } from '../../../../src/config/greylist-conf/read.js';
import { parseConfig } from '../../../../src/config/load.js';
import { valueAt } from '../../../../src/config/origins.js';
import type { Path } from '../../../../src/config/settings.js';
import { writeAnnotatedYaml } from '../../../../src/config/yaml-text.js';

const LONG = 'x'.repeat(3000);
const LDAP_URL = 'ldap:///dc=example?mail?sub?(mail=%r)';

/** What it comes to, after all checks; it is the same for a file that it is converted to. */
function load(text: string, ignoresUnsupported = false) {
  const greylistConf = { flags: ['nospf'] as const, ignoresUnsupported };
  const own = parseConfig({ file: 'greylist.conf', text, greylistConf });
  const read = readGreylistConf(text, greylistConf);
  const yaml = writeAnnotatedYaml(read.value, annotations('greylist.conf', read));
  const converted = parseConfig({ file: 'greymilter.yaml', text: yaml });
  assert.deepEqual(describeChange(own, converted), []);
  return { ...own, value: JSON.parse(JSON.stringify(read.value)) as unknown };
}

/** What is told, without where. */
function toldOf(text: string): readonly string[] {
  return load(text).notes.map(({ problem }) => problem);
}

const TOO_LONG = 'domain never holds: no name is as long; the rule is left out';

describe('what milter-greylist accepts is accepted, and told where it is odd', () => {
  const cases: readonly (readonly [text: string, path: Path, comesTo: unknown, note?: string])[] = [
    [
      'dumpfile "greylist.db"',
      ['store', 'import', 'milter-greylist'],
      '/greylist.db',
      'dumpfile is /greylist.db here',
    ],
    ['dumpfile ""', ['store', 'import'], {}, 'dumpfile is no path of a file, and has no effect'],
    ['pidfile "run/pid"', ['pid-file'], '/run/pid', 'pidfile is /run/pid here'],
    ['pidfile "/run/"', ['pid-file'], undefined, 'pidfile is no path of a file, and has no effect'],
    ['stat ">>stat.log" "x"', ['activity', 'to'], 'append:/stat.log', 'stat is /stat.log here'],
    ['stat "|cat" "x"', ['activity', 'to'], 'pipe:cat'],
    ['stat ">/tmp/" "x"', ['activity'], undefined, 'stat is no path of a file, and has no effect'],
    [
      'stat "file" "x"',
      ['activity'],
      undefined,
      'stat has an output that is none, and nothing is written',
    ],
    ['socket "milter.sock"', ['listen', 'milter'], '/milter.sock', 'socket is /milter.sock here'],
    ['socket "unix:m.sock"', ['listen', 'milter'], 'unix:/m.sock', 'socket is /m.sock here'],
    ['socket ""', ['listen', 'milter'], undefined, 'socket names none, and has no effect'],
    [
      `racl "a" continue set $${LONG} = "x"`,
      ['rules', 0, 'when', 'all', 0, 'set'],
      { [LONG]: 'x' },
    ],
    [
      'racl whitelist time "*/0 * * * *"',
      ['rules'],
      [],
      'time never holds: no clock shows such a time; the rule is left out',
    ],
    ['geoip2db ""', ['lookups'], undefined],
    ['timeout 0', ['greylist', 'retry-window'], '1s', 'timeout is 1s here'],
    ['racl "a" whitelist domain .', ['rules', 0, 'when'], { 'client-name': { 'ends-with': '.' } }],
    ['racl "a" whitelist domain -', ['rules', 0, 'when'], { 'client-name': { 'ends-with': '-' } }],
    [
      'domainexact\nracl "a" whitelist domain a..b',
      ['rules', 0, 'when'],
      { 'client-name': { matches: '/(^|\\.)a\\.\\.b$/' } },
    ],
    [`racl whitelist domain ${LONG}`, ['rules'], [], TOO_LONG],
    [
      `racl whitelist helo "${LONG}"`,
      ['rules'],
      [],
      'helo never holds: no name is as long; the rule is left out',
    ],
    ['racl "a" whitelist rcptcount > -5', ['rules', 0], { name: 'a', then: 'accept' }],
    ['dacl "a" whitelist msgsize != -5', ['message-rules', 0], { name: 'a', then: 'accept' }],
    ['racl "a" whitelist rcptcount < 2M', ['rules', 0], { name: 'a', then: 'accept' }],
    [
      'dacl whitelist msgsize < -5',
      ['message-rules'],
      undefined,
      'msgsize never holds: nothing counts up to -5; the rule is left out',
    ],
    ['dacl "a" whitelist header ""', ['message-rules', 0, 'when'], { header: { any: '/^/' } }],
    ['dacl "a" whitelist body ""', ['message-rules', 0, 'when'], { body: '/^/' }],
    [
      'racl "a" whitelist default addheader "X-A: gr\u00fcn" , -1',
      ['rules', 0, 'headers'],
      { 'X-A': { value: 'gr?n', at: 0 } },
      'addheader has characters that are not printable US-ASCII: each of them is a ?',
    ],
    [
      'racl "a" whitelist default addheader "X-A: b" , 99999',
      ['rules', 0, 'headers'],
      { 'X-A': { value: 'b', at: 1000 } },
    ],
    [
      `racl "a" whitelist default addheader "X-A: ${'x'.repeat(932)}"`,
      ['rules', 0, 'headers'],
      { 'X-A': 'x'.repeat(932) },
    ],
    [
      'racl "a" whitelist default addheader "X-A: "',
      ['rules', 0],
      { name: 'a', then: 'accept' },
      'addheader is empty, and is left out',
    ],
    [
      'racl "a" whitelist default addheader "No name: x"',
      ['rules', 0],
      { name: 'a', then: 'accept' },
      'addheader is no header field, and none is added',
    ],
    [
      `racl "a" whitelist default report "${LONG}"`,
      ['rules', 0],
      { name: 'a', then: 'accept' },
      'report may become 3000 bytes long, and is left out',
    ],
    [
      'dacl "a" whitelist default subjtag ""',
      ['message-rules', 0],
      { name: 'a', then: 'accept' },
      'subjtag is empty, and is left out',
    ],
    ['racl "a" whitelist default report "x%T{}"', ['rules', 0, 'report'], 'x'],
    [
      'sm_macro "m" "{no such}" "x"\nracl whitelist sm_macro "m"',
      ['rules'],
      [],
      'sm_macro never holds: no MTA has such a macro; the rule is left out',
    ],
    [
      'sm_macro "m" "" unset\nracl "a" whitelist sm_macro "m"',
      ['rules', 0],
      { name: 'a', then: 'accept' },
    ],
    ...['localhost', '.bl.example', 'bl..example'].map(
      (zone) =>
        [
          `dnsrbl "z" ${zone} 127.0.0.2\nracl whitelist dnsrbl "z"`,
          ['rules'],
          [],
          `dnsrbl never holds: ${zone} is no zone; the rule is left out`,
        ] as const,
    ),
    [
      'geoip2db "/x"\nlist "g" geoip { "FR" "" }\nracl "a" whitelist list "g"',
      ['lists', 'g', 'values'],
      ['FR'],
      'has a country that is no code in upper case',
    ],
    [
      'urlcheck "u" "host/a b?%r" 5\nracl whitelist urlcheck "u"',
      ['lookups', 'urls', 'u', 'url'],
      'http://host/a%20b?{recipient}',
    ],
    [
      'urlcheck "" "http://h/" 5\nracl "a" whitelist urlcheck ""',
      ['rules', 0, 'when'],
      { url: 'list' },
    ],
    [
      'ldapconf "ldap://h/dc=x,ldap://" 2',
      ['lookups', 'ldap'],
      { servers: ['ldap://h', 'ldap://localhost'], timeout: '2s' },
    ],
    ['ldapconf "ldap://h" 9', ['lookups', 'timeout'], '4s', 'ldapconf waits 4s here'],
    ['ldapconf "ldap://h" binddn "" bindpw ""', ['lookups', 'ldap'], { servers: ['ldap://h'] }],
    [
      'ldapconf "ldap://h" binddn "cn=x" bindpw ""',
      ['lookups', 'ldap'],
      { servers: ['ldap://h'] },
      'ldapconf has no password: the directory is asked without a name',
    ],
    [
      'ldapconf "ldap://h"\nldapcheck "c" "ldap:///dc=x?mail?subtree?(a=b)"',
      ['lookups', 'ldap-queries', 'c', 'url'],
      'ldap:///dc=x?mail?subtree?(a=b)',
    ],
    [
      `ldapcheck "c" "${LDAP_URL}"`,
      ['lookups', 'ldap'],
      undefined,
      'ldapcheck has no server to ask: whoever it is asked for is put off',
    ],
  ];
  for (const [text, path, comesTo, note] of cases)
    test(text.replaceAll('\n', '; ').slice(0, 80), () => {
      const { value, warnings } = load(`${text}\n`);
      assert.deepEqual([valueAt(value, path), warnings], [comesTo, []]);
      const told = toldOf(`${text}\n`).filter((one) => !one.startsWith('geoip2db'));
      assert.deepEqual(told.slice(0, 1), note === undefined ? [] : [note]);
    });
});

describe('servers that are not asked', () => {
  for (const [text, told] of [
    [
      'urlcheck "u" "http://%sr/x" 5\nracl whitelist urlcheck "u"',
      'urlcheck would let whoever sends mail choose the server that is asked',
    ],
    ['urlcheck "u" "ftp://h/x" 5\nracl whitelist urlcheck "u"', 'urlcheck is asked by HTTP alone'],
    ['urlcheck "u" "http:///x" 5\nracl whitelist urlcheck "u"', 'urlcheck has no URL that can be'],
    [
      `ldapconf "ldapi:///"\nldapcheck "c" "${LDAP_URL}"`,
      'ldapconf has ldapi:///, which is not asked',
    ],
    // What stands before an @ may be a secret.
    ['ldapconf "ldap://u@h"', 'ldapconf has ldap://(hidden)@h, which is not asked'],
    [
      'ldapconf "ldap://h"\nldapcheck "c" "http://x"\nracl whitelist ldapcheck "c"',
      'ldapcheck has no URL of a directory',
    ],
  ] as const)
    test(`are told of, and ignored if that is asked for: ${text.split('\n', 1).join('')}`, () => {
      assert.throws(
        () => load(`${text}\n`),
        ({ message }: Error) => message.includes(told),
      );
      const { value } = load(`${text}\n`, true);
      assert.deepEqual(valueAt(value, ['rules']), []);
    });
});

test('a header without a colon is told of once', () => {
  const problem = 'has a header without ": ", which is not added';
  assert.deepEqual(toldOf('racl "a" whitelist default addheader "NoColon"\n'), [problem]);
});
