import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { looksLikePattern, parsePattern } from '../../../src/rules/pattern.js';
import type { Pattern } from '../../../src/rules/pattern.js';

function patternOf(text: string, ignoreCase = true): Pattern {
  const parsed = parsePattern(text, { ignoreCase });
  assert.ok('ok' in parsed, `${text}: ${JSON.stringify(parsed)}`);
  return parsed.ok;
}

describe('a pattern', () => {
  for (const [text, subject, expected] of [
    ['/^mx\\d+\\./', 'mx12.example.org', true],
    ['/^mx\\d+\\./', 'amx12.example.org', false],
    ['/(a|b)\\.example/', 'x.b.example.org', true],
    ['/EXAMPLE/', 'mx.example.org', true],
    ['/^a.c$/', 'abc', true],
    ['/a/b/', 'xa/bx', true],
    ['/^$/', '', true],
    ['/[[:alpha:]]{3}\\]/', 'abc]', true],
    ['/[]a]b/', ']b', true],
    ['/[^]a]b/', 'ab', false],
    ['/[\\]]b/', ']b', true],
    ['/[[.]x/', '.x', true],
    ['/[<]\\[a/', '<[a', true],
    ['/a{2,}/', 'baab', true],
  ] as const)
    test(`${text} ${expected ? 'matches' : 'does not match'} ${JSON.stringify(subject)}`, () => {
      assert.equal(patternOf(text).matches(subject), expected);
    });

  test('minds letter case where it matters, unless told otherwise', () => {
    assert.equal(patternOf('/^Al.ce$/', false).matches('alice'), false);
    assert.equal(patternOf('/^Al.ce$/i', false).matches('alice'), true);
    assert.equal(patternOf('/Alice/', false).matches('alice'), false);
    assert.equal(patternOf('/Alice/i', false).matches('ALICE'), true);
  });

  test('keeps its text as it was read', () => {
    for (const text of ['/a/', '/a/i', '/^a\\/b$/']) assert.equal(patternOf(text).text, text);
  });

  test('is recognised by its slash', () => {
    assert.equal(looksLikePattern('/a'), true);
    assert.equal(looksLikePattern('a/'), false);
  });

  test('takes time in proportion to a text made to be slow', () => {
    // A backtracking engine would need 2 to the power of 5000 steps.
    assert.equal(patternOf('/^(a+)+(a|b)+$/').matches(`${'a'.repeat(5000)}!`), false);
  });
});

describe('a pattern without alternatives never reaches the engine', () => {
  for (const [text, at, value] of [
    ['/^mx\\.Example\\.org$/', 'whole', 'mx.example.org'],
    ['/\\.example\\.org$/', 'end', '.example.org'],
    ['/^list-/', 'start', 'list-'],
    ['/@example/', 'anywhere', '@example'],
    ['/^a\\$/', 'start', 'a$'],
    ['/a\\\\$/', 'end', 'a\\'],
  ] as const) {
    test(text, () => {
      assert.deepEqual(patternOf(text).literal, { at, value, ignoreCase: true });
    });
    test(`${text} finds what it says`, () => {
      const subject = {
        whole: value,
        end: `x${value}`,
        start: `${value}x`,
        anywhere: `x${value}x`,
      };
      const pattern = patternOf(text);
      assert.equal(pattern.matches(subject[at].toUpperCase()), true);
      assert.equal(pattern.matches('something else'), false);
    });
  }

  for (const text of ['/a.c/', '/^$/', '/a|b/', '/\\d/', '/ä/', '/a$b/', '/a\\_/', '/^(?i)a/'])
    test(`others do: ${text}`, () => assert.equal(patternOf(text).literal, undefined));
});

describe('what is no pattern is refused', () => {
  for (const [text, problem, hint] of [
    ['/abc', /without an end/, /write \/abc\//],
    ['/abc/g', /has "g" behind/, /write none/],
    ['//', /empty pattern/, undefined],
    [`/${'a'.repeat(1025)}/`, /1025 characters/, /at most 1024/],
    ['/(a/', /missing closing \) at \(a/, /a backslash/],
    ['/*/', /missing argument/, /a backslash/],
    ['/[z-a]/', /range at z-a/, /smaller end/],
    ['/(a)\\1/', /a backreference/, /linear time/],
    ['/(?P<n>a)(?P=n)/', /a backreference/, /linear/],
    ['/\\k<n>/', /a backreference/, /linear/],
    ['/(?=a)/', /a lookaround/, /two conditions/],
    ['/(?!a)/', /a lookaround/, /unless/],
    ['/(?<=a)b/', /a lookaround/, /unless/],
    ['/(?<!a)b/', /a lookaround/, /unless/],
    ['/(?>a)/', /possessive or atomic/, /fast/],
    ['/a++/', /possessive or atomic/, /fast/],
    ['/(?#a)/', /a comment/, /behind a #/],
    ['/(?x)a/', /the flag x/, /without blanks/],
    ['/a\\Z/', /anchor \\Z/, /\$/],
    ['/\\h/', /class \\h/, /\[ \\t\]/],
    ['/\\u20ac/', /escape \\u/, /\\x\{20ac\}/],
    ['/a{1001}/', /repeat count/, /1000 times/],
    ['/[[=a=]]/', /collating element/, /the letters/],
    ['/x[a[.b.]]/', /collating element/, /the letters/],
    ['/[[:alpha:][.b.]]/', /collating element/, /the letters/],
    ['/\\<a/', /word boundary/, /\\b/],
    ['/a\\>/', /word boundary/, /\\b/],
    ['/\\`a/', /text boundary/, /\^/],
    ["/a\\'/", /text boundary/, /\$/],
    ['/a{,3}/', /lower bound/, /\{0,3\}/],
    ['/[a/', /missing closing \]/, /a backslash/],
  ] as const)
    test(text.slice(0, 20), () => {
      const parsed = parsePattern(text, { ignoreCase: true });
      assert.ok('problem' in parsed, 'was taken');
      assert.match(parsed.problem, problem);
      if (hint === undefined) assert.equal(parsed.hint, undefined);
      else assert.match(parsed.hint ?? '', hint);
    });

  test('flags are told where letter case matters', () => {
    const parsed = parsePattern('/a/gi', { ignoreCase: false });
    assert.deepEqual(parsed, {
      problem: 'has "gi" behind its last slash',
      hint: 'the only flag is i',
    });
  });
});
