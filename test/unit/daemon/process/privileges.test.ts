import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parseConfig } from '../../../../src/config/load.js';
import {
  becomeUser,
  ensureDirectoryFor,
  ensureFileFor,
  prepareDirectories,
  requireRootFor,
} from '../../../../src/daemon/process/privileges.js';
import type { SystemUser } from '../../../../src/daemon/process/system-account.js';
import { createTempDirectory } from '../../../support/temp-directory.js';
import { isRoot, nobody, withoutRights } from '../../../support/without-rights.js';

// Only root can give something away.
const uid = isRoot() ? nobody : (process.getuid?.() ?? nobody);
const gid = isRoot() ? nobody : (process.getgid?.() ?? nobody);
const user: SystemUser = { name: 'somebody', uid, gid, groups: [gid] };

function describeFile(path: string): readonly number[] {
  const { mode, ...found } = statSync(path);
  return [mode & 0o777, found.uid, found.gid];
}

describe('a directory for the user', () => {
  test('is made with what it needs above it', (t) => {
    const directory = createTempDirectory(t);
    ensureDirectoryFor(join(directory, 'lib', 'greymilter'), user, 0o700);
    assert.deepEqual(describeFile(join(directory, 'lib', 'greymilter')), [0o700, uid, gid]);
    const above = statSync(join(directory, 'lib'));
    assert.deepEqual([above.uid, above.gid], [uid, gid], 'an admin socket may be beside it');
  });

  test('is left alone if it is there', (t) => {
    const directory = createTempDirectory(t);
    mkdirSync(join(directory, 'db'), { mode: 0o750 });
    const before = describeFile(join(directory, 'db'));
    ensureDirectoryFor(join(directory, 'db'), user, 0o700);
    assert.deepEqual(describeFile(join(directory, 'db')), before);
  });
});

describe('a file for the user', () => {
  test('is made', (t) => {
    const path = join(createTempDirectory(t), 'log');
    ensureFileFor(path, user, 0o640);
    assert.deepEqual(describeFile(path), [0o640, uid, gid]);
  });

  test('is left alone if it is there', (t) => {
    const path = join(createTempDirectory(t), 'log');
    writeFileSync(path, 'line', { mode: 0o600 });
    const before = describeFile(path);
    ensureFileFor(path, user, 0o640);
    assert.deepEqual(describeFile(path), before);
    assert.equal(readFileSync(path, 'utf8'), 'line');
  });
});

test('the directories of sockets and store are made for the user', (t) => {
  const directory = createTempDirectory(t);
  const { config } = parseConfig({
    listen: [`unix:${directory}/run/milter.sock`, 'inet:0@127.0.0.1'],
    store: `level:${directory}/lib/db`,
  });
  prepareDirectories(config, user);
  const ownerOf = (name: string): number => statSync(join(directory, name)).uid;
  assert.deepEqual(['run', 'lib/db'].map(ownerOf), [uid, uid]);
  assert.equal(statSync(join(directory, 'lib/db')).mode & 0o777, 0o700);
});

describe('a user whom we cannot become', () => {
  test('is refused before anything is made for it', async (t) => {
    await withoutRights(t, import.meta.url, () =>
      assert.throws(() => requireRootFor({ ...user, name: 'mail', uid: 12_345 }), {
        code: 'USER_PERMISSION',
        message: 'cannot become user mail: start as root, or as that user without --user',
      }),
    );
  });

  test('is not who we are', () => requireRootFor({ ...user, uid: process.getuid?.() ?? 0 }));
});

describe('becoming a user', () => {
  test('who we are already needs no rights', () => {
    const self = process.getuid?.() ?? 0;
    becomeUser({ ...user, uid: self });
    assert.equal(process.getuid?.(), self);
  });

  test('who is somebody else needs them', async (t) => {
    await withoutRights(t, import.meta.url, () =>
      assert.throws(
        () => becomeUser({ name: 'mail', uid: 12_345, gid: 12_345, groups: [12_345] }),
        {
          name: 'PrivilegeError',
          code: 'USER_PERMISSION',
          message: 'cannot become user mail: start as root, or as that user without --user',
        },
      ),
    );
  });
});
