import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { translatePosixPattern } from '../../../../src/config/greylist-conf/posix-pattern.js';
import type { PosixSubject } from '../../../../src/config/greylist-conf/posix-pattern.js';
import { parsePattern } from '../../../../src/rules/pattern.js';
import { readYaml, writeYaml } from '../../../../src/config/yaml-text.js';

const raw = String.raw;

function translate(
  source: string,
  dialect: 'basic' | 'extended',
  subject: PosixSubject = 'one-line',
): string {
  const result = translatePosixPattern(source, { dialect, subject });
  if (result.kind === 'pattern') return result.text;
  return `${result.kind} at ${result.offset}: ${result.problem}; ${result.hint}`;
}

const BASIC: readonly (readonly [source: string, written: string])[] = [
  ['^<>$', '/^<>$/'],
  [raw`@example\.biz>$`, raw`/@example\.biz>$/`],
  ['*a', raw`/\*a/`],
  ['^*a', raw`/^\*a/`],
  [raw`\(*a\)`, raw`/(\*a)/`],
  ['a*b', '/a*b/'],
  ['a+b?', raw`/a\+b\?/`],
  [raw`a\+b\?`, '/a+b?/'],
  [raw`a*\+`, '/(?:a*)+/'],
  [raw`\+a`, raw`/\+a/`],
  [raw`a\|b`, '/a|b/'],
  [raw`\(a\|b\)c`, '/(a|b)c/'],
  ['a|b(c)', raw`/a\|b\(c\)/`],
  [raw`a\{2\}b\{2,\}c\{2,3\}d\{,3\}`, '/a{2}b{2,}c{2,3}d{0,3}/'],
  ['a{2}', raw`/a\{2\}/`],
  [raw`\}`, raw`/\}/`],
  ['a^b$c', raw`/a\^b\$c/`],
  [raw`\(^a$\)\|^b`, '/(^a$)|^b/'],
  ['a$$', raw`/a\$$/`],
  [raw`a\/b/c`, raw`/a\/b\/c/`],
  [raw`\n`, raw`/[^\x00-\x{10ffff}]/`],
  [raw`\N\_\é`, '/N_é/'],
  ['', '/(?:)/'],
  ['\t\x01', raw`/\t\x{1}/`],
];

const EXTENDED: readonly (readonly [source: string, written: string])[] = [
  ['a+b?(c|d)*', '/a+b?(c|d)*/'],
  ['a+?', '/(?:a+)?/'],
  ['a**', '/(?:a*)*/'],
  ['a{1}{2}', '/(?:a{1}){2}/'],
  ['a{,3}', '/a{0,3}/'],
  ['a{,}', '/a*/'],
  ['a{1,}', '/a+/'],
  ['a{0,1}', '/a?/'],
  ['a)', raw`/a\)/`],
  ['()', '/()/'],
  ['a||b', '/a||b/'],
  ['(^a|b$)', '/(^a|b$)/'],
  [raw`\(\)\{\}\.`, raw`/\(\)\{\}\./`],
  ['a}', raw`/a\}/`],
  // Of what the engine would take for something else.
  [raw`\<word\>`, raw`/\bword\b/`],
  [raw`\<.`, raw`/(?:\A|\W)\b./`],
  [raw`.\>`, raw`/.\b(?:\W|\z)/`],
  [raw`-\<.`, raw`/-\b./`],
  [raw`.\>-`, raw`/.\b-/`],
  [raw`^\<.\>$`, raw`/^\b.\b$/`],
  [raw`a\b.\B.`, raw`/a\b.\B./`],
  [raw`(\<[[:alpha:]]|[-.]\<.)`, raw`/(\b[[:alpha:]]|[\-.]\b.)/`],
  [raw`\<(a|b)+\>`, raw`/\b(a|b)+\b/`],
  [raw`\W\<.|[^[:alnum:]_]\<.`, raw`/[^[:alnum:]_]\b.|[^[:alnum:]_]\b./`],
  ["\\`a\\'", raw`/\Aa\z/`],
  [raw`\w\W\s\S`, raw`/[[:alnum:]_][^[:alnum:]_][[:space:]][^[:space:]]/`],
  ['[]abc]', raw`/[\]abc]/`],
  ['[^]a-z]', raw`/[^\]a-z]/`],
  [raw`[\n]`, raw`/[\\n]/`],
  ['[a-]', raw`/[a\-]/`],
  ['[-a]', raw`/[\-a]/`],
  ['[+--]', raw`/[+-\-]/`],
  ['[A-z]', '/[a-z]/'],
  ['[_-~]', raw`/[_-${'`'}{-~]/`],
  ['[a-_]', raw`/[A-_]/`],
  ['[é-ü]', '/[é-ü]/'],
  ['[[:digit:][:upper:]]', '/[[:digit:][:alpha:]]/'],
  ['[[=a=]b]', '/[ab]/'],
  ['[[.hyphen.]]', raw`/[\-]/`],
  ['[[.space.]-[.tilde.]]', raw`/[ -${'`'}{-~]/`],
  ['[[.-.]]', raw`/[\-]/`],
  ['[[=]=]]', raw`/[\]]/`],
];

const WRONG: readonly (readonly [source: string, problem: string])[] = [
  ['*a', raw`wrong at 0: has a * with nothing before it to repeat; write \* for the character`],
  ['a|*b', raw`wrong at 2: has a * with nothing before it to repeat; write \* for the character`],
  ['^+', raw`wrong at 1: has a + with nothing before it to repeat; write \+ for the character`],
  ['({1}', raw`wrong at 1: has a { with nothing before it to repeat; write \{ for the character`],
  ['x(y', raw`wrong at 1: has a ( without its ); write \( for the character`],
  ['a\\', raw`wrong at 1: ends in a backslash; write \\ for the character`],
  ['x[a', raw`wrong at 1: has a [ without its ]; write \[ for the character`],
  ['[]', raw`wrong at 0: has a [ without its ]; write \[ for the character`],
  ['[[:alpha]', 'wrong at 1: has a [: without its :]; write it'],
  [
    '[[:word:]]',
    'wrong at 1: has "word" for a class of characters; write one of alpha, digit, alnum, upper, lower, space, blank, punct, print, graph, cntrl, xdigit',
  ],
  ['[[.foo.]]', 'wrong at 1: has "foo" for a character\'s name; write the character itself'],
  ['[z-a]', 'wrong at 1: has a range that ends before it begins; write the smaller end first'],
  [
    '[Z-a]',
    'wrong at 1: has a range that ends before it begins; letter case does not matter, and both ends count in upper case: list the characters',
  ],
  [
    '[a-c-e]',
    'wrong at 4: has a - in brackets that is no range; write a - first or last in the brackets if it stands for itself',
  ],
  [
    '[a-[:digit:]]',
    'wrong at 1: has a range whose end is a class; write a - first or last in the brackets if it stands for itself',
  ],
  [
    '[[=a=]-z]',
    'wrong at 1: has a range whose end is a class; write a - first or last in the brackets if it stands for itself',
  ],
  [
    'a{x}',
    'wrong at 2: has something else in braces than how often; write a number, or two with a comma, the smaller one first: {2}, {2,}, {2,5}',
  ],
  [
    'a{2,1}',
    'wrong at 2: has braces the wrong way round; write a number, or two with a comma, the smaller one first: {2}, {2,}, {2,5}',
  ],
  [
    'a{32768}',
    'wrong at 2: repeats more than 32767 times; write a number, or two with a comma, the smaller one first: {2}, {2,}, {2,5}',
  ],
  [raw`(a)\2`, 'wrong at 3: refers to group 2, which is not there; write 2'],
  [
    raw`(a)\1`,
    raw`unsupported at 3: refers back to group 1 with \1; it cannot be matched in linear time: list the texts that are meant`,
  ],
  ['a{1001}', 'unsupported at 2: repeats 1001 times; write at most 1000'],
  [
    raw`a*\<.`,
    raw`unsupported at 0: has \< where it may mean two things; write \b, or what stands before it`,
  ],
  [
    raw`.\>a*`,
    raw`unsupported at 0: has \> where it may mean two things; write \b, or what stands behind it`,
  ],
  ['x'.repeat(1025), 'unsupported at 0: is a pattern of 1025 characters; write at most 1024'],
];

describe('POSIX regular expressions in our pattern language', () => {
  for (const [source, written] of BASIC)
    test(`basic ${source}`, () => assert.equal(translate(source, 'basic'), written));
  for (const [source, written] of EXTENDED)
    test(`extended ${source}`, () => assert.equal(translate(source, 'extended'), written));
  for (const [source, problem] of WRONG)
    test(`extended ${source.slice(0, 20)} is refused`, () =>
      assert.equal(translate(source, 'extended'), problem));

  test('basic ones that repeat twice, or close no group, are wrong', () => {
    for (const source of ['a**', raw`a*\{2\}`, raw`a\+*`])
      assert.match(translate(source, 'basic'), /^wrong at \d: repeats a repetition/);
    assert.match(translate(raw`a\)`, 'basic'), /^wrong at 1: has a \\\) without its \\\(/);
    assert.match(translate(raw`\(a`, 'basic'), /^wrong at 0: has a \\\( without its \\\)/);
    assert.match(translate(raw`\{1\}`, 'basic'), /^wrong at 0: has a \\\{ with nothing before it/);
  });

  test('where repetitions multiply beyond the engine, are not supported', () => {
    assert.match(
      translate('((a{999}){999}){999}', 'extended'),
      /^unsupported at 0: .*more simply$/,
    );
    assert.match(
      translate(`${'('.repeat(500)}${')'.repeat(500)}`, 'extended'),
      /^(?:\/|unsupported)/,
    );
  });

  test('know lines where the subject has some', () => {
    assert.equal(translate('^a.$', 'basic', 'lines'), '/(?m)^a.$/');
    assert.equal(translate('[^a]', 'basic', 'lines'), raw`/[^a\n]/`);
    assert.equal(translate(raw`\Sa`, 'basic', 'lines'), '/[^[:space:]]a/');
    assert.equal(translate('plain', 'basic', 'lines'), '/plain/');
  });

  test('doubt a backslash before a letter, which the C library matches with nothing', () => {
    const result = translatePosixPattern(raw`x\d\q`, { dialect: 'basic', subject: 'one-line' });
    assert.deepEqual(result.kind === 'pattern' && result.doubts, [
      { problem: raw`has \d, which matches nothing`, hint: 'write [0-9]', offset: 1 },
      { problem: raw`has \q, which matches nothing`, hint: 'write q', offset: 3 },
    ]);
  });

  test('come back from YAML as they went', () => {
    for (const [, written] of [...BASIC, ...EXTENDED]) {
      assert.deepEqual(readYaml(writeYaml([written])).value, [written]);
      assert.ok('ok' in parsePattern(written, { ignoreCase: true }), written);
    }
  });
});
