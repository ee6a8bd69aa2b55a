import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { MtaPeer } from '../support/mta-peer.js';
import { SocketHolder } from '../support/socket-holder.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { isRoot } from '../support/without-rights.js';
import { openSession, sendMail, waitFor } from './smtp-session.js';

interface Rig {
  readonly directory: string;
  readonly path: string;
  readonly holder: SocketHolder;
  /** Writes the configuration, with these listeners. */
  readonly configure: (...listeners: readonly string[]) => void;
}

interface RigOptions {
  readonly args?: readonly string[];
  readonly nodeOptions?: readonly string[];
  /** `limits.drain`. */
  readonly drain?: string;
}

function createRig(
  t: TestContext,
  sockets: readonly string[] = ['milter'],
  { args = [], nodeOptions = [], drain = '2s' }: RigOptions = {},
): Rig {
  let removeDirectory = (): void => undefined;
  const directory = createTempDirectory({ after: (remove) => (removeDirectory = remove) });
  const path = join(directory, 'milter.sock');
  const configFile = join(directory, 'greymilter.yaml');
  const named = sockets.map((name) =>
    name === 'milter' ? `milter=unix:${path}` : `${name}=${name}:0`,
  );
  const holder = new SocketHolder(named, ['--config', configFile, ...args], nodeOptions);
  t.after(async () => {
    await holder.dispose();
    removeDirectory();
  });
  const configure: Rig['configure'] = (...listeners) =>
    writeFileSync(
      configFile,
      `listen: {milter: ${JSON.stringify(listeners)}, socket: {mode: '0600'}}\n` +
        `store: {url: 'level:${directory}/lib/db'}\nlimits: {drain: ${drain}}\n`,
      { mode: 0o644 },
    );
  configure(`unix:${path}`);
  return { directory, path, holder, configure };
}

async function askOnce(peer: MtaPeer): Promise<void> {
  await openSession(peer);
  assert.deepEqual((await sendMail(peer)).rcpt, [waitFor(180)]);
  await peer.quit();
}

for (const kind of ['milter', 'inet'] as const)
  test(`a restart loses no connection to ${kind === 'inet' ? 'a port' : 'a Unix socket'}`, async (t) => {
    // Whoever is connected when it stops is in the middle of a mail.
    const { path, holder, configure } = createRig(t, [kind], { drain: '80s' });
    const [port] = await holder.open();
    if (port !== undefined) configure(`inet:${port}@127.0.0.1`);
    const connect = (): Promise<MtaPeer> =>
      MtaPeer.connect(port === undefined ? { path } : { port });
    await holder.start();
    await holder.logged(/ ready listening=/);
    const early = await connect();
    await openSession(early);
    const restarted = new AbortController();
    let asked = 0;
    const recipients = new Set<string>();
    // An MTA that has mail all the time.
    const traffic = (async (): Promise<void> => {
      for (; !restarted.signal.aborted || asked < 20; asked++) {
        const peer = await connect();
        await openSession(peer);
        const to = `user${asked}@example.org`;
        assert.deepEqual((await sendMail(peer, { to: [to] })).rcpt, [waitFor(180)]);
        recipients.add(to);
        await peer.quit();
      }
    })();
    await holder.logged(/to=<user3@example\.org>/);
    holder.kill('SIGTERM');
    await holder.logged(/ stopping /);
    await early.quit();
    assert.equal(await holder.ended(), 0);
    assert.equal(existsSync(path), port === undefined, 'the socket is not ours to remove');
    const waiting = await Promise.all(Array.from({ length: 8 }, connect));
    const from = holder.log.length;
    await holder.start();
    await holder.logged(/ ready /, from);
    restarted.abort();
    for (const peer of waiting) await openSession(peer);
    for (const peer of waiting) await peer.quit();
    await traffic;
    assert.ok(asked >= 20 && recipients.size === asked);
    holder.kill('SIGTERM');
    assert.equal(await holder.ended(), 0);
  });

test('a Unix socket and a port, used in place of opening them', async (t) => {
  const { path, holder, configure } = createRig(t, ['milter', 'inet']);
  const [port = 0] = await holder.open();
  chmodSync(path, 0o666);
  configure(`inet:${port}@127.0.0.1`, `unix:${path}`);
  await holder.start();
  await holder.logged(/ ready listening="unix:\S+ inet:\d+@127\.0\.0\.1" /);
  await askOnce(await MtaPeer.connect({ path }));
  await openSession(await MtaPeer.connect({ port }));
  assert.equal(statSync(path).mode & 0o777, 0o666, 'whoever opened it says who may connect');

  // A reload opens what is new, and gives up nothing that was handed over.
  const from = holder.log.length;
  configure(`inet:${port}@127.0.0.1`, `unix:${path}`, `unix:${path}2`);
  holder.kill('SIGHUP');
  await holder.logged(/ configuration reloaded listening=".*milter\.sock2" /, from);
  assert.equal(statSync(`${path}2`).mode & 0o777, 0o600);
  configure(`unix:${path}`);
  holder.kill('SIGHUP');
  await holder.logged(
    / error reload failed.* code=LISTENER_NOT_CONFIGURED error="systemd has /,
    from,
  );
  await openSession(await MtaPeer.connect({ port }));
  holder.kill('SIGTERM');
  assert.equal(await holder.ended(), 0);
  assert.deepEqual([path, `${path}2`].map(existsSync), [true, false]);
});

describe('a start is refused', () => {
  test('if nobody has configured what was handed over', async (t) => {
    const { path, holder, configure } = createRig(t);
    configure(`unix:${path}2`);
    await holder.start();
    assert.equal(await holder.ended(), 65);
    const problem = `greymilter: systemd has opened unix:${path}, which is in none of listen.milter, `;
    assert.ok(holder.log.includes(problem), holder.log);
    assert.deepEqual([path, `${path}2`].map(existsSync), [true, false]);
  });

  test('if what was handed over is no listening socket', async (t) => {
    const holder = new SocketHolder(['stray=file:/dev/null'], ['--listen', 'inet:0@127.0.0.1']);
    t.after(() => holder.dispose());
    await holder.start();
    assert.equal(await holder.ended(), 73);
    assert.match(
      holder.log,
      /^greymilter: the socket "stray" .*needs ListenStream= and Accept=no$/m,
    );
  });
});

/** What Debian 13's Node.js does, on every other one as well. */
const refusal = `process.setuid = () => { throw new Error('io_uring may be enabled'); };`;
const refusing = ['--import', `data:text/javascript,${encodeURIComponent(refusal)}`];

for (const [how, nodeOptions] of [
  ['by itself', []],
  ['by another process', refusing],
] as const)
  test(
    `--user, which it becomes ${how}: the sockets and the pid file go along`,
    { skip: isRoot() ? false : 'only root can become another user' },
    async (t) => {
      const pidDirectory = createTempDirectory(t);
      const pidFile = join(pidDirectory, 'pid');
      const { directory, path, holder } = createRig(t, ['milter'], {
        args: ['--user', 'nobody', '--pid-file', pidFile],
        nodeOptions,
      });
      chmodSync(directory, 0o755);
      chmodSync(pidDirectory, 0o755);
      writeFileSync(pidFile, '4194304\n');
      await holder.start();
      await holder.logged(/ ready /);
      await askOnce(await MtaPeer.connect({ path }));
      const pid = / is starting .*pid=(\d+)/.exec(holder.log)?.[1] ?? '';
      assert.equal(readFileSync(pidFile, 'utf8'), `${pid}\n`);
      assert.match(readFileSync(`/proc/${pid}/status`, 'utf8'), /^Uid:(\t65534){4}$/m);
      holder.kill('SIGTERM');
      assert.equal(await holder.ended(), 0);
      assert.ok(existsSync(path));
      // Here only root may remove it. Who is nobody by now empties it.
      if (nodeOptions === refusing) assert.equal(existsSync(pidFile), false);
      else assert.equal(readFileSync(pidFile, 'utf8'), '');
    },
  );
