import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { ConfigError, formatIssue, invalidConfig } from '../../../src/config/config-error.js';
import type { ConfigIssue } from '../../../src/config/config-error.js';

const ISSUE: ConfigIssue = {
  file: 'greymilter.yaml',
  line: 12,
  column: 3,
  path: 'greylist.dealy',
  text: '  dealy: 5m',
  problem: 'unknown key',
  hint: 'did you mean "delay"?',
};

describe('an issue for people', () => {
  const cases: readonly (readonly [name: string, Partial<ConfigIssue>, expected: string])[] = [
    [
      'in a file',
      {},
      'greymilter.yaml:12:3: greylist.dealy: unknown key\n    dealy: 5m\n    ^ did you mean "delay"?',
    ],
    [
      'without a hint',
      { hint: undefined, column: 10 },
      'greymilter.yaml:12:10: greylist.dealy: unknown key\n    dealy: 5m\n           ^',
    ],
    [
      'without a setting',
      { path: '' },
      'greymilter.yaml:12:3: unknown key\n    dealy: 5m\n    ^ did you mean "delay"?',
    ],
    [
      'of an option',
      { file: '--set greylist.dealy=5m', line: undefined, column: undefined, text: '' },
      '--set greylist.dealy=5m: greylist.dealy: unknown key\n    did you mean "delay"?',
    ],
    [
      'of an option without a hint',
      { file: '--set a=5m', line: undefined, column: undefined, text: '', hint: undefined },
      '--set a=5m: greylist.dealy: unknown key',
    ],
    [
      'on an empty line',
      { text: '' },
      'greymilter.yaml:12:3: greylist.dealy: unknown key\n    ^ did you mean "delay"?',
    ],
    [
      'behind tabs',
      { text: '\ta:\tb', column: 5, hint: undefined },
      'greymilter.yaml:12:5: greylist.dealy: unknown key\n    a: b\n       ^',
    ],
    [
      'with what would drive a terminal',
      { path: 'a\u001b[2J', text: 'a\u001b[2J\u202e: 1', column: 1, hint: 'b\u0007' },
      'greymilter.yaml:12:1: a?[2J: unknown key\n    a?[2J?: 1\n    ^ b?',
    ],
    [
      'about a password, which what is wrong with it is not',
      { path: 'lookups.ldap.bind.password', text: '  password: 5', column: 13, hint: 'b' },
      'greymilter.yaml:12:13: lookups.ldap.bind.password: unknown key\n    password: *\n              ^ b',
    ],
  ];
  for (const [name, change, expected] of cases) {
    test(name, () => assert.equal(formatIssue({ ...ISSUE, ...change }), expected));
  }

  test('a long line is cut around the place', () => {
    const text = `a: [${'x'.repeat(200)}, @, ${'y'.repeat(200)}]`;
    const [, shown = '', caret = ''] = formatIssue({
      ...ISSUE,
      text,
      column: text.indexOf('@') + 1,
    }).split('\n');
    assert.equal(shown.length, 114);
    assert.match(shown, /^ {4}\.\.\.x+, @, y+$/);
    assert.equal(caret.indexOf('^'), shown.indexOf('@'));
  });
});

test('the error has a code, all issues, and all reports for a message', () => {
  const error = invalidConfig([ISSUE, { ...ISSUE, line: 13 }]);
  assert.ok(error instanceof ConfigError);
  assert.equal(error.name, 'ConfigError');
  assert.equal(error.code, 'CONFIG_INVALID');
  assert.equal(error.issues.length, 2);
  assert.equal(error.message, error.issues.map(formatIssue).join('\n'));
});
