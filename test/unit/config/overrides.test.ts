import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { ConfigError } from '../../../src/config/config-error.js';
import { parseConfig } from '../../../src/config/load.js';
import type { Path } from '../../../src/config/settings.js';
import { parseOverride, withoutValue, withValue } from '../../../src/config/overrides.js';

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown;

describe('options that are read', () => {
  const cases: readonly (readonly [text: string, path: readonly string[], value: unknown])[] = [
    ['greylist.delay=60s', ['greylist', 'delay'], '60s'],
    ['trusted=[]', ['trusted'], []],
    ['trusted=[loopback, 192.0.2.1]', ['trusted'], ['loopback', '192.0.2.1']],
    ['greylist.network.ipv4=32', ['greylist', 'network', 'ipv4'], 32],
    ['greylist.patience=null', ['greylist', 'patience'], null],
    ['greylist.reply.text=a=b', ['greylist', 'reply', 'text'], 'a=b'],
    [' log.to =console', ['log', 'to'], 'console'],
    ["greylist.probe-senders.match='<>'", ['greylist', 'probe-senders', 'match'], '<>'],
    ['log=', ['log'], undefined],
  ];
  for (const [text, path, value] of cases) {
    test(text, () =>
      assert.deepEqual(parseOverride(text), { ok: { origin: `--set ${text}`, path, value } }),
    );
  }
});

describe('options that are refused', () => {
  const form = 'write --set and a setting: --set greylist.delay=60s';
  const cases: readonly (readonly [text: string, path: string, problem: string, hint: string])[] = [
    ['', '', 'is not a setting and a value', form],
    ['greylist.delay', '', 'is not a setting and a value', form],
    ['=5m', '', 'is not a setting and a value', form],
    ['greylist..delay=5m', '', 'is not a setting and a value', form],
    ['a=@b', 'a', 'a value must not start with @', "put it in single quotes: '@b'"],
    ['a.b=[1', 'a.b', 'a [ before this is not closed', 'close it with ]'],
  ];
  for (const [text, path, problem, hint] of cases) {
    test(JSON.stringify(text), () => {
      const file = `--set ${text}`;
      const issue = { file, line: undefined, column: undefined, path, text: '', problem, hint };
      assert.deepEqual(parseOverride(text), { issues: [issue] });
    });
  }
});

describe('putting a value at a path', () => {
  const base = { a: { b: 1, c: [1, 2] }, d: 'off' };
  const cases: readonly (readonly [path: Path, value: unknown, expected: unknown])[] = [
    [['a', 'c', 2], { x: 3 }, { a: { b: 1, c: [1, 2, { x: 3 }] }, d: 'off' }],
    [['a', 'c', 0], 3, { a: { b: 1, c: [3, 2] }, d: 'off' }],
    [['d', 0], 3, { a: { b: 1, c: [1, 2] }, d: [3] }],
    [['a', 'b'], 2, { a: { b: 2, c: [1, 2] }, d: 'off' }],
    [['a', 'c'], [3], { a: { b: 1, c: [3] }, d: 'off' }],
    [['a'], { b: 3, e: { f: 1 } }, { a: { b: 3, c: [1, 2], e: { f: 1 } }, d: 'off' }],
    [['a'], null, { a: null, d: 'off' }],
    [['d', 'x'], 1, { a: { b: 1, c: [1, 2] }, d: { x: 1 } }],
    [['n', 'x'], 1, { a: { b: 1, c: [1, 2] }, d: 'off', n: { x: 1 } }],
  ];
  for (const [path, value, expected] of cases) {
    test(`${path.join('.')} = ${JSON.stringify(value)}`, () => {
      assert.deepEqual(plain(withValue(base, path, value)), expected);
      assert.deepEqual(base, { a: { b: 1, c: [1, 2] }, d: 'off' });
    });
  }
  test('a key that objects have anyway becomes a key and nothing else', () => {
    const value = withValue({}, ['__proto__', 'polluted'], 1);
    assert.deepEqual(Object.keys(value ?? {}), ['__proto__']);
    assert.equal('polluted' in {}, false);
  });
});

test('removing what stands at a path', () => {
  const base = { a: { b: 1, c: 2 }, d: 3 };
  assert.deepEqual(plain(withoutValue(base, ['a', 'b'])), { a: { c: 2 }, d: 3 });
  assert.deepEqual(plain(withoutValue(base, ['d'])), { a: { b: 1, c: 2 } });
  assert.deepEqual(plain(withoutValue(base, ['x', 'y'])), base);
  assert.deepEqual(plain(withoutValue(base, ['d', 'y'])), base);
  assert.deepEqual(plain(withoutValue(base, [])), base);
});

describe('a long value', () => {
  const rules = Array.from({ length: 50 }, (_, at) => `{when: {sendr: x${at}}, then: accept}`);

  test('is told as it begins, with each of its mistakes', () => {
    assert.throws(
      () => parseConfig({ overrides: [`rules=[${rules.join(', ')}]`] }),
      (error) => {
        assert.ok(error instanceof ConfigError);
        assert.equal(error.issues.length, 50);
        const [first = ''] = error.message.split('\n');
        assert.match(
          first,
          /^--set rules=\[\{when: .{70,90}\.\.\.: rules\.when\.sendr: unknown key$/,
        );
        return true;
      },
    );
  });
  test('shows nothing of a password that it is cut in', () => {
    const url = `http://user:${'s3cret'.repeat(20)}@192.0.2.1/`;
    const parsed = parseOverride(`lookups.x={a: 1, url: "${url}"`);
    assert.ok('issues' in parsed);
    for (const { file } of parsed.issues) assert.doesNotMatch(file, /s3c/);
  });
});
