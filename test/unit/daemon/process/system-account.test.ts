import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { findGroup, findUser } from '../../../../src/daemon/process/system-account.js';

describe('a user', () => {
  test('is found by name, with all groups', () => {
    const root = findUser('root');
    assert.deepEqual([root.name, root.uid, root.gid], ['root', 0, 0]);
    assert.ok(root.groups.includes(0));
    assert.ok(root.groups.every(Number.isInteger));
  });

  test('is found by number', () => assert.equal(findUser('0').name, 'root'));

  for (const name of ['nobody-of-that-name', '4294967000', '--help', 'a:b', '']) {
    test(`"${name}" does not exist`, () =>
      assert.throws(() => findUser(name), {
        name: 'AccountError',
        code: 'ACCOUNT_UNKNOWN',
        message: `there is no user "${name}" on this system: create it, or name another one`,
      }));
  }
});

describe('a group', () => {
  test('is found by name and by number', () => {
    assert.equal(findGroup('root'), 0);
    assert.equal(findGroup('0'), 0);
  });

  test('may not exist', () =>
    assert.throws(() => findGroup('no-such-group'), {
      code: 'ACCOUNT_UNKNOWN',
      message: 'there is no group "no-such-group" on this system: create it, or name another one',
    }));
});
