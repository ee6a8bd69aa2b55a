import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { parseGreylistConf } from '../../../../src/config/greylist-conf/parser.js';

/** What the others refer to. */
const BEFORE = 'list "l" addr { 192.0.2.1 }\ndnsrbl "n" bl.example 127.0.0.2\n';

/** What milter-greylist 4.6.4 was seen to accept; it is read without a word, but for what is said. */
const ACCEPTED: readonly (readonly [text: string, refusedFor?: string])[] = [
  ['greylist 300'],
  ['greylist -1'],
  ['greylist 1w'],
  ['GREYLIST: 5m'],
  ['racl greylist default # x'],
  ['racl greylist \\\ndefault'],
  ['\tracl\tgreylist\tdefault'],
  ['addr: 127.0.0.0/8'],
  ['racl whitelist addr 127.0.0.1/8'],
  ['racl whitelist addr 127.0.0.0 /8'],
  ['racl whitelist addr 0.0.0.0/0'],
  ['racl whitelist addr 2001:db8::/32'],
  ['racl whitelist domain .example.net'],
  ['racl whitelist domain localhost'],
  ['racl whitelist domain a_b.example.net'],
  ['racl whitelist from /^<>$/'],
  [String.raw`racl whitelist from /a\/b/`],
  ['racl whitelist from /a b/'],
  ['racl whitelist from /a#b/'],
  ['racl whitelist from a@b.c from /x/'],
  ['racl whitelist rcpt a@b.c rcpt d@e.f'],
  ['racl whitelist rcpt 123@c.d'],
  ['racl whitelist from 1h@c.d'],
  ['racl "id" whitelist default'],
  ['racl whitelist not addr 192.0.2.1'],
  ['racl blacklist rcptcount>=25'],
  ['racl greylist spf none delay 1h'],
  ['list "d" domain { 163.com /foo$/ .bar.org }'],
  ['list "t" geoip { "FR" "DE" }'],
  ['racl whitelist time "*/5 8-16/2 1,15 * 1-5"'],
  ['ratelimit "b" session 10 / 1h key "%i"'],
  ['ratelimit "c" data 10M / 1d'],
  ['urlcheck "a" "http://h/" 5 getprop clear fork'],
  ['peer mx.example.org timeout 5s'],
  ['syncaddr * port 7689'],
  ['socket "/x" 0660'],
  ['dumpfile "/x" 0640'],
  ['racl whitelist set $a += 5'],
  ['racl whitelist *$a "x"'],
  ['racl whitelist default addheader "X: y" , 1'],
  ['racl whitelist default msg ""'],
  [String.raw`racl whitelist default msg "say \"hi\""`],
  ['racl whitelist default msg "grüß" # ü'],
  ['racl whitelist default\nracl greylist default'],
  ['tarpit_scope comand'],
  ['racl whitelist spf delay 5m'],
  ['racl whitelist spf nolog'],
  ['racl whitelist list "l" addr 192.0.2.1'],
  // The accident: in milter-greylist this rule is for all mail.
  ['racl whitelist rcpt { a@b c@d }', 'a list inside'],
];

/** What it refuses: an error here too, or read with a note where the fault is its own. */
const REFUSED: readonly (readonly [text: string, outcome: 'error' | 'note', about: string])[] = [
  ['quiet', 'note', 'without a newline'],
  ['quiet # x', 'note', 'without a newline'],
  ['quiet\r\n', 'note', 'Windows'],
  ['racl greylist default delay 300\n', 'note', 'without a unit'],
  ['racl greylist default autowhite 3600\n', 'note', 'without a unit'],
  ['racl whitelist tarpit 30\n', 'note', 'without a unit'],
  ['racl greylist delay 5m addr 192.0.2.1\n', 'error', 'behind what is set'],
  ['racl greylist addr 192.0.2.1 delay 5m rcpt a@b.c\n', 'error', 'behind what is set'],
  ['racl whitelist\n', 'error', 'no condition'],
  ['racl whitelist not default\n', 'error', 'behind a not'],
  ['racl whitelist addr 127.0.0.1/33\n', 'error', '/33'],
  ['racl whitelist addr 10.0.0.0/255.0.0.0\n', 'error', 'mask'],
  ['racl whitelist addr 300.0.0.1\n', 'error', '300.0.0.1'],
  ['racl whitelist addr ::ffff:192.0.2.1\n', 'note', 'IPv6 form'],
  ['subnetmatch 24\n', 'error', '"24"'],
  ['racl whitelist from <>\n', 'error', '"<>"'],
  ['racl whitelist from <a@b.c>\n', 'error', '"<a@b.c>"'],
  ['racl whitelist rcpt postmaster\n', 'error', '"postmaster"'],
  ['racl whitelist rcpt @example.net\n', 'error', '"@example.net"'],
  ['racl whitelist rcpt example.net\n', 'error', '"example.net"'],
  ['racl whitelist rcpt a@[1.2.3.4]\n', 'error', '"a@[1.2.3.4]"'],
  ['racl whitelist rcpt "a b"@c.d\n', 'error', '"a b"'],
  ['racl whitelist domain "example.net"\n', 'error', 'in quotes'],
  ['racl whitelist domain no\n', 'error', '"no"'],
  ['racl whitelist domain all\n', 'error', '"all"'],
  ['racl whitelist domain 123\n', 'error', '"123"'],
  ['racl whitelist helo example.net\n', 'error', '"example.net"'],
  [String.raw`racl whitelist from /a\(/` + '\n', 'error', 'pattern'],
  ['list "e" addr { }\n', 'error', 'no items'],
  ['list "e" addr { 192.0.2.1\n192.0.2.2\n}\n', 'note', 'without a backslash'],
  ['list "e" addr { \\\n192.0.2.1 \\\n# x\n192.0.2.2 \\\n}\n', 'note', 'without a backslash'],
  ['racl whitelist list "q"\n', 'error', 'not defined'],
  ['list "l" addr { 192.0.2.2 }\n', 'error', 'a second time'],
  ['list "e" time { "* * * * *" }\n', 'note', 'times'],
  ['list "e" spf { pass }\n', 'error', '"spf"'],
  ['list "e" body { "x" }\nracl whitelist list "e"\n', 'error', 'a list of body'],
  ['list "e" header { "x" }\nracl whitelist list "e"\n', 'error', 'a list of header'],
  ['dacl whitelist helo "x"\n', 'error', 'helo'],
  ['racl whitelist msgsize > 5\n', 'error', 'msgsize'],
  ['racl whitelist dkim pass\n', 'error', 'dkim'],
  ['racl whitelist addr 192.0.2.1 addr 192.0.2.2\n', 'error', 'twice'],
  ['racl whitelist from a@b.c from d@e.f\n', 'error', 'twice'],
  ['racl whitelist addr 192.0.2.1 list "l"\n', 'note', 'behind such a clause'],
  ['acl "id" whitelist default\n', 'error', 'a name'],
  ['acl continue default\n', 'error', 'continue'],
  ['racl whitelist time "* * * *"\n', 'error', '4 fields'],
  ['racl whitelist time "* * * * * *"\n', 'error', '6 fields'],
  ['racl whitelist time "* * * jan *"\n', 'error', '"jan"'],
  ['racl whitelist rcptcount = 25\n', 'error', 'has ='],
  ['racl whitelist spf msg "x"\n', 'note', 'spf without a result'],
  ['racl whitelist spf list "l"\n', 'note', 'spf without a result'],
  ['racl whitelist spf temperror\n', 'error', '"temperror"'],
  ['racl continue "id" default\n', 'error', 'its name'],
  ['dacl whitelist rcptcount > $x\n', 'note', 'crashes'],
  ['dacl whitelist spamd > $x\n', 'note', 'crashes'],
  ['list "e" geoip { /x/ }\n', 'error', 'pattern'],
  ['racl whitelist rcpt a@b.c *$a "x"\n', 'note', 'has *$'],
  ['user greylist\n', 'error', '"greylist"'],
  ['socket /x\n', 'error', '"/x"'],
  ['pidfile /x\n', 'error', '"/x"'],
  ['racl greylist default delay 5M\n', 'error', '5M'],
  ['dacl whitelist dkim neutral\n', 'error', '"neutral"'],
  ['racl whitelist geoip FR\n', 'error', '"FR"'],
  ['dnsrbl "z" "bl.example" 127.0.0.2\n', 'error', 'in quotes'],
  ['dnsrbl "z" bl.example "127.0.0.2"\n', 'error', '"127.0.0.2"'],
  ['racl whitelist dnsrbl "q"\n', 'error', 'not defined'],
  ['racl whitelist ratelimit "q"\n', 'error', 'not defined'],
  ['racl whitelist sm_macro "q"\n', 'error', 'not defined'],
  ['racl whitelist mx\n', 'error', 'a length'],
  ['ratelimit "r" rcpt 10/1m\n', 'note', 'no blanks'],
  ['ratelimit "r" rcpt 10 /1m\n', 'note', 'no blanks'],
  ['ratelimit "r" rcpt 10 / 60\n', 'note', 'without a unit'],
  ['urlcheck "u" "http://x/" 5 domatch\n', 'note', 'domatch'],
  ['urlcheck "u" "http://x/" 5 clear\n', 'error', 'clear'],
  ['racl blacklist default code 550\n', 'error', '"550"'],
  ['racl greylist default delay 5m delay 6m\n', 'error', 'twice'],
  ['socket "/x" 777\n', 'error', '"777"'],
  ['logfac foo\n', 'error', '"foo"'],
  ['peer "name"\n', 'error', '"name"'],
  ['tarpit_scope command\n', 'note', 'comand'],
  ['quiet;\n', 'error', '";"'],
  ['frobnicate\n', 'error', '"frobnicate"'],
];

describe('what milter-greylist 4.6.4 accepts', () => {
  for (const [text, refusedFor] of ACCEPTED)
    test(`is ${refusedFor === undefined ? 'accepted' : 'refused'}: ${text}`, () => {
      const { problems, notes } = parseGreylistConf(`${BEFORE}${text}\n`);
      assert.deepEqual(notes, []);
      assert.equal(problems.length, refusedFor === undefined ? 0 : 1, problems[0]?.problem);
      assert.ok(problems.every(({ problem }) => problem.includes(refusedFor ?? '')));
    });

  test('is accepted with a note: a time that never comes', () => {
    const { problems, notes } = parseGreylistConf('racl whitelist time "70 * * * *"\n');
    assert.deepEqual([problems.length, notes.length], [0, 1]);
  });
});

describe('what milter-greylist 4.6.4 refuses', () => {
  for (const [text, outcome, about] of REFUSED)
    test(`is ${outcome === 'note' ? 'read with a note' : 'wrong'}: ${text.trimEnd()}`, () => {
      const { problems, notes } = parseGreylistConf(`${BEFORE}${text}`);
      const remarks = outcome === 'error' ? problems : notes;
      assert.equal(problems.length + notes.length, 1);
      assert.ok(remarks[0]?.problem.includes(about), remarks[0]?.problem);
    });
});
