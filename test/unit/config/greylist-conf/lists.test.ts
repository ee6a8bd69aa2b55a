import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { parseGreylistConf } from '../../../../src/config/greylist-conf/parser.js';
import { notesOf, problemsOf, statementOf } from './reading.js';

const text = (value: string) => ({ kind: 'text', text: value });
const pattern = (source: string) => ({ kind: 'pattern', source, dialect: 'basic' });
const network = (value: string) => ({ kind: 'network', text: value });

const DEFINED = [
  'dnsrbl "bl" bl.example 127.0.0.2',
  'sm_macro "m" "i" unset',
  'urlcheck "u" "http://x/" 1',
].join('\n');

const LISTS: readonly (readonly [type: string, items: string, read: readonly unknown[]])[] = [
  [
    'addr',
    '192.0.2.1 10.0.0.77/8 2001:db8::/32 ::1',
    ['192.0.2.1/32', '10.0.0.0/8', '2001:db8::/32', '::1/128'].map(network),
  ],
  ['rcpt', 'a@b.c /@x\\.y>$/', [text('a@b.c'), pattern('@x\\.y>$')]],
  ['from', 'a@b.c', [text('a@b.c')]],
  ['rawfrom', '"a"@b.c', [text('"a"@b.c')]],
  ['domain', '163.com /foo$/ .bar.org', [text('163.com'), pattern('foo$'), text('.bar.org')]],
  ['helo', '"%i" /x/', [{ kind: 'format', format: '%i' }, pattern('x')]],
  ...['body', 'header', 'auth', 'tls', 'p0f'].map(
    (type) => [type, '"a b" /c/', [text('a b'), pattern('c')]] as const,
  ),
  ['geoip', '"FR" "DE"', [text('FR'), text('DE')]],
  ['dnsrbl', '"bl"', [text('bl')]],
  ['sm_macro', '"m"', [text('m')]],
  ['urlcheck', '"u"', [text('u')]],
];

describe('lists of a greylist.conf', () => {
  for (const [type, items, read] of LISTS)
    test(`of ${type}`, () => {
      const list = statementOf(`${DEFINED}\nlist "l" ${type} { ${items} }`);
      assert.deepEqual(list, { kind: 'list', name: 'l', type, items: read });
    });

  test('need no blanks around their braces', () => {
    const list = statementOf('list "l" rcpt{a@b.c d@e.f}');
    assert.deepEqual(list['items'], [text('a@b.c'), text('d@e.f')]);
  });

  test('go over lines that end in backslashes, with comments behind those', () => {
    const written = 'list "l" addr { \\ # ours\n 192.0.2.1 \\# one\n 192.0.2.2 \\\n }';
    assert.deepEqual(statementOf(written)['items'], [
      network('192.0.2.1/32'),
      network('192.0.2.2/32'),
    ]);
    const { comments, statements } = parseGreylistConf(`${written}\n`);
    assert.deepEqual(comments, [
      { line: 1, text: '# ours', isAlone: false },
      { line: 2, text: '# one', isAlone: false },
    ]);
    assert.deepEqual(statements[0]?.place, { line: 1, column: 1 });
    assert.equal(statements[0].lastLine, 4);
  });

  test('go over lines without backslashes, also over comments and empty lines', () => {
    const note =
      'goes over lines without a backslash, which milter-greylist refuses; it ends at its } here';
    const written = 'list "l" addr { \\\n192.0.2.1 \\\n# x\n\n192.0.2.2\n192.0.2.3\n}\nquiet\n';
    assert.deepEqual(notesOf(written), [`3:1 ${note}`]);
    const { statements } = parseGreylistConf(written);
    assert.equal(statements.length, 2);
    assert.equal(statements[0]?.kind === 'list' && statements[0].items.length, 3);
  });

  test('that have no end end before the next statement', () => {
    const problem = '1:15 has no end; write } behind its last item';
    assert.deepEqual(problemsOf('list "l" addr { 192.0.2.1\nquiet\nfoo\n'), [
      problem,
      '3:1 has "foo", which is no statement of milter-greylist; remove it, or write # before it',
    ]);
    assert.deepEqual(problemsOf('list "l" addr { 192.0.2.1'), [problem]);
    assert.deepEqual(problemsOf('list "l" addr { 192.0.2.1\n\n# x\n'), [problem]);
    assert.deepEqual(problemsOf('list "l" domain { a.b\nracl: x\n'.replace(':', '')), [
      '1:17 has no end; write } behind its last item',
      '2:6 has "x" for what to do; write greylist, whitelist, blacklist, continue',
    ]);
  });

  test('tell all items that are wrong, and are known nevertheless', () => {
    const written =
      'list "l" addr { 192.0.2.1/33 \\\n mx.example \\\n 192.0.2.2 }\nracl whitelist list "l"\n';
    assert.deepEqual(problemsOf(written), [
      '1:17 has /33 for a length; write at most /32',
      '2:2 has "mx.example" for an address; write 192.0.2.1 or 2001:db8::1',
    ]);
  });

  test('are wrong', () => {
    const wrong = {
      'list "l" addr { }': '1:15 has no items; remove it, or write some',
      'list "l" addr': '1:14 has the end of the line before its items; write {',
      'list "l" mail { a@b.c }':
        '1:10 has "mail" for what is in it; write one of addr, helo, from, rawfrom, rcpt, domain, body, header, auth, tls, p0f, dnsrbl, urlcheck, sm_macro, geoip, time',
      'list "l" domains { b.c }': '1:10 has "domains" for what is in it; write domain',
      'list "l" geoip { /FR/ }': '1:18 has a pattern for a country; write each by its code: "FR"',
      'list "l" dnsrbl { "x" }':
        '1:19 names the dnsrbl "x", which is not defined above; write dnsrbl "x" … above, as a statement of its own',
      'list "l" time { "* *" }':
        '1:17 has a time of 2 fields instead of 5; write minute, hour, day, month and weekday with numbers, * or 8-16/2 each',
      'list "l" list "m"':
        '1:10 is a list of lists, which milter-greylist reads and never matches; write the items of both into one list',
    };
    for (const [written, problem] of Object.entries(wrong))
      assert.deepEqual(problemsOf(`${written}\n`), [problem], written);
    assert.deepEqual(problemsOf('list "l" from { a@b.c }\nlist "l" from { d@e.f }\n'), [
      '2:6 defines the list "l" a second time; lists have names of their own: write both into one',
    ]);
  });

  test('of times are read, which milter-greylist means to do', () => {
    assert.deepEqual(notesOf('list "l" time { "* 8-16 * * 1-5" }\n'), [
      '1:10 is of times, which milter-greylist means to have and cannot read; it is read here',
    ]);
  });

  test('of countries in lower case are told', () => {
    assert.deepEqual(notesOf('list "l" geoip { "fr" }\n'), [
      '1:18 has a country that is no code in upper case; write "FR"',
    ]);
  });
});
