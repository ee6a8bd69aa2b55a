import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { readYaml, writeYaml } from '../../../src/config/yaml-text.js';

/** Data as JSON shows it, as mappings have no prototype here. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown;

describe('what is read', () => {
  const cases: readonly (readonly [text: string, expected: unknown])[] = [
    ['a: 1', { a: 1 }],
    ['\uFEFFa: 1', { a: 1 }],
    ['a: 1\r\nb: 2\r\n', { a: 1, b: 2 }],
    ['a: yes\nb: no\nc: on\nd: true\ne: ~', { a: 'yes', b: 'no', c: 'on', d: true, e: null }],
    ['%YAML 1.1\n---\na: yes', { a: 'yes' }],
    ['a: 0660\nb: 1:30', { a: 660, b: '1:30' }],
    ['a: &x [1, 2]\nb: *x', { a: [1, 2], b: [1, 2] }],
    ['a:\n  -\n  - b', { a: [null, 'b'] }],
    ['"1": x', { '1': 'x' }],
    ['1: x', { '1': 'x' }],
    ['a: !!str 5', { a: '5' }],
    ['<<: {a: 1}', { '<<': { a: 1 } }],
    ['a: unix:/x\nb: inet:1@127.0.0.1', { a: 'unix:/x', b: 'inet:1@127.0.0.1' }],
    ['- a', ['a']],
    ['null', null],
  ];
  for (const [text, expected] of cases) {
    test(JSON.stringify(text), () => {
      const yaml = readYaml(text);
      assert.deepEqual(yaml.problems, []);
      assert.deepEqual(plain(yaml.value), expected);
    });
  }

  test('nothing is undefined, for the whole text and for a key', () => {
    for (const text of ['', '\n', '# only a comment\n', '---\n']) {
      assert.equal(readYaml(text).value, undefined, JSON.stringify(text));
    }
    const { value } = readYaml('a:\nb: {c}\n');
    assert.ok(typeof value === 'object' && value !== null && 'a' in value && 'b' in value);
    assert.equal(value.a, undefined);
    assert.deepEqual(Object.entries(value.b ?? {}), [['c', undefined]]);
  });

  test('keys that objects have anyway are only keys', () => {
    const { value } = readYaml('__proto__: {polluted: 1}\nconstructor: 2\ntoString: 3');
    assert.ok(typeof value === 'object' && value !== null);
    assert.deepEqual(Object.keys(value), ['__proto__', 'constructor', 'toString']);
    assert.equal(Object.getPrototypeOf(value), null);
    assert.equal('polluted' in {}, false);
  });
});

test('where everything was written', () => {
  const yaml = readYaml('a:\n  b: 0660 # c\n  d: [x, yy]\ne:\nf: {g}');
  const at = (line: number, column: number) => ({ line, column });
  assert.deepEqual(yaml.written(['a', 'b']), { key: at(2, 3), value: at(2, 6), source: '0660' });
  assert.deepEqual(yaml.written(['a', 'd', 1])?.value, at(3, 10));
  assert.deepEqual(yaml.written(['a']), { key: at(1, 1), value: at(2, 3), source: undefined });
  assert.deepEqual(yaml.written(['e'])?.key, at(4, 1));
  assert.deepEqual(yaml.written(['f', 'g'])?.key, at(5, 5));
  assert.equal(yaml.written(['nope']), undefined);
});

describe('what is wrong with it', () => {
  type Told = readonly [place: string, problem: string, hint: string | undefined];
  const quote = (value: string): string => `put it in single quotes: ${value}`;
  const quoteValue = (value: string): string => `put the value in single quotes: ${value}`;
  const start = (char: string): string => `a value must not start with ${char}`;
  const each =
    "put each value with / @ * # { or [ in it in single quotes, as in ['/^a{2}/', '@example.org']";
  const alias = (name: string): string => `has an alias *${name} that is not defined before it`;
  const aliasHint = (name: string): string =>
    `if it is a value, put it in single quotes: '*${name}'`;
  const cases: readonly (readonly [text: string, ...told: Told[]])[] = [
    ['a: @example.org', ['1:4', start('@'), quote("'@example.org'")]],
    ["a: @it's # x", ['1:4', start('@'), quote("'@it''s'")]],
    ['a: [@x, b]', ['1:5', start('@'), quote("'@x'")]],
    ['a: [@x, @y]', ['1:5', start('@'), quote("'@x'")], ['1:9', start('@'), quote("'@y'")]],
    ['a:\n  - @x', ['2:5', start('@'), quote("'@x'")]],
    ['a: `x`', ['1:4', start('`'), quote("'`x`'")]],
    ['a: %x', ['1:4', start('%'), quote("'%x'")]],
    ['a: *@example.org', ['1:4', alias('@example.org'), aliasHint('@example.org')]],
    ['a: *.example.org', ['1:4', alias('.example.org'), aliasHint('.example.org')]],
    ['a: &x [*x]', ['1:8', alias('x'), aliasHint('x')]],
    [
      'a: {wait} seconds',
      ['1:11', 'this is not YAML (unexpected scalar at node end)', quoteValue("'{wait} seconds'")],
    ],
    [
      'a: [/^[a-z]{2,5}$/, b]\nc: d\ne: f',
      ['1:7', 'this is not YAML (missing , or : between flow sequence items)', each],
    ],
    ['a: /^x: y$/', ['1:4', 'a value has a second colon and space', quoteValue("'/^x: y$/'")]],
    ['a: b: c # d', ['1:4', 'a value has a second colon and space', quoteValue("'b: c'")]],
    [
      'a:\n\tb: 1\nc: 2\n\td: 3',
      ['2:1', 'the line is indented by a tab', 'use spaces'],
      ['4:1', 'the line is indented by a tab', 'use spaces'],
    ],
    [
      'a:\n b: 1\n  c: 2',
      [
        '2:5',
        'the next line is indented deeper than this one',
        'indent the keys of one section alike',
      ],
    ],
    ['a: 1\nb: 2\na: 3', ['3:1', 'is set twice', 'it is on line 1 already: remove one of them']],
    ['a: "x\nb: 2\nc: 3', ['1:4', 'a quote is not closed', 'end it on the same line']],
    ["a: 'x", ['1:4', 'a quote is not closed', 'end it on the same line']],
    ['a: [1, 2\nb: 3\nc: 4', ['2:1', 'a [ before this is not closed', 'close it with ]']],
    ['a: {b: 1\nc: 2', ['2:1', 'a { before this is not closed', 'close it with }']],
    [
      'a: 1\nb',
      ['2:1', 'this is not a key with a value', 'write a colon and a space after the key'],
    ],
    ['---\na: 1\n---\nb: 2', ['3:1', 'a second document starts here', 'remove the ---']],
    [
      'a: "\\q"',
      [
        '1:5',
        'a backslash in double quotes starts an escape that there is not',
        'use single quotes, in which a backslash is only a backslash',
      ],
    ],
    [
      'a: !foo b',
      ['1:9', 'has the tag !foo', 'quote a value that starts with an exclamation mark'],
    ],
    [
      'a: !!binary aGk=',
      [
        '1:13',
        'has the tag tag:yaml.org,2002:binary',
        'quote a value that starts with an exclamation mark',
      ],
    ],
    ['a: [1, , 2]', ['1:8', 'this is not YAML (unexpected , in flow sequence)', undefined]],
    ['? [a]\n: b', ['1:3', 'a key must be plain text', undefined]],
    [
      '}',
      ['1:1', 'this is not YAML (unexpected flow-map-end token in YAML document: "}")', undefined],
    ],
  ];
  for (const [text, ...told] of cases) {
    test(JSON.stringify(text), () => {
      const found = readYaml(text).problems.map(({ place, problem, hint }) => [
        `${place.line}:${place.column}`,
        problem,
        hint,
      ]);
      assert.deepEqual(found, told);
    });
  }
});

describe('texts that are made to exhaust', () => {
  const problems = (text: string): readonly string[] =>
    readYaml(text).problems.map(({ problem }) => problem);

  test('nesting beyond any setting', () => {
    assert.deepEqual(problems(`${'['.repeat(18)}${']'.repeat(18)}`), ['is nested too deeply']);
    assert.deepEqual(problems(`${'['.repeat(17)}${']'.repeat(17)}`), []);
  });
  for (const [name, text] of [
    ['lists', '['.repeat(20_000)],
    ['mappings', '{a: '.repeat(3000)],
    ['dashes', '- '.repeat(20_000)],
  ] as const) {
    test(`nesting that no stack holds: ${name}`, () =>
      assert.deepEqual(problems(text), ['this is nested too deeply']));
  }
  test('aliases of aliases', () => {
    let text = 'a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n';
    for (let i = 1; i < 10; i++) {
      text += `a${i}: &a${i} [${Array(10)
        .fill(`*a${i - 1}`)
        .join(', ')}]\n`;
    }
    assert.deepEqual(problems(text), ['makes the configuration too large']);
  });
});

test('what is written is read again as the same', () => {
  const values = [
    '0660',
    '4.7.1',
    '<>',
    '@x',
    'off',
    'yes',
    'null',
    '',
    ' ',
    'a: b',
    '{wait}',
    '#',
  ];
  const data = { values, long: 'x y '.repeat(100), no: null, one: 1, on: true, none: [] };
  const yaml = readYaml(writeYaml(data));
  assert.deepEqual(yaml.problems, []);
  assert.deepEqual(plain(yaml.value), data);
});
