import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { translatePosixPattern } from '../../src/config/greylist-conf/posix-pattern.js';
import { parsePattern } from '../../src/rules/pattern.js';
import { buildPosixRegex, skipWithoutCompiler } from '../support/posix-regex.js';
import type { PosixQuestion } from '../support/posix-regex.js';
import { fc } from '../support/properties.js';

const BATCH = 250;
const BATCHES = 40;

/** What is between `[` and `]`, right and wrong. */
const inBrackets = fc.constantFrom(
  ...['a', 'b', 'A', '_', ' ', '.', '-', ']', '\\', '^', '*', '@', '/', '~', '[', '1', '\t', ':'],
  ...[
    'a-c',
    'A-z',
    'a-Z',
    'Z-a',
    '_-z',
    '_-~',
    '[-a',
    '0-9',
    '+--',
    '--/',
    'a-',
    '-z',
    '^-_',
    '!-~',
  ],
  ...['[:alpha:]', '[:lower:]', '[:upper:]', '[:space:]', '[:punct:]', '[:digit:]', '[:word:]'],
  ...[
    '[=a=]',
    '[=]=]',
    '[.-.]',
    '[.].]',
    '[.a.]-c',
    'a-[.c.]',
    '[=a=]-c',
    '[:alpha:]-z',
    '[:alpha',
  ],
);
const brackets = fc
  .tuple(
    fc.constantFrom('[', '[', '[', '[^', '[]', '[^]'),
    fc.array(inBrackets, { maxLength: 3 }),
    fc.constantFrom(']', ']', ']', ']', ']', ''),
  )
  .map(([open, items, close]) => open + items.join('') + close);
const plain = fc.constantFrom(
  'a',
  'b',
  'A',
  'B',
  '_',
  ' ',
  '-',
  '@',
  '1',
  ',',
  '.',
  '/',
  ']',
  '{',
  '}',
);
const operator = fc.constantFrom(
  ...[
    '*',
    '\\*',
    '+',
    '\\+',
    '?',
    '\\?',
    '|',
    '\\|',
    '(',
    '\\(',
    ')',
    '\\)',
    '^',
    '$',
    '\\^',
    '\\$',
  ],
  ...[
    '{2}',
    '\\{2\\}',
    '{,2}',
    '\\{,1\\}',
    '{1,}',
    '\\{1,\\}',
    '{2,1}',
    '{',
    '\\{',
    '}',
    '\\}',
    '{,}',
  ],
  ...[
    '\\<',
    '\\>',
    '\\b',
    '\\B',
    '\\w',
    '\\W',
    '\\s',
    '\\S',
    '\\`',
    "\\'",
    '\\n',
    '\\d',
    '\\/',
    '\\.',
  ],
  ...['.*', '\\', '\\1', '\\0', '\\{1', '{1x}', '(a|b)*', '\\(a\\|b\\)*', '\\<a', 'b\\>', '\\\\'],
);
const source = fc
  .array(fc.oneof({ weight: 3, arbitrary: plain }, { weight: 3, arbitrary: operator }, brackets), {
    maxLength: 6,
  })
  .map((parts) => parts.join(''));
const subject = fc.string({
  unit: fc.constantFrom(...Array.from('aabbABcdnz_ -@1,./]{}[\\^$*+?|()~Z\t\n\v')),
  maxLength: 7,
});
const subjects = fc.array(subject, { minLength: 8, maxLength: 8 });
const question: fc.Arbitrary<PosixQuestion> = fc
  .record({ source, isExtended: fc.boolean(), hasLines: fc.boolean(), subjects })
  .map((asked) => (asked.hasLines ? asked : { ...asked, subjects: asked.subjects.map(oneLine) }));

/** Where lines do not matter, no subject has several. */
function oneLine(text: string): string {
  return text.replaceAll('\n', ' ');
}

/** What this translation makes of it; undefined for what it cannot say and says so. */
function ours({
  source: written,
  isExtended,
  hasLines,
  subjects,
}: PosixQuestion): readonly boolean[] | 'refused' | undefined {
  const dialect = isExtended ? 'extended' : 'basic';
  const translated = translatePosixPattern(written, {
    dialect,
    subject: hasLines ? 'lines' : 'one-line',
  });
  if (translated.kind !== 'pattern') {
    return translated.kind === 'wrong' ? 'refused' : undefined;
  }
  const parsed = parsePattern(translated.text, { ignoreCase: true });
  assert.ok('ok' in parsed);
  return subjects.map((one) => parsed.ok.matches(one));
}

describe('POSIX regular expressions', { skip: skipWithoutCompiler() }, () => {
  test('match what they match in the C library', (t) => {
    const ask = buildPosixRegex(t);
    let unsupported = 0;
    let matching = 0;
    fc.assert(
      fc.property(
        fc.array(question, { minLength: 1, maxLength: BATCH, size: 'max' }),
        (questions) => {
          const theirs = ask(questions);
          for (const [index, asked] of questions.entries()) {
            const mine = ours(asked);
            if (mine === undefined) unsupported += 1;
            else assert.deepEqual(mine, theirs[index], JSON.stringify(asked));
            if (Array.isArray(mine) && mine.includes(true)) matching += 1;
          }
        },
      ),
      { numRuns: BATCHES },
    );
    t.diagnostic(`${matching} matched something, ${unsupported} are not supported`);
    assert.ok(matching > 500);
    assert.ok(unsupported < matching / 5);
  });
});
