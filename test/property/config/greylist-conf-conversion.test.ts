import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import fc from 'fast-check';

import { describeChange } from '../../../src/config/describe-change.js';
import { annotations } from '../../../src/config/greylist-conf/annotations.js';
import { readGreylistConf } from '../../../src/config/greylist-conf/read.js';
import { parseConfig } from '../../../src/config/load.js';
import { writeAnnotatedYaml } from '../../../src/config/yaml-text.js';
import { parseEnvelopeAddress } from '../../../src/mail/envelope-address.js';
import { parseIpAddress } from '../../../src/mail/ip-address.js';
import { evaluateRules } from '../../../src/rules/evaluate.js';
import type { Facts } from '../../../src/rules/facts.js';
import type { Rule } from '../../../src/rules/rule.js';
import { RateWindow } from '../../../src/rules/rate-window.js';
import { projectRoot } from '../../guards/readme-text.js';
import { createEvaluation, createFacts, createLookups } from '../../support/rule-parts.js';

const GREYLIST_CONF = { ignoresUnsupported: true };

/** The same configuration from the file, and from what it is converted to. */
function bothOf(text: string) {
  const own = parseConfig({ file: 'greylist.conf', text, greylistConf: GREYLIST_CONF });
  const read = readGreylistConf(text, GREYLIST_CONF);
  const yaml = writeAnnotatedYaml(read.value, annotations('greylist.conf', read));
  const converted = parseConfig({ file: 'greymilter.yaml', text: yaml });
  return { own, converted };
}

const addresses = ['a@example.net', 'b@example.net', 'c@example.org'] as const;
const clients = ['192.0.2.1', '192.0.2.200', '198.51.100.7', '2001:db8::1'] as const;
const names = ['mx.example.net', 'dsl-7.example.org', undefined] as const;

/** What somebody might send. */
const facts: fc.Arbitrary<Facts> = fc
  .record({
    client: fc.constantFrom(...clients),
    name: fc.constantFrom(...names),
    sender: fc.constantFrom(...addresses, ''),
    recipient: fc.constantFrom(...addresses),
    helo: fc.constantFrom('mx.example.net', '[192.0.2.1]', 'x'),
    login: fc.constantFrom(undefined, 'alice', 'bob'),
    mailer: fc.constantFrom('local', 'esmtp', ''),
    recipientsBefore: fc.nat(5),
    subject: fc.constantFrom('make money', 'hello'),
    bytes: fc.constantFrom(10, 5000),
    hour: fc.nat(23),
  })
  .map((told) =>
    createFacts({
      now: Date.UTC(2026, 10, 21, told.hour),
      attempt: {
        clientAddress: parseIpAddress(told.client),
        clientName: told.name,
        sender: parseEnvelopeAddress(`<${told.sender}>`),
        recipient: parseEnvelopeAddress(`<${told.recipient}>`),
        helo: told.helo,
        login: told.login,
      },
      macros: { '{rcpt_mailer}': told.mailer },
      recipientsBefore: told.recipientsBefore,
      message: { headers: [['Subject', told.subject]], bytes: told.bytes },
    }),
  );

const common = [
  ...clients.map((client) => `addr ${client}`),
  ...['addr 192.0.2.0/24', 'addr 2001:db8::/32', 'domain example.net', 'domain /^dsl/'],
  ...addresses.flatMap((address) => [`from ${address}`, `rcpt ${address}`, `rawfrom ${address}`]),
  ...['from /^<>$/', 'rcpt /^<a/', 'from /.*/', 'auth "alice"', 'auth /^b/', 'sm_macro "local"'],
  ...['spf pass', 'spf fail', 'dnsrbl "one"', 'dnsrbl "two"', 'geoip "FR"', 'mx /24'],
  ...['list "nets"', 'list "people"', 'list "mixed"', 'list "black"', 'list "hosts"'],
  ...[
    'time "* 0-11 * * *"',
    'rcptcount > 2',
    'rcptcount == 0',
    'set $n += 1',
    '$n > 1',
    'rset $w = "%r"',
  ],
  ...['$w /a@/', 'ratelimit "burst"', 'ratelimit "volume"', 'log "%h %r"', '*$w "%f"'],
  ...['rcptcount > -5', 'rcptcount < 9M', 'tarpit 2s', 'domain .', 'list "lands"'],
];
const ofRcpt = [...common, 'helo "mx.example.net"', 'helo /^\\[/', 'list "greetings"'];
const ofData = [
  ...common,
  'header /money/',
  'header "Subject: hello"',
  'msgsize > 1k',
  'rcptcount != 3',
  ...['header ""', 'body /h.llo/', 'body ""', 'msgsize < -1', 'dkim fail', 'header $w'],
];

/** Clauses of which each word may stand once: the language refuses a second one of many. */
function clausesOf(all: readonly string[]): fc.Arbitrary<string> {
  const clause = fc.tuple(fc.constantFrom('', '', 'not ', '! '), fc.constantFrom(...all));
  return fc
    .uniqueArray(clause, { maxLength: 4, selector: ([, text]) => text.split(' ')[0] })
    .map((some) => some.map(([not, text]) => not + text).join(' ') || 'default');
}

const values = fc.constantFrom(
  '',
  ' delay 5m autowhite 2h',
  ' msg "no %r" code "550" ecode "5.7.1"',
  ' code "451"',
  ' addheader "X-A: %i"',
  ' report "seen %d"',
  ' nolog',
  ' flushaddr report ""',
  ' subjtag "[%f]" addfooter "%r\\n" addheader "X-B: %r" , -1',
  ' ecode "4.7.9" msg "%E %R %P{n} %%"',
);
const action = fc.constantFrom('greylist', 'whitelist', 'blacklist', 'continue');

const rule = fc
  .constantFrom<'racl' | 'dacl'>('racl', 'racl', 'dacl')
  .chain((keyword) =>
    fc
      .tuple(action, clausesOf(keyword === 'racl' ? ofRcpt : ofData), values)
      .map(([what, clauses, value]) => `${keyword} ${what} ${clauses}${value}`),
  );

const setting = fc.constantFrom(
  ...['quiet', 'lazyaw', 'greylist 10m', 'autowhite 0', 'timeout 1d', 'subnetmatch /24', 'noauth'],
  ...[
    'nospf',
    'noaccessdb',
    'domainexact',
    'delayedreject',
    'testmode',
    'report delays',
    'verbose',
    ...[
      'tarpit 3s',
      'tarpit_scope comand',
      'unbracket',
      'extendedregex',
      'maxpeek 5k',
      'timeout 0',
    ],
  ],
  ...['addr 192.0.2.9', 'domain example.org', '# a comment', ''],
);

const DEFINITIONS = `
geoip2db "/var/lib/GeoIP/country.mmdb"
dnsrbl "one" one.dnsbl.example 127.0.0.2
dnsrbl "two" two.dnsbl.example 127.0.0.0/24
sm_macro "local" "{rcpt_mailer}" "local"
ratelimit "burst" rcpt 3 / 1m
ratelimit "volume" data 2k / 1h key "%f"
list "lands" geoip { "FR" "" "de" }
list "nets" addr { 192.0.2.0/25 2001:db8::1 }
list "people" rcpt { a@example.net c@example.org }
list "mixed" from { a@example.net /^<c/ }
list "black" dnsrbl { "one" "two" }
list "hosts" domain { example.net /^dsl/ }
list "greetings" helo { "x" /^mx/ }
`;

const conf = fc
  .tuple(fc.array(setting, { maxLength: 4 }), fc.array(rule, { maxLength: 8 }))
  .map(([settings, rules]) => `${[...settings, DEFINITIONS, ...rules].join('\n')}\n`);

/** Some lists know some clients, and one of them is away. */
const lookups = createLookups({
  dnsList: (zone, { text }) => {
    if (zone.startsWith('two') && text === '192.0.2.200') return { known: false, problem: 'away' };
    return { known: true, value: text.endsWith('1') ? ['127.0.0.2'] : [] };
  },
  spf: ({ sender }) =>
    sender.localPart === 'c'
      ? { known: false, problem: 'away' }
      : {
          known: true,
          value: {
            result: sender.localPart === 'a' ? 'pass' : 'fail',
            domain: '',
            term: undefined,
          },
        },
  geo: () => ({ known: true, value: { country: 'FR', asn: undefined, organisation: undefined } }),
  mailExchangers: () => ({ known: true, value: [] }),
});

/** Who decides what, mail by mail; counters and properties go on from one to the next. */
async function decide(rules: readonly Rule[], mails: readonly Facts[]): Promise<readonly string[]> {
  const rates = new RateWindow();
  const decisions: string[] = [];
  for (const mail of mails) {
    const ruling = await evaluateRules(rules, { ...createEvaluation(mail, lookups), rates });
    const { action: verdict, rule: decisive, settings } = ruling;
    decisions.push(`${verdict} ${decisive?.name ?? 'none'} ${JSON.stringify(settings)}`);
  }
  return decisions;
}

describe('a converted greylist.conf', () => {
  test('decides as the file does', async () => {
    await fc.assert(
      fc.asyncProperty(
        conf,
        fc.array(facts, { minLength: 1, maxLength: 6 }),
        async (text, mails) => {
          const { own, converted } = bothOf(text);
          assert.deepEqual(describeChange(own, converted), []);
          for (const section of ['rules', 'messageRules'] as const) {
            const [left, right] = [own, converted].map(({ program }) => program[section]);
            assert.deepEqual(await decide(left ?? [], mails), await decide(right ?? [], mails));
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  const directory = join(projectRoot, 'test/fixtures/milter-greylist');
  for (const name of readdirSync(directory).filter((file) => file.endsWith('.conf')))
    test(`${name} decides as the file does`, async () => {
      const { own, converted } = bothOf(readFileSync(join(directory, name), 'utf8'));
      await fc.assert(
        fc.asyncProperty(fc.array(facts, { minLength: 1, maxLength: 4 }), async (mails) => {
          for (const section of ['rules', 'messageRules'] as const) {
            const expected = await decide(own.program[section], mails);
            assert.deepEqual(await decide(converted.program[section], mails), expected);
          }
        }),
        { numRuns: 20 },
      );
    });
});
