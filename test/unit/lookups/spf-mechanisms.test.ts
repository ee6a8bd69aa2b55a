import { policy, testSections, v6, type SpfRow } from './spf-rig.js';

testSections({
  '5.1 all': [
    ['with a value', policy('v=spf1 -all:x.test'), /^permerror/],
    ['anything behind it is ignored', policy('v=spf1 -all redirect=x.test'), 'fail all'],
  ],
  '5.2 include': [
    [
      'pass',
      policy('v=spf1 include:x.test -all', { 'x.test': { TXT: ['v=spf1 ip4:192.0.2.0/24 -all'] } }),
      'pass include:x.test ip4:192.0.2.0/24',
    ],
    [
      'the qualifier of the include counts',
      policy('v=spf1 ~include:x.test -all', { 'x.test': { TXT: ['v=spf1 +all'] } }),
      'softfail include:x.test all',
    ],
    ...['-all', '~all', '?all', 'ip4:192.0.2.9'].map((inner): SpfRow => [
      `${inner} in it does not match`,
      policy('v=spf1 include:x.test ip4:192.0.2.1', { 'x.test': { TXT: [`v=spf1 ${inner}`] } }),
      'pass ip4:192.0.2.1/32',
    ]),
    ['no policy there', policy('v=spf1 include:x.test +all'), /^permerror/],
    [
      'a wrong policy there',
      policy('v=spf1 include:x.test +all', { 'x.test': { TXT: ['v=spf1 bogus'] } }),
      /^permerror .*x\.test is wrong/,
    ],
    [
      'a time-out in it neither passes nor fails',
      policy('v=spf1 include:x.test -all', { 'x.test': 'silence' }),
      /^unknown: TXT x\.test: no answer/,
    ],
    [
      'a failing server in it neither passes nor fails',
      policy('v=spf1 include:x.test -all', { 'x.test': 'servfail' }),
      /^unknown: TXT x\.test: ESERVFAIL/,
    ],
    [
      'a failing server behind a redirection in it',
      policy('v=spf1 include:x.test -all', {
        'x.test': { TXT: ['v=spf1 redirect=y.test'] },
        'y.test': 'refused',
      }),
      /^unknown: TXT y\.test: EREFUSED/,
    ],
    [
      'a name with a final dot',
      policy('v=spf1 include:x.test. -all', { 'x.test': { TXT: ['v=spf1 +all'] } }),
      'pass include:x.test all',
    ],
  ],
  '5.3 a': [
    [
      'the domain itself',
      policy('v=spf1 a -all', { 'example.test A': { A: ['192.0.2.1'] } }),
      'pass a:example.test/32',
    ],
    [
      'another name',
      policy('v=spf1 a:h.test -all', { 'h.test': { A: ['192.0.2.7', '192.0.2.1'] } }),
      'pass a:h.test/32',
    ],
    [
      'a final dot',
      policy('v=spf1 a:h.test. -all', { 'h.test': { A: ['192.0.2.1'] } }),
      'pass a:h.test/32',
    ],
    [
      'a network',
      policy('v=spf1 a:h.test a:h.test/28 -all', { 'h.test': { A: ['192.0.2.7'] } }),
      'pass a:h.test/28',
    ],
    [
      'not outside of it',
      policy('v=spf1 a:h.test/30 -all', { 'h.test': { A: ['192.0.2.7'] } }),
      'fail all',
    ],
    [
      'IPv6',
      { ...policy('v=spf1 a:h.test/8//64 -all', { 'h.test': { AAAA: ['2001:db8::7'] } }), ...v6 },
      'pass a:h.test//64',
    ],
    [
      'IPv6 without the network',
      { ...policy('v=spf1 a:h.test/8 -all', { 'h.test': { AAAA: ['2001:db8::7'] } }), ...v6 },
      'fail all',
    ],
    [
      'everybody',
      {
        ...policy('v=spf1 a:h.test//0 -all', { 'h.test': { AAAA: ['2001:db8::7'] } }),
        client: '2a00::1',
      },
      'pass a:h.test//0',
    ],
    ['a time-out', policy('v=spf1 a:h.test -all', { 'h.test': 'silence' }), /^unknown: A h\.test/],
    [
      'a name with an underscore',
      policy('v=spf1 a:_h.test -all', { '_h.test': { A: ['192.0.2.1'] } }),
      'pass a:_h.test/32',
    ],
    ...[
      'a:',
      'a:h.test/33',
      'a:h.test//129',
      'a:h.test/08',
      'a/',
      'a:h',
      'a:h.1',
      'a:%{d',
      'a:h.test/24/64',
    ].map((term): SpfRow => [`"${term}" is wrong`, policy(`v=spf1 ${term} +all`), /^permerror/]),
  ],
  '5.4 mx': [
    [
      'the domain itself',
      policy('v=spf1 mx -all', {
        'example.test MX': { MX: ['20 b.test', '10 a.test'] },
        'a.test': { A: ['192.0.2.7'] },
        'b.test': { A: ['192.0.2.1'] },
      }),
      'pass mx:example.test/32',
    ],
    [
      'a network of another one',
      policy('v=spf1 mx:d.test/28 -all', {
        'd.test': { MX: ['10 a.test'] },
        'a.test': { A: ['192.0.2.7'] },
      }),
      'pass mx:d.test/28',
    ],
    [
      'no exchanger: its own addresses do not count',
      policy('v=spf1 mx:d.test -all', { 'd.test': { A: ['192.0.2.1'] } }),
      'fail all',
    ],
    ['the null MX', policy('v=spf1 mx:d.test -all', { 'd.test': { MX: ['0 .'] } }), 'fail all'],
    [
      'a time-out of an exchanger',
      policy('v=spf1 mx:d.test -all', { 'd.test': { MX: ['10 a.test'] }, 'a.test': 'silence' }),
      /^unknown: A a\.test/,
    ],
  ],
  '5.5 ptr': [
    [
      'a verified name below the domain',
      policy('v=spf1 ptr -all', {
        '1.2.0.192.in-addr.arpa': { PTR: ['h.example.test'] },
        'h.example.test': { A: ['192.0.2.1'] },
      }),
      'pass ptr',
    ],
    [
      'a name that is not verified',
      policy('v=spf1 ptr -all', {
        '1.2.0.192.in-addr.arpa': { PTR: ['h.example.test'] },
        'h.example.test': { A: ['192.0.2.9'] },
      }),
      'fail all',
    ],
    [
      'the name of somebody else',
      policy('v=spf1 ptr:x.test -all', {
        '1.2.0.192.in-addr.arpa': { PTR: ['h.notx.test'] },
        'h.notx.test': { A: ['192.0.2.1'] },
      }),
      'fail all',
    ],
    [
      'in an included policy it is about that domain',
      policy('v=spf1 include:x.test -all', {
        'x.test': { TXT: ['v=spf1 ptr -all'] },
        '1.2.0.192.in-addr.arpa': { PTR: ['h.x.test'] },
        'h.x.test': { A: ['192.0.2.1'] },
      }),
      'pass include:x.test ptr',
    ],
    [
      'a time-out',
      policy('v=spf1 ptr -all', { '1.2.0.192.in-addr.arpa': 'silence' }),
      /^unknown: PTR/,
    ],
    [
      'a time-out for one of the names',
      policy('v=spf1 ptr -all', {
        '1.2.0.192.in-addr.arpa': { PTR: ['h.example.test'] },
        'h.example.test': 'silence',
      }),
      /^unknown: A h\.example\.test/,
    ],
    [
      'a time-out for a name that was not needed',
      policy('v=spf1 ptr -all', {
        '1.2.0.192.in-addr.arpa': { PTR: ['h.example.test', 'i.example.test'] },
        'h.example.test': 'silence',
        'i.example.test': { A: ['192.0.2.1'] },
      }),
      'pass ptr',
    ],
  ],
  '5.6 ip4 and ip6': [
    ['a network', policy('v=spf1 ip4:192.0.2.77/24 -all'), 'pass ip4:192.0.2.0/24'],
    ['another network', policy('v=spf1 ip4:192.0.3.0/24 -all'), 'fail all'],
    ['everybody', policy('v=spf1 ip4:0.0.0.0/0 -all'), 'pass ip4:0.0.0.0/0'],
    ['IPv6', { ...policy('v=spf1 ip6:2001:DB8::/32 -all'), ...v6 }, 'pass ip6:2001:db8::/32'],
    [
      'all of IPv6',
      { ...policy('v=spf1 ip6:2001:db8::/0 -all'), client: '2a00::1' },
      'pass ip6:::/0',
    ],
    ['IPv4 is not in ip6', policy('v=spf1 ip6:::ffff:192.0.2.1 ip6:::/0 -all'), 'fail all'],
    ...[
      'ip4',
      'ip4:',
      'ip4:192.0.2',
      'ip4:192.0.2.1/33',
      'ip4:192.0.2.1/08',
      'ip4:2001:db8::1',
      'ip4:192.0.2.1//32',
      'ip6:192.0.2.1',
      'ip6:2001:db8::/129',
      'ip6:2001:db8::g',
    ].map((term): SpfRow => [`"${term}" is wrong`, policy(`v=spf1 ${term} +all`), /^permerror/]),
  ],
  '5.7 exists': [
    [
      'an IPv6 client is asked for by A',
      { ...policy('v=spf1 exists:x.test -all', { 'x.test': { A: ['127.0.0.2'] } }), ...v6 },
      'pass exists:x.test',
    ],
    [
      'only by A',
      policy('v=spf1 exists:x.test -all', { 'x.test': { AAAA: ['2001:db8::1'] } }),
      'fail all',
    ],
    ['without a name', policy('v=spf1 exists +all'), /^permerror/],
    ['with a prefix', policy('v=spf1 exists:x.test/24 +all'), /^permerror/],
    [
      'a failing server',
      policy('v=spf1 exists:x.test -all', { 'x.test': 'servfail' }),
      /^unknown: A x\.test/,
    ],
  ],
});
