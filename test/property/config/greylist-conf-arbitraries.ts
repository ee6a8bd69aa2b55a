import { fc } from '../../support/properties.js';

/** What clauses, values and lists refer to. */
const DEFINITIONS = `
geoip2db "/var/lib/GeoIP/country.mmdb"
dnsrbl "one" one.dnsbl.example 127.0.0.2
dnsrbl "two" two.dnsbl.example 127.0.0.0/24
sm_macro "local" "{rcpt_mailer}" "local"
sm_macro "mailer" "{rcpt_mailer}" /^e/
sm_macro "absent" "{rcpt_mailer}" unset
ratelimit "burst" rcpt 3 / 1m
ratelimit "volume" data 2k / 1h key "%f"
ratelimit "often" session 2 / 1m key "%r %i"
urlcheck "web" "http://192.0.2.80/?f=%f&r=%r" 5 getprop
urlcheck "clear" "http://192.0.2.80/clear?f=%f" 5 getprop clear noencode
ldapconf "ldap://192.0.2.81" timeout 2s
ldapcheck "people" "ldap:///dc=example?mail?sub?(mail=%r)" domatch
ldapcheck "loaded" "ldap:///dc=example?mail?sub?(mail=%f)" clear
nsupdate "u" { rname "%i" rvalue "%f" }
list "lands" geoip { "FR" "" "de" }
list "nets" addr { 192.0.2.0/25 2001:db8::1 }
list "people" rcpt { a@example.net c@example.org }
list "mixed" from { a@example.net /^<c/ }
list "raws" rawfrom { b@example.net /^<prvs=/ }
list "black" dnsrbl { "one" "two" }
list "hosts" domain { example.net /^dsl/ }
list "logins" auth { "alice" /^b/ }
list "subjects" tls { "/CN=mx" /partner$/ }
list "macros" sm_macro { "local" "absent" }
list "webs" urlcheck { "web" "clear" }
list "greetings" helo { "x" /^mx/ "%d" }
list "heads" header { "Subject: hello" /MONEY/ }
list "bodies" body { "good" /bye$/ }
list "times" time { "* 0-5 * * *" \\
  "* 20,99 * * *" }
`;

export const addresses = ['a@example.net', 'b@example.net', 'c@example.org'] as const;
export const clients = ['192.0.2.1', '192.0.2.200', '198.51.100.7', '2001:db8::1'] as const;

/** Clauses of which a rule has one at most. */
const unique = [
  ...clients.map((client) => `addr ${client}`),
  ...['addr 192.0.2.0/24', 'addr 2001:db8::/32', 'domain example.net', 'domain /^dsl/', 'domain .'],
  ...addresses.flatMap((address) => [`from ${address}`, `rawfrom ${address}`]),
  ...['from /^<>$/', 'from /.*/', 'rawfrom /^<prvs/', 'mx /24', 'mx /64', 'tarpit 2s'],
];
const greetings = ['helo "mx.example.net"', 'helo /^\\[/', 'helo "%d"'];
const common = [
  ...addresses.map((address) => `rcpt ${address}`),
  ...['rcpt /^<a/', 'auth "alice"', 'auth /^b/', 'tls "/CN=mx"', 'tls /partner/', 'geoip "FR"'],
  ...['geoip "ZZ"', 'sm_macro "local"', 'sm_macro "mailer"', 'sm_macro "absent"'],
  ...['spf', 'spf pass', 'spf fail', 'spf softfail', 'spf neutral', 'spf unknown', 'spf error'],
  ...['spf none', 'spf self', 'dnsrbl "one"', 'dnsrbl "two"', 'p0f "linux"', 'nsupdate "u"'],
  ...['nets', 'people', 'mixed', 'raws', 'black', 'hosts', 'lands', 'logins', 'subjects'].map(
    listed,
  ),
  ...['macros', 'webs', 'times'].map(listed),
  ...['urlcheck "web"', 'urlcheck "clear"', 'ldapcheck "people"', 'ldapcheck "loaded"'],
  ...['time "* 0-11 * * *"', 'time "*/0 1,77 * * *"', 'rcptcount > 2', 'rcptcount == 0'],
  ...['rcptcount > -5', 'rcptcount < 9M', 'ratelimit "burst"', 'ratelimit "volume"'],
  ...['ratelimit "often"', 'set $n += 1', 'set $n -= 2', 'set $m = $n', 'rset $w = "%r"'],
  ...['set $w = "%f"', '$n > 1', '$n != $m', '$n "1"', '$w /a@/', '*$w "%f"', 'log "%h %r"'],
];
const ofRcpt = [...common, ...greetings, listed('greetings')];
const ofData = [
  ...common,
  ...['header /money/', 'header "Subject: hello"', 'header ""', 'header $w', 'body /h.llo/'],
  ...['body ""', 'body "good"', 'body $w', 'msgsize > 1k', 'msgsize < -1', 'msgsize >= $n'],
  ...['rcptcount != 3', 'rcptcount < $n', 'dkim pass', 'dkim fail', 'dkim none', 'dkim error'],
  ...['spamd', 'spamd > 5', listed('heads'), listed('bodies')],
];

function listed(name: string): string {
  return `list "${name}"`;
}

/** The language refuses a second one of many, and no clause is written twice. */
function clausesOf(all: readonly string[]): fc.Arbitrary<readonly string[]> {
  const clause = fc.tuple(
    fc.constantFrom('', '', 'not ', '! '),
    fc.constantFrom(...all, ...unique),
  );
  const keyOf = (text: string): string =>
    [...unique, ...greetings].includes(text) ? (text.split(' ')[0] ?? '') : text;
  return fc
    .uniqueArray(clause, { maxLength: 4, selector: ([, text]) => keyOf(text) })
    .map((some) => (some.length === 0 ? ['default'] : some.map(([not, text]) => not + text)));
}

/** In any order, each at most once. */
const values = fc.uniqueArray(
  fc.constantFrom(
    ...['delay 5m', 'delay 0s', 'autowhite 2h', 'autowhite 0s', 'flushaddr', 'nolog'],
    ...['code "550"', 'code "451"', 'code "999"', 'ecode "5.7.1"', 'ecode "4.7.9"'],
    ...['msg "no %r %g{\\1}"', 'msg "%E %R %P{n} %%"', 'msg ""', 'report "seen %d"', 'report ""'],
    ...['addheader "X-A: %i"', 'addheader "X-B: %r" , -1', 'addheader "none"', 'subjtag "[%f]"'],
    ...['addfooter "%r\\n"', 'maxpeek 2k', 'tarpit_scope session', 'tarpit_scope comand'],
  ),
  { maxLength: 4, selector: (text) => text.split(' ')[0] },
);

const action = fc.constantFrom('greylist', 'whitelist', 'blacklist', 'continue');
const blank = fc.constantFrom(' ', ' ', '\t', ' \\\n', ' \\ # why\n\t', ' \\\n\\\n  ');

/** Some with a name, on as many lines as they like. */
const rule = fc
  .constantFrom<'racl' | 'RACL' | 'dacl'>('racl', 'racl', 'RACL', 'dacl')
  .chain((keyword) =>
    fc
      .tuple(
        fc.constantFrom([], [], ['"a name"'], ['"other"']),
        action,
        clausesOf(keyword === 'dacl' ? ofData : ofRcpt),
        values,
        blank,
      )
      .map(([name, what, clauses, value, between]) =>
        [keyword, ...name, what, ...clauses, ...value].join(between),
      ),
  );

const historic = fc.constantFrom(
  ...['addr 192.0.2.9', 'addr: 2001:db8::/48', 'domain example.org', 'from: b@example.net'],
  ...['rcpt c@example.org', 'rawfrom /^<c/', 'acl whitelist addr 192.0.2.1', '# a comment', ''],
  'acl greylist default delay 1h',
);

const setting = fc.constantFrom(
  ...['quiet', 'lazyaw', 'greylist 10m', 'greylist: 300', 'autowhite 0', 'autowhite 2w'],
  ...['timeout 1d', 'timeout 0', 'subnetmatch /24', 'subnetmatch6 /64', 'noauth', 'nospf'],
  ...[
    'noaccessdb',
    'domainexact',
    'delayedreject',
    'testmode',
    'verbose',
    'multiracl',
    'unbracket',
  ],
  ...['report delays', 'report nodelays', 'report none', 'report all', 'extendedregex'],
  ...['logexpired', 'fixldapcheck', 'dump_no_time_translation', 'nodetach', 'dumpfreq -1'],
  ...['logfac local3', 'logfac none', 'tarpit 3s', 'tarpit_scope comand', 'maxpeek 5k'],
  ...['socket "/run/x.sock" 660', 'socket "inet:10033"', 'socket ""', 'pidfile "/run/x.pid"'],
  ...[
    'user "greylist:mail"',
    'dumpfile "/var/x.db" 0640',
    'localaddr 192.0.2.25',
    'peer 192.0.2.2',
  ],
  ...['stat ">>/var/log/s" "%T{%Y} %i %S\\n"', 'stat "|cat" "%r"', 'syncmaxqlen 5', 'nodrac'],
);

/** A file of milter-greylist's, from settings to rules. */
export const greylistConf: fc.Arbitrary<string> = fc
  .tuple(
    fc.array(fc.oneof(setting, historic), { maxLength: 5 }),
    fc.array(fc.oneof({ weight: 8, arbitrary: rule }, { weight: 1, arbitrary: historic }), {
      maxLength: 8,
    }),
  )
  .map(([settings, rules]) => `${[...settings, DEFINITIONS, ...rules].join('\n')}\n`);
