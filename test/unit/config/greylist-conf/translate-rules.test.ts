import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { valueAt } from '../../../../src/config/origins.js';
import { at, read, toldOf } from './translation.js';

describe('what a rule does', () => {
  for (const [rule, expected] of [
    ['racl whitelist default', { then: 'accept' }],
    [
      'racl greylist default delay 1h autowhite 2d',
      { then: 'greylist', delay: '1h', autowhite: '2d' },
    ],
    ['racl greylist default delay 300', { then: 'greylist', delay: '5m' }],
    ['racl greylist default delay 4d', { then: 'greylist', delay: '1d' }],
    ['racl blacklist default', { then: 'reject' }],
    [
      'racl blacklist default code "554" ecode "5.7.2" msg "No %r"',
      { then: 'reject', code: 554, enhanced: '5.7.2', text: 'No {recipient}' },
    ],
    ['racl greylist default msg "in %R"', { then: 'greylist', text: 'in {remaining}' }],
    ['racl blacklist default msg "in %R"', { then: 'reject', text: 'in 00:00:00' }],
    ['racl blacklist default msg "%a %A"', { then: 'reject', text: '{rule} 1' }],
    ['racl blacklist default code "451"', { then: 'tempfail', text: 'Go away!', code: 451 }],
    [
      'racl blacklist default code "421" ecode "5.7.1"',
      { then: 'tempfail', text: 'Go away!', enhanced: '4.7.1' },
    ],
    ['racl blacklist default code "999"', { then: 'tempfail', text: 'Go away!' }],
    ['racl blacklist default code "599"', { then: 'reject' }],
    ['racl greylist default code "550"', { then: 'greylist' }],
    ['racl greylist default ecode "4.7"', { then: 'greylist' }],
    [
      'racl continue default msg "x" code "550" ecode "5.7.1"',
      {
        then: 'continue',
        text: 'x',
        code: 550,
        enhanced: '5.7.1',
      },
    ],
    ['racl continue default ecode "5.7.2"', { then: 'continue', enhanced: '5.7.2' }],
    [
      'racl continue default ecode "5.7.1" code "451"',
      { then: 'continue', code: 451, enhanced: '4.7.1' },
    ],
    ['racl continue default delay 5m autowhite 1h', { then: 'continue' }],
    ['racl whitelist default delay 5m msg "x"', { then: 'accept' }],
    [
      'racl whitelist default report "Seen %d, {}"',
      { then: 'accept', report: 'Seen {client-name}, {{}}' },
    ],
    ['racl whitelist default flushaddr nolog', { then: 'accept', forget: 'client', log: 'debug' }],
    [
      'racl whitelist default addheader "X-A: %i"',
      {
        then: 'accept',
        headers: { 'X-A': '{client-address}' },
      },
    ],
    [
      'racl whitelist default addheader "X-A: %i" , 2',
      {
        then: 'accept',
        headers: { 'X-A': { value: '{client-address}', at: 2 } },
      },
    ],
    ['racl whitelist default addheader "no header"', { then: 'accept' }],
    ['racl greylist default msg "d\u00fcster"', { then: 'greylist', text: 'd?ster' }],
    ['racl greylist default msg ""', { then: 'greylist' }],
    [
      'dacl whitelist default subjtag "[x]" addfooter "\\nbye"',
      {
        then: 'accept',
        'subject-tag': '[x]',
        footer: '\nbye',
      },
    ],
  ] as const)
    test(rule, () => {
      const section = rule.startsWith('dacl') ? 'message-rules' : 'rules';
      assert.deepEqual(at(rule, [section, 0]), { name: '1', ...expected });
    });

  test('texts of a message name no recipient, as it has several', () => {
    const text = [
      'dacl "a" blacklist default msg "No %r%mr%sr, %f"',
      'dacl "b" whitelist set $x = "%r." log "%mr!" *$x "%sr?" addheader "X-To: <%r>"',
    ].join('\n');
    assert.deepEqual(at(text, ['message-rules']), [
      { name: 'a', then: 'reject', text: 'No , {triplet-sender}' },
      {
        name: 'b',
        when: {
          all: [{ set: { x: '.' } }, { 'log-text': '!' }, { property: { x: { 'glob-of': '?' } } }],
        },
        then: 'accept',
        headers: { 'X-To': '<>' },
      },
    ]);
    assert.deepEqual(
      at('racl "a" blacklist default msg "No %r"', ['rules', 0, 'text']),
      'No {recipient}',
    );
  });

  test('a rate of bytes that nobody counts is told', () => {
    const rate = 'ratelimit "big" data 1M / 1h\nracl blacklist ratelimit "big"';
    assert.deepEqual(toldOf(rate), [
      '2 ratelimit "big" is never over: bytes are counted by a dacl, and none names it',
    ]);
    assert.deepEqual(toldOf(`${rate}\ndacl continue ratelimit "big"`), []);
    assert.deepEqual(toldOf(rate.replace('data 1M', 'rcpt 9')), []);
  });

  test('what does nothing is told', () => {
    assert.deepEqual(toldOf('racl whitelist default delay 5m msg "x"'), [
      '1 delay does nothing where a rule says whitelist, and is left out',
      '1 msg does nothing where a rule says whitelist, and is left out',
    ]);
    assert.deepEqual(toldOf('racl continue default delay 5m'), [
      '1 delay does nothing where a rule says continue, and is left out',
    ]);
  });

  test('what cannot be said is told', () => {
    assert.deepEqual(toldOf('racl blacklist default code "599" ecode "4.7.1"'), [
      '1 code must be a code from 500 to 559: the usual one is said',
      '1 ecode begins with 5 here, as the reply code does',
    ]);
    assert.deepEqual(toldOf('racl blacklist default msg "%Fx"'), [
      '1 msg has %Fx, which nobody knows here: it is empty',
      '1 msg is empty: the usual text is said',
    ]);
  });
});

describe('what rules are called', () => {
  const namesOf = (text: string): unknown => {
    const rules = at(text, ['rules']);
    assert.ok(Array.isArray(rules));
    return rules.map((rule: unknown) => valueAt(rule, ['name']));
  };

  test('by what they are called in the file, or by their last line', () => {
    const text = 'racl "mine" whitelist addr 192.0.2.1\n\nracl greylist \\\ndefault';
    assert.deepEqual(namesOf(text), ['mine', '4']);
  });

  test('no two alike, which is told', () => {
    const text =
      'racl "a" whitelist addr 192.0.2.1\nracl "a" greylist default\nracl "rule 1" greylist default';
    assert.deepEqual(namesOf(text), ['a', 'a 2', '3']);
    assert.deepEqual(toldOf(text).slice(0, 2), [
      '2 racl is called "a 2" in the log',
      '3 racl is called "3" in the log',
    ]);
  });

  test('the historic forms come first, the last of them before the others', () => {
    const text = 'racl greylist default\naddr 192.0.2.1\nfrom a@example.net';
    assert.deepEqual(namesOf(text), ['3', '2', '1']);
  });

  test('testmode lets pass what no rule matches, and puts the recipients of old lines off', () => {
    assert.deepEqual(at('testmode\nrcpt a@example.com', ['rules']), [
      { name: '2', when: { recipient: 'a@example.com' }, then: 'greylist' },
      { name: 'testmode', then: 'accept' },
    ]);
  });

  test('delayedreject answers the null sender once it sends mail', () => {
    const rule = { name: 'delayedreject', when: { sender: '<>' }, then: 'continue', stage: 'data' };
    assert.deepEqual(at('delayedreject', ['rules']), [rule]);
  });
});

describe('settings', () => {
  for (const [text, path, expected] of [
    ['', ['greylist', 'delay'], '30m'],
    ['greylist 300', ['greylist', 'delay'], '5m'],
    ['greylist 1h\ngreylist 2h', ['greylist', 'delay'], '2h'],
    ['greylist -1', ['greylist', 'delay'], '0s'],
    ['autowhite 0', ['greylist', 'autowhite'], '0s'],
    ['timeout 400d', ['greylist', 'retry-window'], '60d'],
    ['subnetmatch /24', ['greylist', 'network'], { ipv4: 24, ipv6: 128 }],
    ['subnetmatch /0', ['greylist', 'network', 'ipv4'], 0],
    ['subnetmatch6 /64', ['greylist', 'network'], { ipv4: 32, ipv6: 64 }],
    ['lazyaw', ['greylist', 'lazy-autowhite'], true],
    ['report none', ['greylist', 'header'], 'never'],
    ['report nodelays', ['greylist', 'header'], 'not-delayed'],
    ['quiet', ['greylist', 'reply', 'text'], 'Greylisting in action, please come back later'],
    ['verbose', ['log', 'level'], 'debug'],
    ['logfac local3', ['log', 'to'], 'syslog:local3:milter-greylist'],
    ['logfac none', ['log', 'to'], 'file:/dev/null'],
    ['pidfile "/run/x.pid"', ['pid-file'], '/run/x.pid'],
    ['user "smmsp"', ['user'], 'smmsp'],
    ['user "smmsp:mail"', ['group'], 'mail'],
    [
      'dumpfile "/var/db/greylist.db" 640',
      ['store', 'import'],
      { 'milter-greylist': '/var/db/greylist.db' },
    ],
    ['localaddr 192.0.2.25', ['lookups', 'local-address'], '192.0.2.25'],
    ['geoip2db "/x.mmdb"', ['lookups', 'geo'], '/x.mmdb'],
    ['socket "/run/x.sock" 660', ['listen'], { milter: '/run/x.sock', socket: { mode: '0660' } }],
    ['socket "inet:10033@127.0.0.1"', ['listen'], { milter: 'inet:10033@127.0.0.1' }],
    [
      'socket "inet:10033"',
      ['listen'],
      { milter: 'inet:10033@0.0.0.0', allow: ['0.0.0.0/0', '::/0'] },
    ],
    ['socket "INET:10033@127.0.0.1"', ['listen'], { milter: 'inet:10033@127.0.0.1' }],
    ['socket "Local:/run/x.sock"', ['listen', 'milter'], 'local:/run/x.sock'],
    ['socket ""', ['listen'], null],
    ['socket "inet6:10033"', ['listen', 'milter'], 'inet6:10033@[::]'],
    [
      'stat ">>/var/log/s" "%i\\n"',
      ['activity'],
      { to: 'append:/var/log/s', format: '{client-address}\n' },
    ],
    ['stat "|cat" "%%"', ['activity'], { to: 'pipe:cat', format: '%' }],
    ['stat ">/x" "x"', ['activity', 'to'], 'file:/x'],
    ['stat "/x" "x"', ['activity'], null],
    ['maxpeek 100k', ['limits'], { body: 102400 }],
    ['logexpired', ['log', 'expired'], true],
    ['unbracket', ['lookups'], { unbracket: true }],
    ['dacl blacklist body "x"', ['limits'], { body: '1MiB' }],
    ['dacl blacklist body $x', ['limits'], { body: '1MiB' }],
    ['list "bad" body { "x" }\ndacl blacklist list "bad"', ['limits'], { body: '1MiB' }],
    ['racl whitelist default maxpeek 10', ['limits'], { body: 1024 }],
  ] as const)
    test(text === '' ? 'an empty file' : text, () => assert.deepEqual(at(text, path), expected));

  for (const [text, expected] of [
    ['', ['authenticated', 'tls', 'local', 'access-map']],
    ['noauth', ['local', 'access-map']],
    ['noaccessdb', ['authenticated', 'tls', 'local']],
    ['racl whitelist auth "a"', ['local', 'access-map']],
    ['racl whitelist tls "a"', ['local', 'access-map']],
    [
      'list "a" auth { "a" }\nracl whitelist list "a"',
      ['authenticated', 'tls', 'local', 'access-map'],
    ],
  ] as const)
    test(`who is exempt with: ${text}`, () => assert.deepEqual(at(text, ['exempt']), expected));

  test('senders pass by SPF before all rules, unless a clause asks for it or nospf stands there', () => {
    const rules = (text: string) => at(text, ['rules'], { flags: [] });
    const spf = { name: 'spf', when: { spf: 'pass' }, then: 'accept' };
    assert.deepEqual(rules('list "a" addr { ::1 }'), [spf]);
    assert.deepEqual(rules('nospf'), []);
    assert.deepEqual(rules('dacl whitelist spf softfail'), []);
  });

  test('flags of a command line are taken as if they stood in the file', () => {
    assert.deepEqual(at('', ['exempt'], { flags: ['noauth', 'nospf'] }), ['local', 'access-map']);
    const quiet = at('', ['greylist', 'reply', 'text'], { flags: ['quiet'] });
    assert.equal(quiet, 'Greylisting in action, please come back later');
  });

  test('servers that are asked', () => {
    const text = `
urlcheck "web" "http://192.0.2.80/?r=%r" 500 getprop clear
urlcheck "post" "http://192.0.2.80/" 1 postmsg noencode
ldapconf "ldap://192.0.2.81 ldap://192.0.2.82" timeout 20s binddn "cn=x" bindpw "y"
ldapcheck "people" "ldap:///dc=example?mail?sub?(mail=%r)" clear noescape`;
    assert.deepEqual(at(text, ['lookups']), {
      timeout: '4s',
      urls: {
        web: { url: 'http://192.0.2.80/?r={recipient}', connections: 100, properties: 'recipient' },
        post: { url: 'http://192.0.2.80/', connections: 1, encode: false, 'post-message': true },
      },
      ldap: {
        servers: ['ldap://192.0.2.81', 'ldap://192.0.2.82'],
        timeout: '4s',
        bind: { dn: 'cn=x', password: 'y' },
      },
      'ldap-queries': {
        people: {
          url: 'ldap:///dc=example?mail?sub?(mail={recipient})',
          escape: false,
          match: false,
          properties: 'recipient',
        },
      },
    });
  });

  test('lists have names of our own, no two of them alike', () => {
    const text =
      'list "my net" addr { 192.0.2.1 }\nlist "my-net" addr { 192.0.2.2 }\nlist "\u00fc!" addr { ::1 }';
    assert.deepEqual(at(text, ['lists']), {
      'my-net': { clients: ['192.0.2.1'] },
      'my-net-2': { clients: ['192.0.2.2'] },
      u: { clients: ['::1'] },
    });
  });
});

describe('what is not supported', () => {
  for (const [text, subject] of [
    ['peer 192.0.2.1', 'peer'],
    ['syncaddr *', 'syncaddr'],
    ['syncsrcaddr 192.0.2.1', 'syncsrcaddr'],
    ['syncmaxqlen 10', 'syncmaxqlen'],
    ['drac db "/x"', 'drac'],
    ['racl whitelist p0f "Linux"', 'p0f'],
    ['list "l" p0f { "Linux" }\nracl whitelist list "l"', 'list'],
    ['dacl blacklist spamd > 5', 'spamd'],
    ['nsupdate "n" { rname "x" rvalue "y" }\nracl whitelist nsupdate "n"', 'nsupdate'],
    ['geoipdb "/x.dat"\nracl whitelist geoip "FR"', 'geoip'],
    ['racl whitelist from /\\(a\\)\\1/', 'the pattern'],
  ] as const)
    test(`${text.replaceAll('\n', '; ')} keeps the daemon from starting, unless it is ignored`, () => {
      const { problems } = read(text);
      assert.equal(problems.length, 1);
      assert.match(problems[0]?.problem ?? '', new RegExp(`^${subject} `));
      assert.match(problems[0]?.hint ?? '', /or start with --ignore-unsupported/);
      const ignored = read(text, { ignoresUnsupported: true });
      assert.deepEqual(ignored.problems, []);
      const told = ignored.findings.filter(({ kind }) => kind === 'unsupported');
      assert.deepEqual(
        told.map((finding) => finding.subject),
        [subject],
      );
    });

  test('drac keeps nothing from starting where nodrac stands', () => {
    for (const text of ['drac db "/x"\nnodrac', 'nodrac\ndrac db "/x"']) {
      const { problems, findings } = read(text);
      assert.deepEqual(problems, []);
      const notes = findings.filter(({ kind, subject }) => kind === 'note' && subject === 'drac');
      assert.deepEqual(
        notes.map(({ problem }) => problem),
        ['changes nothing'],
      );
    }
  });

  test('a rule that cannot ask all that it wants to is left out, whatever it does', () => {
    for (const clause of ['p0f "x"', 'not p0f "x"', 'addr 192.0.2.1 p0f "x"']) {
      const text = `racl whitelist ${clause}\nracl greylist default`;
      const names = at(text, ['rules'], { ignoresUnsupported: true });
      assert.deepEqual(names, [{ name: '2', then: 'greylist' }], clause);
    }
  });

  test('a rule that only did something beside is as it would be without it', () => {
    const text =
      'nsupdate "n" { rname "x" rvalue "y" }\nracl whitelist addr 192.0.2.1 nsupdate "n"';
    assert.deepEqual(at(text, ['rules'], { ignoresUnsupported: true }), [
      { name: '2', when: { client: '192.0.2.1' }, then: 'accept' },
    ]);
  });

  test('sockets of what no rule asks are only told of', () => {
    assert.deepEqual(
      toldOf('p0fsock "/x"\nspamdsock unix "/y"\ngeoipdb "/z"\ndumpfreq 1\nmultiracl'),
      [
        '1 p0fsock is asked by no rule here',
        '2 spamdsock is asked by no rule here',
        '3 geoipdb is in a form that is not read here',
        '4 dumpfreq changes nothing',
        '5 multiracl changes nothing',
      ],
    );
  });
});
