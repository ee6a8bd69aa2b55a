import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { parseGreylistConf } from '../../../../src/config/greylist-conf/parser.js';
import { notesOf, problemsOf, statementOf } from './reading.js';
import type { Plain } from './reading.js';

const DEFINED = [
  'list "l" addr { 192.0.2.1 }',
  'list "b" body { "x" }',
  'dnsrbl "n" bl.example 127.0.0.2',
  'sm_macro "n" "i" unset',
  'urlcheck "n" "http://x/" 1',
  'ldapcheck "n" "ldap://x/"',
  'ratelimit "n" rcpt 10 / 1h',
  'nsupdate "n" { rname "x" rvalue "y" }',
].join('\n');
const LINES = DEFINED.split('\n').length;

const text = (value: string) => ({ kind: 'text', text: value });
const pattern = (source: string) => ({ kind: 'pattern', source, dialect: 'basic' });
const format = (value: string) => ({ kind: 'format', format: value });
const number = (operator: string, value: number) => ({
  kind: 'comparison',
  operator,
  operand: { kind: 'number', value },
});
const property = (name: string) => ({ kind: 'property', name });

/** Of both kinds of rules, but where it says otherwise. */
const CLAUSES: readonly (readonly [written: string, clause: Plain, rules?: 'racl' | 'dacl'])[] = [
  ['addr 127.0.0.1/8', { kind: 'addr', network: { kind: 'network', text: '127.0.0.0/8' } }],
  ['addr: 127.0.0.0 /8', { kind: 'addr', network: { kind: 'network', text: '127.0.0.0/8' } }],
  ['addr 0.0.0.0/0', { kind: 'addr', network: { kind: 'network', text: '0.0.0.0/0' } }],
  ['addr 192.0.2.1', { kind: 'addr', network: { kind: 'network', text: '192.0.2.1/32' } }],
  ['addr fe80::1%eth0', { kind: 'addr', network: { kind: 'network', text: 'fe80::1/128' } }],
  ['addr 2001:db8::1/32', { kind: 'addr', network: { kind: 'network', text: '2001:db8::/32' } }],
  ['domain .example.net', { kind: 'domain', operand: text('.example.net') }],
  ['domain localhost', { kind: 'domain', operand: text('localhost') }],
  ['domain a_b.example.net', { kind: 'domain', operand: text('a_b.example.net') }],
  ['domain /^mx/', { kind: 'domain', operand: pattern('^mx') }],
  ['from /^<>$/', { kind: 'from', operand: pattern('^<>$') }],
  [String.raw`from /a\/b/`, { kind: 'from', operand: pattern(String.raw`a\/b`) }],
  ['from: /a b/', { kind: 'from', operand: pattern('a b') }],
  ['from /a#b/', { kind: 'from', operand: pattern('a#b') }],
  ['from 1h@c.d', { kind: 'from', operand: text('1h@c.d') }],
  ['rawfrom {x}=y@c.d', { kind: 'rawfrom', operand: text('{x}=y@c.d') }],
  ['rcpt: 123@c.d', { kind: 'rcpt', operand: text('123@c.d') }],
  ['rcpt "quoted"@c.d', { kind: 'rcpt', operand: text('"quoted"@c.d') }],
  ['rcptcount>=25', { kind: 'rcptcount', comparison: number('>=', 25) }],
  ['rcptcount == 25', { kind: 'rcptcount', comparison: number('==', 25) }],
  ['msgsize > 2k', { kind: 'msgsize', comparison: number('>', 2048) }, 'dacl'],
  [
    'msgsize <= $x',
    { kind: 'msgsize', comparison: { kind: 'comparison', operator: '<=', operand: property('x') } },
    'dacl',
  ],
  ['helo "%d"', { kind: 'helo', operand: format('%d') }, 'racl'],
  ['helo /^x/', { kind: 'helo', operand: pattern('^x') }, 'racl'],
  ['auth "joe"', { kind: 'auth', operand: text('joe') }],
  ['auth /.*/', { kind: 'auth', operand: pattern('.*') }],
  ['tls "/CN=x"', { kind: 'tls', operand: text('/CN=x') }],
  ['p0f "Windows"', { kind: 'p0f', operand: text('Windows') }],
  ['spf', { kind: 'spf', result: 'pass' }],
  ['spf softfail', { kind: 'spf', result: 'softfail' }],
  ['spf self', { kind: 'spf', result: 'self' }],
  ['dkim none', { kind: 'dkim', result: 'none' }, 'dacl'],
  ['dkim error', { kind: 'dkim', result: 'error' }, 'dacl'],
  ['mx /24', { kind: 'mx', bits: 24 }],
  ['geoip "FR"', { kind: 'geoip', country: 'FR' }],
  ['time "*/5 8-16/2 1,15 * 1-5"', { kind: 'time', schedule: '*/5 8-16/2 1,15 * 1-5' }],
  ...['dnsrbl', 'sm_macro', 'urlcheck', 'ldapcheck', 'ratelimit', 'nsupdate'].map(
    (kind) => [`${kind} "n"`, { kind, name: 'n' }] as const,
  ),
  ['list "l"', { kind: 'list', name: 'l', type: 'addr' }],
  ['list "b"', { kind: 'list', name: 'b', type: 'body' }, 'dacl'],
  ['header "Subject: x"', { kind: 'header', operand: text('Subject: x') }, 'dacl'],
  ['header $x', { kind: 'header', operand: property('x') }, 'dacl'],
  ['body /x/', { kind: 'body', operand: pattern('x') }, 'dacl'],
  ['spamd', { kind: 'spamd' }, 'dacl'],
  ['spamd > 5', { kind: 'spamd', comparison: number('>', 5) }, 'dacl'],
  ['tarpit 65s', { kind: 'tarpit', seconds: 65 }],
  ['set $a = "%r"', { kind: 'set', property: 'a', operator: '=', operand: format('%r') }],
  [
    'rset $a-b += 5',
    { kind: 'rset', property: 'a-b', operator: '+=', operand: { kind: 'number', value: 5 } },
  ],
  ['set $a -= $b', { kind: 'set', property: 'a', operator: '-=', operand: property('b') }],
  ['$a "x"', { kind: 'property', property: 'a', operand: text('x') }],
  ['$a /x/', { kind: 'property', property: 'a', operand: pattern('x') }],
  ['$a != 5', { kind: 'property', property: 'a', operand: number('!=', 5) }],
  [
    '$a < $b',
    {
      kind: 'property',
      property: 'a',
      operand: { kind: 'comparison', operator: '<', operand: property('b') },
    },
  ],
  ['*$a "%r"', { kind: 'property-glob', property: 'a', subject: format('%r') }],
  ['log "%i"', { kind: 'log', text: format('%i') }],
];

const VALUES: readonly (readonly [written: string, value: Plain])[] = [
  ['delay 300s', { kind: 'delay', seconds: 300 }],
  ['autowhite: 0s', { kind: 'autowhite', seconds: 0 }],
  ['flushaddr', { kind: 'flushaddr' }],
  ['nolog', { kind: 'nolog' }],
  ['code "451"', { kind: 'code', text: '451' }],
  ['ecode "4.7.1"', { kind: 'ecode', text: '4.7.1' }],
  ['msg ""', { kind: 'msg', format: '' }],
  [String.raw`msg "say \"hi\""`, { kind: 'msg', format: String.raw`say \"hi\"` }],
  ['msg "grüß %r # no comment"', { kind: 'msg', format: 'grüß %r # no comment' }],
  ['report: "x"', { kind: 'report', format: 'x' }],
  ['subjtag "[x]"', { kind: 'subjtag', format: '[x]' }],
  [String.raw`addfooter "a\n"`, { kind: 'addfooter', format: String.raw`a\n` }],
  ['addheader "X: y"', { kind: 'addheader', format: 'X: y' }],
  ['addheader "X: y" , 1', { kind: 'addheader', format: 'X: y', index: 1 }],
  ['maxpeek 100', { kind: 'maxpeek', bytes: 100 }],
  ['tarpit_scope comand', { kind: 'tarpit_scope', scope: 'command' }],
];

/** As in `racl whitelist …`, where nothing else is written. */
const WRONG: readonly (readonly [written: string, problem: string])[] = [
  ['', '16 has no condition; write default if it is for all that comes here'],
  ['not default', '16 has default behind a not; a rule for nothing is none'],
  ['default addr 192.0.2.1', '24 has default and conditions; write one of them'],
  ['addr 192.0.2.1 default', '31 has default and conditions; write one of them'],
  [
    'default default',
    '24 has default behind what is set; write all conditions first, then what is set',
  ],
  ['delay 5m', '24 has no condition; write default if it is for all that comes here'],
  ['not delay 5m', '20 has "delay" behind a not; a condition stands there'],
  [
    'nolog addr 192.0.2.1',
    '22 has addr behind what is set; write all conditions first, then what is set',
  ],
  [
    'nolog default',
    '22 has default behind what is set; write all conditions first, then what is set',
  ],
  ['default nolog nolog', '30 has nolog twice; write it once'],
  ['adr 192.0.2.1', '16 has "adr", which is no word of rules; write addr'],
  ['10 20', '16 has "10", which is no word of rules; conditions and values stand here'],
  [
    'rcpt { a@b c@d }',
    '16 has a list inside: milter-greylist ignores it, and the rule is for all mail; write list "name" rcpt { … } above, and list "name" here',
  ],
  ['addr 127.0.0.1/33', '21 has /33 for a length; write at most /32'],
  ['addr ::1/129', '21 has /129 for a length; write at most /128'],
  ['addr 10.0.0.0/255.255.0.0', '21 has the mask /255.255.0.0; write how many bits it has: /16'],
  [
    'addr 192.0.2.1 addr 192.0.2.2',
    '31 has addr twice; all of a rule must match: for one of several, write a list',
  ],
  [
    'domain a.b domain /c/ domain /d/',
    '38 has domain twice; all of a rule must match: for one of several, write a list',
  ],
  ['domain no', '23 has "no" for a domain; write /^no$/ for the name'],
  ['domain 10m', '23 has "10m" for a domain; write /^10m$/ for the name'],
  ['domain 192.0.2.1', '23 has "192.0.2.1" for a domain; write /^192.0.2.1$/ for the name'],
  ['domain', '22 has the end of the line for a domain; write it bare: example.org'],
  [
    'domain *.b.example',
    '23 has "*.b.example" for a domain; write .b.example: it is what names end with',
  ],
  [
    'addr 192.0.2.1, 192.0.2.2',
    '30 has ",", which is no word of rules; for one of several, write a list above: list "name" …',
  ],
  ['from <>', '21 has "<>" for an address; write /^<>$/ for the sender of bounces'],
  ['from <a@b.c>', '21 has "<a@b.c>" for an address; write a@b.c, without brackets'],
  ['rcpt @b.c', '21 has "@b.c" for an address; write /@b\\.c>$/ for a domain'],
  [
    'rcpt a@[192.0.2.1]',
    '21 has "a@[192.0.2.1]" for an address; write user@example.org, or a pattern: /@example\\.org>$/, /^<postmaster@/',
  ],
  ['from //', '21 has an empty pattern, which matches all; write /.*/ for that'],
  [
    String.raw`from /a\(/`,
    String.raw`23 has a pattern that has a \( without its \); write ( for the character`,
  ],
  ['rcptcount = 25', '26 has = for a comparison; write =='],
  ['rcptcount 25', '26 has "25" for a comparison; write one of == != < > <= >='],
  ['rcptcount > many', '28 has "many" for the number to compare; write a whole number'],
  [
    'msgsize > 5',
    '16 has msgsize, which a rule of this kind cannot have; write dacl: it needs the message',
  ],
  [
    'rcptcount > $x',
    '16 has rcptcount, which a rule of this kind cannot have; write dacl: it needs the message',
  ],
  [
    'list "b"',
    '16 has a list of body, which a rule of this kind cannot have; write dacl: it needs the message',
  ],
  [
    'list "L"',
    '21 names the list "L", which is not defined above; lists stand above the rules that name them, spelled alike',
  ],
  ['dnsrbl "m"', '23 names the dnsrbl "m", which is not defined above; write "n"'],
  ['spf temperror', '20 has "temperror" for a result of SPF; write error, which is both of them'],
  ['mx 24', '19 has "24" for a length; write /24'],
  [
    'mx /129',
    '19 has /129, with which all addresses are the same to milter-greylist; write a number up to /128, or /0 if that is meant',
  ],
  ['geoip FR', '22 has "FR" for a country; write it in quotes: "FR"'],
  [
    'time "0-5 * * * mon"',
    '21 has "mon" for a day of the week; write minute, hour, day, month and weekday with numbers, * or 8-16/2 each',
  ],
  [
    'time ""',
    '21 has a time of 0 fields instead of 5; write minute, hour, day, month and weekday with numbers, * or 8-16/2 each',
  ],
  ['set a = 5', '20 has "a" for a property; write it as $name'],
  ['set $a == 5', '23 has "==" behind $a; write =, += or -='],
  ['set $a = b', '25 has "b" for the value; write a whole number'],
  ['* "x"', '18 has "x" for a property; write it as $name'],
  [
    'default delay 5M',
    '30 has 5M for the time, which is a number; write a number and s, m, h, d or w: 90s, 30m, 5d',
  ],
  ['default code 550', '29 has "550" for the code; write it in quotes: "550"'],
];

describe('rules of a greylist.conf', () => {
  for (const [written, clause, only] of CLAUSES)
    for (const rules of only === undefined ? (['racl', 'dacl'] as const) : [only])
      test(`${rules} with ${written}`, () => {
        assert.deepEqual(statementOf(`${DEFINED}\n${rules} whitelist ${written}`), {
          kind: 'rule',
          keyword: rules,
          stage: rules === 'racl' ? 'rcpt' : 'data',
          action: 'whitelist',
          clauses: [{ ...clause, isNegated: false }],
          values: [],
        });
      });

  for (const [written, value] of VALUES)
    test(`setting ${written}`, () => {
      assert.deepEqual(statementOf(`racl "an id" blacklist default ${written}`), {
        kind: 'rule',
        keyword: 'racl',
        stage: 'rcpt',
        id: 'an id',
        action: 'blacklist',
        clauses: [],
        values: [value],
      });
    });

  for (const [written, problem] of WRONG)
    test(`racl whitelist ${written} is wrong`, () => {
      const problems = problemsOf(`${DEFINED}\nracl whitelist ${written}\n`);
      assert.deepEqual(problems, [`${LINES + 1}:${problem}`]);
    });

  test('have several clauses, each with its own not, and several values', () => {
    const rule = statementOf(
      'RACL Continue no addr 192.0.2.1 ! from a@b.c not from /x/ rcpt d@e.f rcpt g@h.i ' +
        'delay 1h maxpeek 1 maxpeek 2 nolog # and a comment',
    );
    assert.equal(rule['action'], 'continue');
    assert.deepEqual(kindsOf(rule['clauses']), ['!addr', '!from', '!from', 'rcpt', 'rcpt']);
    assert.deepEqual(kindsOf(rule['values']), ['delay', 'maxpeek', 'maxpeek', 'nolog']);
  });

  test('acl is racl, but for a name and continue', () => {
    const { keyword, stage } = statementOf('acl greylist default');
    assert.deepEqual([keyword, stage], ['acl', 'rcpt']);
    assert.deepEqual(problemsOf('acl "x" greylist default\nacl continue default\n'), [
      '1:5 has a name, which only racl and dacl have; write racl',
      '2:5 has continue, which only racl and dacl have; write racl',
    ]);
  });

  test('that name themselves behind their action, or do something else, are wrong', () => {
    assert.deepEqual(problemsOf('racl continue "x" default\nracl whitlist default\nracl\n'), [
      '1:15 has its name behind what to do; write racl "x" continue',
      '2:6 has "whitlist" for what to do; write whitelist',
      '3:5 has the end of the line for what to do; write greylist, whitelist, blacklist, continue',
    ]);
    assert.deepEqual(problemsOf('dacl whitelist helo "x"\ndacl whitelist dkim neutral\n'), [
      '1:16 has helo, which a rule of this kind cannot have; write racl',
      '2:21 has "neutral" for a result of DKIM; DKIM has none but pass, fail, unknown, error, none',
    ]);
  });

  test('of one line, as they were in old versions', () => {
    const rule = { kind: 'rule', stage: 'rcpt', action: 'whitelist', values: [] };
    for (const [written, keyword, clause] of [
      ['addr: 10.0.0.0/8', 'addr', { network: { kind: 'network', text: '10.0.0.0/8' } }],
      ['domain example.org', 'domain', { operand: text('example.org') }],
      ['from: a@b.c', 'from', { operand: text('a@b.c') }],
      ['rawfrom /x/', 'rawfrom', { operand: pattern('x') }],
      ['rcpt a@b.c', 'rcpt', { operand: text('a@b.c') }],
    ] as const) {
      const clauses = [{ kind: keyword, isNegated: false, ...clause }];
      assert.deepEqual(statementOf(written), { ...rule, keyword, clauses });
    }
  });

  test('know where they and their parts stand', () => {
    const { statements } = parseGreylistConf(
      'quiet\n racl greylist \\\n  not addr 192.0.2.1 \\\n nolog # x\n',
    );
    const rule = statements[1];
    assert.ok(rule?.kind === 'rule');
    assert.deepEqual(rule.place, { line: 2, column: 2 });
    assert.equal(rule.lastLine, 4);
    assert.deepEqual(rule.clauses[0]?.place, { line: 3, column: 7 });
    assert.deepEqual(rule.values[0]?.place, { line: 4, column: 2 });
  });

  test('are read with a note where milter-greylist stumbles', () => {
    const notes: readonly (readonly [text: string, note: string])[] = [
      [
        'racl whitelist spf msg "x"',
        '9:20 has a quoted text on the line of an spf without a result; milter-greylist refuses that: write spf pass',
      ],
      [
        'dacl whitelist spamd > $x',
        '9:16 compares spamd with a property, of which milter-greylist crashes; it is compared here',
      ],
      [
        'dacl whitelist rcptcount > $x',
        '9:16 compares rcptcount with a property, of which milter-greylist crashes; it is compared here',
      ],
      [
        'racl whitelist rcpt a@b.c *$a "x"',
        '9:27 has *$ behind a condition that can have a pattern; milter-greylist refuses that: write it first',
      ],
      [
        'racl whitelist addr 10.0.0.0/8 list "l"',
        '9:32 has a list of addr behind such a clause, which milter-greylist refuses; both must match',
      ],
      [
        'racl whitelist from *@a.b.example',
        '9:21 has "*@a.b.example", in which * is a letter like others: it is that one address; for all of a domain write /@a\\.b\\.example>$/',
      ],
      [
        'dacl whitelist dkim nolog',
        '9:21 names no result of DKIM; it is taken for dkim pass: write that',
      ],
      [
        'dacl whitelist dkim',
        '9:20 names no result of DKIM; it is taken for dkim pass: write that',
      ],
      [
        'racl whitelist time "70 * * * *"',
        '9:21 has 70 for a minute, which never comes; write 0 to 59',
      ],
      [
        'racl whitelist time "0,*/0 * * * *"',
        '9:21 has */0 for a minute, which never comes; write a step of 1 or more',
      ],
      [
        'racl whitelist time "* 22-6 * * *"',
        '9:21 has 22-6 for an hour, which never comes; write both halves: 22-23,0-6',
      ],
      [
        'racl whitelist default addheader "X"',
        '9:34 has a header without ": ", which is not added; write "Name: value"',
      ],
      [
        'racl whitelist default msg "100%"',
        '9:28 has a percent sign that milter-greylist loses; it is kept here: %% is one wherever it stands',
      ],
      [
        String.raw`racl whitelist from /\d/`,
        String.raw`9:22 has a pattern that has \d, which matches nothing; write [0-9]`,
      ],
      [
        'racl greylist default delay 300',
        '9:29 has the time without a unit, which milter-greylist refuses here; it is taken for 300s',
      ],
    ];
    for (const [written, note] of notes)
      assert.deepEqual(notesOf(`${DEFINED}\n${written}\n`), [note], written);
    const inOrder = 'racl whitelist list "l" addr 192.0.2.1 *$a "x" from a@b.c';
    assert.deepEqual(notesOf(`${DEFINED}\n${inOrder}\n`), []);
  });
});

function kindsOf(parts: unknown): readonly string[] {
  assert.ok(Array.isArray(parts));
  return parts.map((part: { kind: string; isNegated?: boolean }) =>
    part.isNegated === true ? `!${part.kind}` : part.kind,
  );
}
