import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import * as values from '../../../src/config/values.js';

describe('places for the log', () => {
  test('console and file', () => {
    assert.deepEqual(values.parseLogTarget('console'), { ok: { kind: 'console' } });
    assert.equal(values.formatLogTarget({ kind: 'console' }), 'console');
    const target = { kind: 'file', path: '/var/log/g.log' } as const;
    assert.deepEqual(values.parseLogTarget('file:/var/log/g.log'), { ok: target });
    assert.equal(values.formatLogTarget(target), 'file:/var/log/g.log');
  });
  const problem = 'is not a place for a log';
  test('syslog, with a facility and a tag', () => {
    const target = { kind: 'syslog', facility: 'mail', tag: 'greymilter' } as const;
    assert.deepEqual(values.parseLogTarget('syslog:mail'), { ok: target });
    assert.equal(values.formatLogTarget(target), 'syslog:mail');
    const tagged = { kind: 'syslog', facility: 'local7', tag: 'grey-2' } as const;
    assert.deepEqual(values.parseLogTarget('syslog:local7:grey-2'), { ok: tagged });
    assert.equal(values.formatLogTarget(tagged), 'syslog:local7:grey-2');
  });
  for (const [text, refusal] of [
    ['syslog', 'names no facility'],
    ['syslog:', 'names no facility'],
    ['syslog:kern', 'has "kern" for a facility'],
    ['syslog:mail.info', 'has "mail.info" for a facility'],
    ['syslog:mail:', 'has a tag that syslog would not take'],
    ['syslog:mail:a b', 'has a tag that syslog would not take'],
    ['syslog:mail:a:b', 'has a tag that syslog would not take'],
  ] as const) {
    test(`${text} is refused`, () => {
      const parsed = values.parseLogTarget(text);
      assert.ok('problem' in parsed);
      assert.equal(parsed.problem, refusal);
      assert.match(parsed.hint ?? '', /^write /);
    });
  }
  const hint = 'write console, file:/var/log/greymilter.log or syslog:mail';
  for (const text of ['', 'file:', 'syslogd:mail', 'stdout', 'file:/a\u001b[2J']) {
    test(`${JSON.stringify(text)} is refused`, () =>
      assert.deepEqual(values.parseLogTarget(text), { problem, hint }));
  }
  test('a bare path is refused with its spelling', () =>
    assert.deepEqual(values.parseLogTarget('/var/log/g.log'), {
      problem,
      hint: 'write file:/var/log/g.log',
    }));
});

describe('paths', () => {
  test('absolute ones', () =>
    assert.deepEqual(values.parseAbsolutePath('/run/g.pid'), { ok: '/run/g.pid' }));
  test('a relative one is refused with an absolute one', () =>
    assert.deepEqual(values.parseAbsolutePath('g.pid'), {
      problem: 'needs an absolute path',
      hint: 'write /run/greymilter/g.pid',
    }));
  for (const text of ['', '/run/', '/a\nb'])
    test(`${JSON.stringify(text)} is refused`, () =>
      assert.deepEqual(values.parseAbsolutePath(text), { problem: 'is not the path of a file' }));
});

describe('the journal of a store', () => {
  for (const text of ['auto', '/run/greymilter', '/dev/shm/'])
    test(`${text} is taken`, () => assert.deepEqual(values.parseJournal(text), { ok: text }));
  for (const text of ['', 'none', 'run/greymilter', '/run\n'])
    test(`${JSON.stringify(text)} is refused`, () =>
      assert.deepEqual(values.parseJournal(text), {
        problem: 'is no directory',
        hint: 'write auto, an absolute path, or null',
      }));
});

describe('file modes', () => {
  test('three octal digits, with or without a 0', () => {
    assert.deepEqual(values.parseFileMode('0660'), { ok: 0o660 });
    assert.deepEqual(values.parseFileMode('777'), { ok: 0o777 });
    assert.deepEqual(values.parseFileMode('0000'), { ok: 0 });
    assert.equal(values.formatFileMode(0o660), '0660');
    assert.equal(values.formatFileMode(0o7), '0007');
  });
  for (const text of ['', '66', '0668', '4755', '0o660', 'rw-rw----', '-660']) {
    test(`${JSON.stringify(text)} is refused`, () =>
      assert.deepEqual(values.parseFileMode(text), {
        problem: 'is not a file mode',
        hint: 'write three octal digits after a 0, in quotes: "0660"',
      }));
  }
});

describe('accounts', () => {
  for (const text of ['postfix', '_smtp', 'a.b-c_d', 'machine$', '0', '105']) {
    test(text, () => assert.deepEqual(values.parseAccount(text), { ok: text }));
  }
  for (const text of ['', '-x', 'a b', 'a:b', 'ü', 'x'.repeat(33), '1x']) {
    test(`${JSON.stringify(text)} is refused`, () =>
      assert.deepEqual(values.parseAccount(text), {
        problem: 'is not the name or number of an account',
      }));
  }
});

describe('reply codes', () => {
  for (const code of [400, 420, 422, 450, 451, 459]) {
    test(String(code), () => assert.deepEqual(values.checkReplyCode(code), { ok: code }));
  }
  for (const code of [399, 460, 499, 550, 0, -451, 450.5, NaN]) {
    test(`${code} is refused`, () =>
      assert.deepEqual(values.checkReplyCode(code), {
        problem: 'must be a code from 400 to 459',
        hint: 'only a 4xx reply makes the client come back; 451 is customary',
      }));
  }
  test('421 is refused, as it closes the whole SMTP connection', () =>
    assert.deepEqual(values.checkReplyCode(421), {
      problem: 'must not be 421',
      hint: 'it closes the whole SMTP connection, good recipients included: use 450 or 451',
    }));
});

describe('enhanced status codes', () => {
  for (const text of ['4.7.1', '4.0.0', '4.999.999']) {
    test(text, () => assert.deepEqual(values.parseEnhancedCode(text), { ok: text }));
  }
  for (const text of ['', '4.7', '4.07.1', '4.7.1000', '4.7.1 ', '4.7.1.1', '3.7.1']) {
    test(`${JSON.stringify(text)} is refused`, () =>
      assert.deepEqual(values.parseEnhancedCode(text), {
        problem: 'is not an enhanced status code of class 4',
        hint: 'write 4.x.y, as in 4.7.1',
      }));
  }
  for (const text of ['5.7.1', '2.0.0']) {
    test(`${text} is refused, as its class is not that of the reply code`, () =>
      assert.deepEqual(values.parseEnhancedCode(text), {
        problem: 'is not an enhanced status code of class 4',
        hint: 'it starts with 4, as the reply code does: 4.7.1',
      }));
  }
});
