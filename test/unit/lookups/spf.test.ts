import type { DnsEntries } from '../../support/dns-responder.js';
import { policy, testSections, v6 } from './spf-rig.js';

const tenPolicies: DnsEntries = Object.fromEntries(
  Array.from({ length: 11 }, (_, index) => [
    `p${index}.test`,
    { TXT: [index === 10 ? 'v=spf1 +all' : `v=spf1 include:p${index + 1}.test`] },
  ]),
);

testSections({
  '2.4: which identity': [
    ['the sender', policy('v=spf1 ip4:192.0.2.1 -all'), 'pass ip4:192.0.2.1/32'],
    [
      'the HELO name for the null sender',
      { dns: { 'mail.example.test': { TXT: ['v=spf1 exists:%{o}.test -all'] } }, from: '' },
      'fail all',
    ],
    [
      'postmaster is the user of the null sender',
      {
        dns: {
          'mail.example.test': { TXT: ['v=spf1 exists:%{l}.%{o}.check.test -all'] },
          'postmaster.mail.example.test.check.test': { A: ['127.0.0.1'] },
        },
        from: '<>',
      },
      'pass exists:postmaster.mail.example.test.check.test',
    ],
    ['no HELO name', { dns: {}, from: '', helo: undefined }, 'none'],
    ['a HELO name that is an address', { dns: {}, from: '', helo: '[192.0.2.1]' }, 'none'],
    [
      'an IPv4-mapped client is an IPv4 client',
      { ...policy('v=spf1 ip4:192.0.2.1 -all'), client: '::ffff:192.0.2.1' },
      'pass ip4:192.0.2.1/32',
    ],
  ],
  '2.6: results': [
    ['none', { dns: {} }, 'none'],
    ['neutral', policy('v=spf1 ?all'), 'neutral all'],
    ['pass', policy('v=spf1 +all'), 'pass all'],
    ['fail', policy('v=spf1 -all'), 'fail all'],
    ['softfail', policy('v=spf1 ~all'), 'softfail all'],
    ['temperror is unknown', { dns: { 'example.test': 'servfail' } }, /^unknown: .*ESERVFAIL/],
    ['permerror', policy('v=spf1 bogus'), /^permerror .*"bogus"/],
  ],
  '3 and 4.5: records': [
    [
      'another TXT record',
      { dns: { 'example.test': { TXT: ['hello', 'v=spf1 -all'] } } },
      'fail all',
    ],
    ['two policies', { dns: { 'example.test': { TXT: ['v=spf1 -all', 'v=spf1'] } } }, /^permerror/],
    ['another version', policy('v=spf10 -all'), 'none'],
    ['a blank before it', policy(' v=spf1 -all'), 'none'],
    ['upper case', policy('V=SPF1 IP4:192.0.2.1 -ALL'), 'pass ip4:192.0.2.1/32'],
    ['strings are joined', policy(`v=spf1 ${'ip4:192.0.2.9 '.repeat(25)}-all`), 'fail all'],
    ['a letter that is not ASCII', policy('v=spf1 exists:\u00e4.test -all'), /^permerror .*ASCII/],
    ['tabs are no blanks', policy('v=spf1\t-all'), 'none'],
  ],
  '4.3: the domain': [
    ['a single label', { dns: {}, from: 'user@localhost' }, 'none'],
    ['an address literal', { dns: {}, from: 'user@[192.0.2.1]' }, 'none'],
    ['an empty label', { dns: {}, from: 'user@a..test' }, 'none'],
    ['a label that is too long', { dns: {}, from: `user@${'a'.repeat(64)}.test` }, 'none'],
    ['no domain', { dns: {}, from: 'user' }, 'none'],
    ['a final dot', { ...policy('v=spf1 -all'), from: 'user@example.test.' }, 'fail all'],
    ['upper case', { ...policy('v=spf1 -all'), from: 'user@EXAMPLE.test' }, 'fail all'],
  ],
  '4.4: questions that fail': [
    ['silence', { dns: { 'example.test': 'silence' } }, /^unknown: TXT example\.test: no answer/],
    ['a refusal', { dns: { 'example.test': 'refused' } }, /^unknown: .*EREFUSED/],
    ['a name without records', { dns: { 'example.test': {} } }, 'none'],
  ],
  '4.6.1 and 4.6.2: terms in order': [
    ['the first one', policy('v=spf1 ?ip4:192.0.2.1 -all'), 'neutral ip4:192.0.2.1/32'],
    ['nothing behind a match is asked', policy('v=spf1 +all include:none.test'), 'pass all'],
    [
      'a wrong term behind a match',
      policy('v=spf1 ip4:192.0.2.1 a:x/99'),
      /^permerror .*"a:x\/99"/,
    ],
    ['many blanks', policy('v=spf1   ip4:192.0.2.1   -all  '), 'pass ip4:192.0.2.1/32'],
  ],
  '4.6.4: limits': [
    [
      'ten terms that ask',
      { dns: { ...tenPolicies }, from: 'u@p0.test' },
      /^pass include:p1\.test .*all$/,
    ],
    [
      'eleven',
      {
        dns: { ...tenPolicies, 'p.test': { TXT: ['v=spf1 include:p0.test'] } },
        from: 'u@p.test',
      },
      /^permerror more than 10 terms/,
    ],
    ['a circle', policy('v=spf1 include:example.test'), /^permerror more than 10 terms/],
    ['two void lookups', policy('v=spf1 a:x.test a:y.test -all'), 'fail all'],
    ['three', policy('v=spf1 a:x.test mx:y.test exists:z.test +all'), /^permerror more than 2/],
    [
      'a name with addresses of the other family is not void',
      {
        ...policy('v=spf1 a:h.test a:h.test a:h.test ip6:2001:db8::/32 -all', {
          'h.test': { A: ['192.0.2.9'] },
        }),
        ...v6,
      },
      'pass ip6:2001:db8::/32',
    ],
    [
      'eleven exchangers',
      policy('v=spf1 mx +all', {
        'example.test MX': { MX: Array.from({ length: 11 }, (_, index) => `10 m${index}.test`) },
        ...Object.fromEntries(
          Array.from({ length: 11 }, (_, index) => [`m${index}.test`, { A: ['192.0.2.9'] }]),
        ),
      }),
      /^permerror more than 10 mail/,
    ],
  ],
  '4.7: nothing matches': [['neutral', policy('v=spf1 ip4:192.0.2.9'), 'neutral']],
});
