import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parseConfig } from '../../../../src/config/load.js';
import {
  becomeUser,
  ensureDirectoryFor,
  ensureFileFor,
  prepareDirectories,
  requireRootFor,
  withRightsOf,
} from '../../../../src/daemon/process/privileges.js';
import type { SystemUser } from '../../../../src/daemon/process/system-account.js';
import { runAgain } from '../../../support/run-again.js';
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

  test('is not made where a link of his leads', (t) => {
    const directory = createTempDirectory(t);
    symlinkSync(join(directory, 'elsewhere'), join(directory, 'log'));
    ensureFileFor(join(directory, 'log'), user, 0o640);
    assert.equal(existsSync(join(directory, 'elsewhere')), false);
  });

  test('that cannot be made is an error', (t) => {
    const path = join(createTempDirectory(t), 'nowhere', 'log');
    assert.throws(() => ensureFileFor(path, user, 0o640), { code: 'ENOENT' });
  });
});

describe('with the rights of the user', () => {
  const needsRoot = isRoot() ? false : 'only root has more';

  test('nothing is opened that he may not, and root is root again', { skip: needsRoot }, (t) => {
    const path = join(createTempDirectory(t), 'secret');
    writeFileSync(path, 'secret', { mode: 0o600 });
    const before = [process.geteuid?.(), process.getegid?.(), process.getgroups?.()];
    assert.throws(() => withRightsOf(user, () => readFileSync(path)), { code: 'EACCES' });
    assert.equal(
      withRightsOf(user, () => process.geteuid?.()),
      uid,
    );
    assert.deepEqual([process.geteuid?.(), process.getegid?.(), process.getgroups?.()], before);
    assert.equal(readFileSync(path, 'utf8'), 'secret');
  });

  test('root has his own', () => {
    const root = { ...user, uid: 0 };
    assert.equal(
      withRightsOf(root, () => process.geteuid?.()),
      process.geteuid?.(),
    );
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

  test('is for good: nothing gives root back', async (t) => {
    if (!isRoot()) {
      t.skip('only root can become somebody else');
      return;
    }
    const { SECRET: secret } = process.env;
    if (secret === undefined) {
      const directory = createTempDirectory(t);
      chmodSync(directory, 0o755);
      writeFileSync(join(directory, 'secret'), '', { mode: 0o600 });
      await runAgain(t, import.meta.url, ['env', `SECRET=${join(directory, 'secret')}`]);
      return;
    }
    becomeUser({ ...user, groups: [gid, 12] });
    for (const regain of [
      () => process.setuid?.(0),
      () => process.seteuid?.(0),
      () => process.setgid?.(0),
      () => process.setegid?.(0),
      () => process.setgroups?.([0]),
    ])
      assert.throws(regain, { code: 'EPERM' });
    const status = readFileSync('/proc/self/status', 'utf8');
    // Real, effective, saved, and that of files.
    assert.match(status, new RegExp(`^Uid:(\\t${uid}){4}$`, 'm'));
    assert.match(status, new RegExp(`^Gid:(\\t${gid}){4}$`, 'm'));
    assert.match(status, new RegExp(`^Groups:\\t12 ${gid} *$`, 'm'));
    assert.match(status, /^CapPrm:\t0+$/m);
    assert.match(status, /^CapEff:\t0+$/m);
    assert.throws(() => readFileSync(secret), { code: 'EACCES' });
    // Linux then writes no dump of it, and lets nobody else of that user look into it.
    assert.equal(statSync('/proc/self/mem').uid, 0);
  });

  test('is refused where it does not last', { skip: !isRoot() }, (t) => {
    const { setgroups, setgid, setuid } = process;
    t.after(() => Object.assign(process, { setgroups, setgid, setuid }));
    const doNothing = (): void => undefined;
    Object.assign(process, { setgroups: doNothing, setgid: doNothing, setuid: doNothing });
    assert.throws(() => becomeUser(user), {
      code: 'USER_PERMISSION',
      message: 'became user somebody, but could be root again',
    });
  });
});
