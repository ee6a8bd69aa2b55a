import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import { parseFormat } from '../../../src/config/greylist-conf/format-string.js';
import { parseGreylistConf } from '../../../src/config/greylist-conf/parser.js';
import { translatePosixPattern } from '../../../src/config/greylist-conf/posix-pattern.js';
import { RESERVED_WORDS } from '../../../src/config/greylist-conf/words.js';
import { projectRoot } from '../../guards/readme-text.js';
import { fc } from '../../support/properties.js';

const directory = join(projectRoot, 'test/fixtures/milter-greylist');
const samples = readdirSync(directory)
  .filter((name) => name.endsWith('.conf'))
  .map((name) => readFileSync(join(directory, name), 'utf8'));

const RUNS = 1000;

/** What a text may be made of so that readers get far into it. */
const piece = fc.oneof(
  fc.constantFrom(...RESERVED_WORDS),
  fc.constantFrom(
    ...['"a"', '"%r"', '"', '/x/', '/', '/24', '{', '}', ',', '!', '*', '$a', '$', '=', '+=', '>='],
    ...['5m', '5', '5M', '-1', '192.0.2.1', '2001:db8::1', '::', 'a@b.c', 'a.b', '<>', '#', '# x'],
    ...[
      '\\',
      '\\ # x\n',
      '\n',
      '\n\n',
      '\r\n',
      '\t',
      ':',
      ';',
      'ü',
      '\u{1f600}',
      '\u0000',
      '\ud800',
    ],
    ...['racl whitelist', 'dacl "x" greylist', 'list "a" rcpt {', 'list "d" domain {', 'rcpt {'],
    ...[String.raw`/\(a\|b\)*/`, '/[[:alpha:]]/', '/[/', 'spf', 'nsupdate "a" {', '10 / 1h'],
  ),
);
const soup = fc
  .array(fc.tuple(piece, fc.constantFrom(' ', ' ', ' ', '', '\n')), { maxLength: 40 })
  .map((pieces) => pieces.flat().join(''));

/** A file that was found, with some of it cut out, doubled or replaced. */
const mutated = fc
  .tuple(
    fc.constantFrom(...samples),
    fc.array(fc.tuple(fc.nat(), fc.nat(30), piece), { maxLength: 8 }),
  )
  .map(([sample, changes]) =>
    changes.reduce((text, [at, length, replacement]) => {
      const start = at % (text.length + 1);
      return text.slice(0, start) + replacement + text.slice(start + length);
    }, sample),
  );

/** Reads it, and looks whether what is told of it can be true. */
function read(text: string): void {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  const { statements, problems, notes, comments } = parseGreylistConf(text);
  for (const { place } of [...problems, ...notes, ...statements]) {
    assert.ok(place.line >= 1 && place.line <= lines.length);
    assert.ok(place.column >= 1 && place.column <= (lines[place.line - 1]?.length ?? 0) + 1);
  }
  for (const { line, text: comment } of comments) assert.ok(lines[line - 1]?.includes(comment));
  assert.ok(statements.every(({ place, lastLine }) => place.line <= lastLine));
}

describe('a greylist.conf', () => {
  test('is read whatever it is, and each remark has its place', () => {
    fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary' }), soup), read), { numRuns: RUNS });
    fc.assert(fc.property(mutated, read), { numRuns: RUNS / 4 });
  });

  test('says the same with lines of Windows', () => {
    fc.assert(
      fc.property(mutated, (text) => {
        const plain = text.replaceAll('\r', '');
        const { statements, problems } = parseGreylistConf(plain);
        const other = parseGreylistConf(plain.replaceAll('\n', '\r\n'));
        assert.deepEqual([other.statements, other.problems], [statements, problems]);
      }),
      { numRuns: RUNS / 10 },
    );
  });

  test('is read in time that grows with its length', () => {
    const hostile = [
      ...[
        '"',
        '!',
        '\\\n',
        '#\n',
        '\n',
        ' ',
        '{',
        '/',
        '\\/',
        'a',
        'a@',
        '1',
        ':',
        '$',
        'list "l" {',
      ],
      ...[
        'not ',
        'racl whitelist from /(/\n',
        'list "l" rcpt {\n',
        'list "l" rcpt { x ',
        '"\\',
        '\\',
      ],
    ];
    for (const unit of hostile)
      for (const start of [
        '',
        'racl whitelist rcpt ',
        'list "l" rcpt { ',
        'list "l" domain { \n',
      ]) {
        // Were it the square, this would take minutes.
        read(start + unit.repeat(100_000 / unit.length));
      }
  });
});

describe('a POSIX pattern', () => {
  const meta = fc.string({
    unit: fc.constantFrom(...Array.from("ab[]^$()*+?{}|\\.-:=,123<>wWsS'`/\u{1f600}é\ud800\n")),
    maxLength: 30,
  });

  test('is written anew, or refused at one of its characters, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.oneof(meta, fc.string({ unit: 'binary' })),
        fc.constantFrom('basic' as const, 'extended' as const),
        fc.constantFrom('one-line' as const, 'lines' as const),
        (source, dialect, subject) => {
          const result = translatePosixPattern(source, { dialect, subject });
          if (result.kind === 'pattern') assert.match(result.text, /^\/.+\/$/s);
          else assert.ok(result.offset >= 0 && result.offset <= source.length);
        },
      ),
      { numRuns: RUNS },
    );
  });
});

describe('a format', () => {
  test('without percent signs is itself, and with doubled ones what it was', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const { parts } = parseFormat(text.replaceAll('%', '%%'));
        assert.deepEqual(parts, text === '' ? [] : [{ kind: 'literal', text }]);
      }),
      { numRuns: RUNS },
    );
  });
});
