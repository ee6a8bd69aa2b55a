import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { RedisReplyError } from '../../../../src/store/redis/redis-errors.js';
import { toStoreError } from '../../../../src/store/redis/to-store-error.js';

const where = 'redis://192.0.2.6';
const script = `script: ${'37c95022'.repeat(5)}, on @user_script:5.`;

describe('what a server says is told', () => {
  const told: readonly (readonly [says: string, code: string, message: string])[] = [
    [
      'WRONGPASS invalid username-password pair or user is disabled.',
      'STORE_PERMISSION',
      `The server of the store at ${where} refuses us: WRONGPASS invalid username-password pair or user ` +
        "is disabled. See store.redis.user and store.redis.password-file, and the server's ACL.",
    ],
    [
      `OOM command not allowed when used memory > 'maxmemory'. ${script}`,
      'STORE_UNAVAILABLE',
      `The store at ${where} cannot be used: OOM command not allowed when used memory > 'maxmemory'.`,
    ],
    [
      `READONLY You can't write against a read only replica. ${script}`,
      'STORE_UNAVAILABLE',
      `The store at ${where} cannot be used: READONLY You can't write against a read only replica.`,
    ],
    [
      'MOVED 3999 192.0.2.8:6381',
      'STORE_UNAVAILABLE',
      `The store at ${where} is part of a Cluster: write redis+cluster:// in store.url.`,
    ],
  ];
  for (const [says, code, message] of told) {
    test(says, () => {
      const error = toStoreError(new RedisReplyError(says), where);
      assert.deepEqual([error.code, error.message], [code, message]);
    });
  }
});
