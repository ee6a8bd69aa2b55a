import { policy, testSections } from './spf-rig.js';

testSections({
  '6.1 redirect': [
    [
      'takes over',
      policy('v=spf1 ip4:192.0.2.9 redirect=x.test', {
        'x.test': { TXT: ['v=spf1 a -all'] },
        'x.test A': { A: ['192.0.2.1'] },
      }),
      'pass a:x.test/32',
    ],
    [
      'wherever it stands',
      policy('v=spf1 redirect=x.test ip4:192.0.2.1', { 'x.test': { TXT: ['v=spf1 -all'] } }),
      'pass ip4:192.0.2.1/32',
    ],
    [
      'is not used if a term matches',
      policy('v=spf1 ~ip4:192.0.2.1 redirect=x.test'),
      'softfail ip4:192.0.2.1/32',
    ],
    ['to no policy', policy('v=spf1 redirect=x.test'), /^permerror/],
    [
      'twice',
      policy('v=spf1 redirect=x.test redirect=x.test', { 'x.test': { TXT: ['v=spf1 -all'] } }),
      /^permerror/,
    ],
    [
      'a failing server',
      policy('v=spf1 redirect=x.test', { 'x.test': 'servfail' }),
      /^unknown: TXT x\.test/,
    ],
    ['to nothing', policy('v=spf1 redirect='), /^permerror/],
  ],
  '6.2 exp and unknown modifiers': [
    ['exp changes nothing', policy('v=spf1 exp=why.test -all'), 'fail all'],
    ['exp twice', policy('v=spf1 exp=why.test exp=why.test -all'), /^permerror/],
    ['unknown ones are ignored', policy('v=spf1 moo=%{c}x moo= -all'), 'fail all'],
    ['their macros must be right', policy('v=spf1 moo=%{x} -all'), /^permerror/],
    ['the name must be right', policy('v=spf1 1moo=x -all'), /^permerror/],
  ],
  '7: macros': [
    [
      'of an included policy are about its domain',
      policy('v=spf1 include:x.test -all', {
        'x.test': { TXT: ['v=spf1 exists:%{ir}.%{d} -all'] },
        '1.2.0.192.x.test': { A: ['127.0.0.2'] },
      }),
      'pass include:x.test exists:1.2.0.192.x.test',
    ],
    [
      'a local part that Node.js cannot ask for is not taken for a name that does not exist',
      {
        ...policy('v=spf1 exists:%{l}.x.test -all', { 'a%b.x.test': { A: ['127.0.0.2'] } }),
        from: 'a%b@example.test',
      },
      /^unknown: A a%b\.x\.test/,
    ],
    [
      'in include',
      policy('v=spf1 include:%{o}.x.test -all', {
        'example.test.x.test': { TXT: ['v=spf1 +all'] },
      }),
      'pass include:example.test.x.test all',
    ],
    [
      'in redirect',
      policy('v=spf1 redirect=_%{d}', { '_example.test': { TXT: ['v=spf1 -all'] } }),
      'fail all',
    ],
    ['only explanations have the others', policy('v=spf1 exists:%{c}.test +all'), /^permerror/],
    [
      "the validated name is nobody's business",
      policy('v=spf1 exists:%{p}.test -all'),
      /^unknown: .*%\{p\}/,
    ],
    [
      'names that DNS cannot carry do not exist',
      { ...policy('v=spf1 exists:%{l}.test -all'), from: `${'a'.repeat(64)}@example.test` },
      'fail all',
    ],
  ],
});
