import assert from 'node:assert/strict';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import {
  applySocketFile,
  openListener,
  type Listener,
  type SocketFileSettings,
} from '../../../../src/daemon/listening/listener.js';
import { createTempDirectory } from '../../../support/temp-directory.js';
import { isRoot, nobody, withoutRights } from '../../../support/without-rights.js';

const ours: SocketFileSettings = { mode: 0o660, uid: undefined, gid: undefined };

interface Rig {
  readonly directory: string;
  readonly path: string;
  readonly connections: Socket[];
  readonly open: (path?: string, more?: Partial<SocketFileSettings>) => Promise<Listener>;
}

function createRig(t: TestContext): Rig {
  const directory = createTempDirectory(t);
  const path = join(directory, 'milter.sock');
  const connections: Socket[] = [];
  const open = async (at = path, more: Partial<SocketFileSettings> = {}): Promise<Listener> => {
    const listener = await openListener(
      { kind: 'unix', path: at },
      { socketFile: { ...ours, ...more }, onConnection: (socket) => connections.push(socket) },
    );
    t.after(() => listener.close());
    return listener;
  };
  return { directory, path, connections, open };
}

async function listen(t: TestContext, where: string | number): Promise<Server> {
  const server = createServer();
  if (typeof where === 'string') server.listen(where);
  else server.listen(where, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return server;
}

/** A socket file at which nobody listens, as a killed process leaves it. */
async function leaveStaleSocket(t: TestContext, path: string): Promise<void> {
  const server = await listen(t, path);
  renameSync(path, `${path}.kept`);
  server.close();
  await once(server, 'close');
  renameSync(`${path}.kept`, path);
}

async function connectTo(path: string): Promise<Socket> {
  const socket = connect({ path });
  await once(socket, 'connect');
  return socket;
}

describe('a Unix socket', () => {
  test('is opened with its mode, and removed in the end', async (t) => {
    const { path, open, connections } = createRig(t);
    const listener = await open();
    assert.equal(statSync(path).mode & 0o777, 0o660);
    assert.equal(listener.address, `unix:${path}`);
    const client = await connectTo(path);
    listener.close();
    assert.equal(existsSync(path), false);
    client.write('still there');
    const [served] = connections;
    assert.ok(served !== undefined);
    assert.equal(String((await once(served, 'data'))[0]), 'still there');
    client.destroy();
    served.destroy();
  });

  test('leaves the mode of other files alone', async (t) => {
    const { directory, open } = createRig(t);
    const modeOf = (name: string): number => {
      writeFileSync(join(directory, name), '', { mode: 0o666 });
      return statSync(join(directory, name)).mode;
    };
    const before = modeOf('before');
    await open();
    assert.equal(modeOf('after'), before);
    await assert.rejects(open(join(directory, 'before')), { code: 'LISTENER_PATH' });
    assert.equal(modeOf('last'), before);
  });

  test('gets its owner and group', async (t) => {
    const { path, open } = createRig(t);
    // Only root can give something away.
    const uid = isRoot() ? nobody : statSync(createTempDirectory(t)).uid;
    const gid = isRoot() ? nobody : statSync(createTempDirectory(t)).gid;
    await open(path, { mode: 0o666, uid, gid });
    const { mode, ...found } = statSync(path);
    assert.deepEqual([mode & 0o777, found.uid, found.gid], [0o666, uid, gid]);
  });

  test('a link that has taken its place is not followed to give anything away', async (t) => {
    const { directory, path } = createRig(t);
    writeFileSync(join(directory, 'precious'), '', { mode: 0o600 });
    symlinkSync(join(directory, 'precious'), path);
    const uid = isRoot() ? nobody : statSync(directory).uid;
    const precious = (): readonly number[] => {
      const found = statSync(join(directory, 'precious'));
      return [found.uid, found.gid];
    };
    const before = precious();
    // Links have a mode of their own, and nobody can give them another.
    await applySocketFile(path, { mode: 0o777, uid, gid: undefined });
    assert.deepEqual(precious(), before);
    assert.equal(lstatSync(path).uid, uid);
  });

  test('gets its group alone', async (t) => {
    const { path, open } = createRig(t);
    const { uid, gid } = statSync(createTempDirectory(t));
    await open(path, { gid });
    assert.deepEqual([statSync(path).uid, statSync(path).gid], [uid, gid]);
  });

  test('gets the directories that it needs', async (t) => {
    const { directory, open } = createRig(t);
    const path = join(directory, 'run', 'greymilter', 'milter.sock');
    await open(path);
    (await connectTo(path)).destroy();
    const usual = join(directory, 'usual');
    mkdirSync(usual, { mode: 0o755 });
    assert.equal(statSync(join(directory, 'run')).mode, statSync(usual).mode);
  });

  test('that is stale is replaced', async (t) => {
    const { path, open } = createRig(t);
    await leaveStaleSocket(t, path);
    await open();
    (await connectTo(path)).destroy();
  });

  test('that is alive is left alone', async (t) => {
    const { path, open } = createRig(t);
    await listen(t, path);
    await assert.rejects(open(), {
      name: 'ListenerError',
      code: 'LISTENER_IN_USE',
      message: `another process listens on ${path}: stop it, or choose another path`,
    });
    (await connectTo(path)).destroy();
  });

  test('does not take the place of a file', async (t) => {
    const { path, open } = createRig(t);
    writeFileSync(path, 'precious');
    await assert.rejects(open(), { code: 'LISTENER_PATH' });
    assert.equal(readFileSync(path, 'utf8'), 'precious');
  });

  test('does not take the place of a directory or a link', async (t) => {
    const { directory, path, open } = createRig(t);
    mkdirSync(path);
    await assert.rejects(open(), { code: 'LISTENER_PATH' });
    const link = join(directory, 'link');
    symlinkSync(join(directory, 'nowhere'), link);
    await assert.rejects(open(link), { code: 'LISTENER_PATH' });
    assert.ok(lstatSync(link).isSymbolicLink());
  });

  test('below a file cannot be had', async (t) => {
    const { directory, open } = createRig(t);
    writeFileSync(join(directory, 'file'), '');
    await assert.rejects(open(join(directory, 'file', 'milter.sock')), {
      code: 'LISTENER_FAILED',
      message: /^cannot listen on unix:.*ENOTDIR/,
    });
  });

  test('in a directory that we may not write to cannot be had', async (t) => {
    await withoutRights(t, import.meta.url, async () => {
      const { directory, open } = createRig(t);
      const closed = join(directory, 'closed');
      mkdirSync(closed, { mode: 0o555 });
      await assert.rejects(open(join(closed, 'milter.sock')), {
        code: 'LISTENER_PERMISSION',
        message: /^no permission to listen on unix:.*: start as root with --user/,
      });
    });
  });

  test('at which we may not ask whether it is alive is left alone', async (t) => {
    await withoutRights(t, import.meta.url, async () => {
      const { path, open } = createRig(t);
      await listen(t, path);
      chmodSync(path, 0);
      await assert.rejects(open(), { code: 'LISTENER_PERMISSION' });
      assert.equal(existsSync(path), true);
    });
  });
});

describe('the owner and the mode of a socket that is open', () => {
  test('are left alone if they are as they should be, since we may not be allowed to', async (t) => {
    await withoutRights(t, import.meta.url, async () => {
      const { path, open } = createRig(t);
      await open();
      const { uid, gid } = statSync(path);
      await applySocketFile(path, { mode: 0o660, uid, gid });
      await applySocketFile(path, ours);
    });
  });

  test('are changed if they are not', async (t) => {
    const { path, open } = createRig(t);
    await open();
    await applySocketFile(path, { ...ours, mode: 0o600 });
    assert.equal(statSync(path).mode & 0o777, 0o600);
  });

  test('that we may not change are an error', async (t) => {
    await withoutRights(t, import.meta.url, async () => {
      const { path, open } = createRig(t);
      await open();
      await assert.rejects(applySocketFile(path, { ...ours, uid: 12_345 }), {
        code: 'LISTENER_PERMISSION',
        message: /^no permission to change the owner, group or mode of /,
      });
    });
  });

  test('in a directory that we may not enter are not taken away', async (t) => {
    await withoutRights(t, import.meta.url, async () => {
      const { directory } = createRig(t);
      const closed = join(directory, 'closed');
      mkdirSync(closed, { mode: 0 });
      await assert.rejects(applySocketFile(join(closed, 'milter.sock'), ours), {
        code: 'LISTENER_PERMISSION',
      });
      // Or it could not be removed.
      chmodSync(closed, 0o700);
    });
  });

  test('of one that somebody has taken away are an error', async (t) => {
    const { path } = createRig(t);
    await assert.rejects(applySocketFile(path, ours), { code: 'LISTENER_PATH' });
  });
});

describe('a port', () => {
  const options = { socketFile: ours, onConnection: (socket: Socket) => socket.destroy() };

  test('0 is any that is free, and the address says which', async (t) => {
    const listener = await openListener(
      { kind: 'inet', host: '127.0.0.1', port: 0, family: 4 },
      options,
    );
    t.after(() => listener.close());
    const port = Number(/^inet:(\d+)@127\.0\.0\.1$/.exec(listener.address)?.[1]);
    assert.ok(port > 0);
    assert.equal(listener.configured, 'inet:0@127.0.0.1');
    const client = connect({ port, host: '127.0.0.1' });
    await once(client, 'close');
  });

  test('that another process has cannot be had', async (t) => {
    const address = (await listen(t, 0)).address();
    assert.ok(typeof address === 'object' && address !== null);
    const { port } = address;
    await assert.rejects(
      openListener({ kind: 'inet', host: '127.0.0.1', port, family: 4 }, options),
      {
        code: 'LISTENER_IN_USE',
        message: `another process listens on inet:${port}@127.0.0.1: stop it, or choose another port`,
      },
    );
  });

  test('of an address that is not ours cannot be had', async () => {
    const elsewhere = { kind: 'inet', host: '192.0.2.1', port: 0, family: 4 } as const;
    await assert.rejects(openListener(elsewhere, options), {
      code: 'LISTENER_FAILED',
      message: /^cannot listen on inet:0@192\.0\.2\.1: .*EADDRNOTAVAIL/,
    });
  });
});
