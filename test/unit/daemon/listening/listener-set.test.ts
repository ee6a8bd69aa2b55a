import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { parseConfig } from '../../../../src/config/load.js';
import type { Config } from '../../../../src/config/schema.js';
import {
  ListenerSet,
  type ListenerProtocol,
} from '../../../../src/daemon/listening/listener-set.js';
import type { SystemUser } from '../../../../src/daemon/process/system-account.js';
import { createTempDirectory } from '../../../support/temp-directory.js';
import { isRoot, nobody, withoutRights } from '../../../support/without-rights.js';

interface Rig {
  readonly set: ListenerSet;
  readonly connections: Socket[];
  readonly path: (name: string) => string;
  /** The section `listen` for sockets of these names. */
  readonly section: (names: readonly string[], ...overrides: readonly string[]) => Config['listen'];
}

function createRig(t: TestContext, user?: SystemUser): Rig {
  const directory = createTempDirectory(t);
  const connections: Socket[] = [];
  const set = new ListenerSet(user, (socket) => connections.push(socket));
  t.after(() => set.close());
  const path = (name: string): string => join(directory, name);
  const section: Rig['section'] = (names, ...overrides) =>
    parseConfig({ listen: names.map((name) => `unix:${path(name)}`), overrides }).config.listen;
  return { set, connections, path, section };
}

describe('listeners', () => {
  test('are there, beside the old ones, before anything is given up', async (t) => {
    const { set, path, section } = createRig(t);
    (await set.prepare(section(['a', 'b']))).commit();
    const change = await set.prepare(section(['b', 'c']));
    assert.deepEqual(['a', 'b', 'c'].map(path).map(existsSync), [true, true, true]);
    assert.deepEqual(set.addresses, [`unix:${path('a')}`, `unix:${path('b')}`]);
    assert.deepEqual(
      change.opened.map(({ configured }) => configured),
      [`unix:${path('c')}`],
    );
    change.commit();
    assert.deepEqual(['a', 'b', 'c'].map(path).map(existsSync), [false, true, true]);
    assert.deepEqual(set.addresses, [`unix:${path('b')}`, `unix:${path('c')}`]);
    set.close();
    assert.deepEqual(['b', 'c'].map(path).map(existsSync), [false, false]);
    assert.deepEqual(set.addresses, []);
  });

  test('go back to what was', async (t) => {
    const { set, path, section } = createRig(t);
    (await set.prepare(section(['a']))).commit();
    (await set.prepare(section(['b']))).rollback();
    assert.deepEqual(['a', 'b'].map(path).map(existsSync), [true, false]);
    assert.deepEqual(set.addresses, [`unix:${path('a')}`]);
  });

  test('are all opened or none', async (t) => {
    const { set, path, section } = createRig(t);
    writeFileSync(path('file'), '');
    await assert.rejects(set.prepare(section(['a', 'file'])), { code: 'LISTENER_PATH' });
    assert.equal(existsSync(path('a')), false);
  });

  test('hand over who connects', async (t) => {
    const { set, connections, path, section } = createRig(t);
    (await set.prepare(section(['a']))).commit();
    const client = connect({ path: path('a') });
    await once(client, 'connect');
    client.end();
    await once(client, 'close');
    assert.equal(connections.length, 1);
  });

  test('say what is spoken there, and after a change what is spoken now', async (t) => {
    const directory = createTempDirectory(t);
    const path = join(directory, 'a');
    const heard: ListenerProtocol[] = [];
    const set = new ListenerSet(undefined, (socket, protocol) => {
      heard.push(protocol);
      socket.destroy();
    });
    t.after(() => set.close());
    for (const inputs of [{ policy: [`unix:${path}`] }, { listen: [`unix:${path}`] }]) {
      const overrides = ['policy' in inputs ? 'listen.milter=[]' : 'listen.policy=[]'];
      (await set.prepare(parseConfig({ ...inputs, overrides }).config.listen)).commit();
      const client = connect({ path });
      client.on('error', () => undefined);
      await once(client, 'close');
    }
    assert.deepEqual(heard, ['policy', 'milter']);
  });
});

describe('Unix sockets belong to', () => {
  // Only root can give something away.
  const { uid = 0, gid = 0 } = isRoot()
    ? { uid: nobody, gid: nobody }
    : { uid: process.getuid?.(), gid: process.getgid?.() };
  const user: SystemUser = { name: 'somebody', uid, gid, groups: [gid] };
  const ownerOf = (path: string): readonly number[] => [statSync(path).uid, statSync(path).gid];

  test('the user whom we are going to be', async (t) => {
    const { set, path, section } = createRig(t, user);
    (await set.prepare(section(['a']))).commit();
    assert.deepEqual(ownerOf(path('a')), [uid, gid]);
  });

  test('the owner and the group that are set', async (t) => {
    const { set, path, section } = createRig(t, user);
    const own = [process.getuid?.() ?? 0, process.getgid?.() ?? 0] as const;
    const overrides = [`listen.socket.owner="${own[0]}"`, `listen.socket.group="${own[1]}"`];
    (await set.prepare(section(['a'], ...overrides))).commit();
    assert.deepEqual(ownerOf(path('a')), own);
  });

  test('us otherwise', async (t) => {
    const { set, path, section } = createRig(t);
    (await set.prepare(section(['a']))).commit();
    assert.deepEqual(ownerOf(path('a')), [process.getuid?.(), process.getgid?.()]);
  });

  test('nobody if the group does not exist: nothing is opened', async (t) => {
    const { set, path, section } = createRig(t);
    const listen = section(['a'], 'listen.socket.group=no-such-group');
    await assert.rejects(set.prepare(listen), { code: 'ACCOUNT_UNKNOWN' });
    assert.equal(existsSync(path('a')), false);
  });
});

test('a kept socket whose mode cannot be set: new ones are closed again', async (t) => {
  const { set, path, section } = createRig(t);
  const first = await set.prepare(section(['a']));
  first.commit();
  // Somebody has cleaned up the directory.
  rmSync(path('a'));
  await assert.rejects(set.prepare(section(['a', 'b'])), { code: 'LISTENER_PATH' });
  assert.equal(existsSync(path('b')), false);
});

test('a kept socket that root has opened out of our sight stays as it is', (t) =>
  withoutRights(t, import.meta.url, async () => {
    const { set, path, section } = createRig(t);
    mkdirSync(path('private'));
    const noAdmin = 'listen.admin=null';
    (await set.prepare(section(['private/a'], noAdmin))).commit();
    chmodSync(path('private'), 0o000);
    try {
      (await set.prepare(section(['private/a', 'b'], noAdmin))).commit();
      assert.deepEqual(set.addresses, [`unix:${path('private/a')}`, `unix:${path('b')}`]);
      const another = section(['private/a'], noAdmin, 'listen.socket.mode="0600"');
      await assert.rejects(set.prepare(another), { code: 'LISTENER_PERMISSION' });
    } finally {
      chmodSync(path('private'), 0o700);
    }
  }));
