import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { describeError } from '../../../../src/daemon/process/describe-error.js';
import { fileProblem } from '../../../../src/mail/file-problem.js';
import { StoreError } from '../../../../src/store/store.js';

describe('what the log says of an error', () => {
  test('its code and its message', () =>
    assert.deepEqual(describeError(new StoreError('STORE_LOCKED', 'in use')), {
      code: 'STORE_LOCKED',
      error: 'in use',
    }));

  test('the messages of its causes, and the first code there is', () => {
    const inner = Object.assign(new Error('open /x'), { code: 'EACCES' });
    const outer = new Error('no log', { cause: new Error('no file', { cause: inner }) });
    assert.deepEqual(describeError(outer), { code: 'EACCES', error: 'no log: no file: open /x' });
  });

  test('no message twice: many quote that of their cause', () => {
    const inner = new Error('ENOENT: no such file');
    const outer = new Error('cannot open /x: ENOENT: no such file', { cause: inner });
    assert.equal(describeError(outer)['error'], 'cannot open /x: ENOENT: no such file');
  });

  test("nor the system's words where the message has our own for them", () => {
    const message = "EACCES: permission denied, open '/x'";
    const inner = Object.assign(new Error(message), { code: 'EACCES', syscall: 'open' });
    const ours = `cannot write /x: ${fileProblem(inner, 'write')}`;
    for (const told of [ours, 'cannot use /x: permission denied']) {
      const outer = new Error(told, { cause: inner });
      assert.deepEqual(describeError(outer), { code: 'EACCES', error: told });
    }
  });

  test('no more than five of them', () => {
    let error = new Error('a');
    for (const message of ['b', 'c', 'd', 'e', 'f']) error = new Error(message, { cause: error });
    assert.equal(describeError(error)['error'], 'f: e: d: c: b');
  });

  test('a circle of causes ends', () => {
    const error = new Error('again');
    error.cause = error;
    assert.equal(describeError(error)['error'], 'again');
  });

  test('what is thrown and is no error', () => {
    assert.deepEqual(describeError('a string'), { code: undefined, error: 'a string' });
    assert.deepEqual(describeError(undefined), { code: undefined, error: 'undefined' });
  });
});
