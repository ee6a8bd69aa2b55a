import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { exitCodeOf, exitCodes } from '../../../../src/cli/arguments/exit-codes.js';
import { ConfigError } from '../../../../src/config/config-error.js';
import { ListenerError } from '../../../../src/daemon/listening/listener.js';
import { PidFileError } from '../../../../src/daemon/process/pid-file.js';
import { PrivilegeError } from '../../../../src/daemon/process/privileges.js';
import { AccountError } from '../../../../src/daemon/process/system-account.js';
import { StoreError } from '../../../../src/store/store.js';
import { LogError } from '../../../../src/telemetry/logger.js';

const cases: readonly (readonly [error: Error & { readonly code: string }, expected: number])[] = [
  [new ConfigError('CONFIG_INVALID', ''), 65],
  [new ConfigError('CONFIG_NOT_FOUND', ''), 65],
  [new ConfigError('CONFIG_UNREADABLE', ''), 65],
  [new ConfigError('CONFIG_TOO_LARGE', ''), 65],
  [new ConfigError('CONFIG_NOT_TEXT', ''), 65],
  [new ConfigError('CONFIG_PERMISSION', ''), 77],
  [new StoreError('STORE_LOCKED', ''), 69],
  [new StoreError('STORE_NOT_OURS', ''), 69],
  [new StoreError('STORE_NEWER_FORMAT', ''), 69],
  [new StoreError('STORE_DAMAGED', ''), 69],
  [new StoreError('STORE_UNAVAILABLE', ''), 69],
  [new StoreError('STORE_NOT_CLOSED', ''), 69],
  [new StoreError('STORE_REMOVED', ''), 69],
  [new StoreError('STORE_PERMISSION', ''), 77],
  [new StoreError('STORE_SETTINGS', ''), 65],
  [new ListenerError('LISTENER_IN_USE', ''), 73],
  [new ListenerError('LISTENER_PATH', ''), 73],
  [new ListenerError('LISTENER_FAILED', ''), 73],
  [new ListenerError('LISTENER_PERMISSION', ''), 77],
  [new ListenerError('LISTENER_NOT_CONFIGURED', ''), 65],
  [new PidFileError('PID_FILE_IN_USE', ''), 73],
  [new PidFileError('PID_FILE_FAILED', ''), 73],
  [new LogError('LOG_CANNOT_OPEN', ''), 73],
  [new AccountError(''), 65],
  [new PrivilegeError(''), 77],
];

describe('exit codes', () => {
  for (const [error, expected] of cases) {
    test(`${error.code}: ${expected}`, () => assert.equal(exitCodeOf(error), expected));
  }

  test('those of the documentation', () =>
    assert.deepEqual(Object.values(exitCodes), [0, 1, 64, 65, 69, 70, 73, 74, 77]));

  test('none for what is a bug', () => {
    assert.equal(exitCodeOf(new TypeError('oops')), undefined);
    assert.equal(exitCodeOf(Object.assign(new Error('oops'), { code: 'ENOENT' })), undefined);
    assert.equal(exitCodeOf(Object.assign(new Error('oops'), { code: 65 })), undefined);
    assert.equal(exitCodeOf('text'), undefined);
  });
});
