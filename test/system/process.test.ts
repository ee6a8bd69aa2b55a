import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { findUser } from '../../src/daemon/process/system-account.js';
import {
  runGreymilter,
  startGreymilter,
  type Ending,
  type GreymilterProcess,
} from '../support/daemon-process.js';
import type { MtaPeer } from '../support/mta-peer.js';
import { createTempDirectory, type CleanUp } from '../support/temp-directory.js';
import { openSession, recipient, sendMail, waitFor } from './smtp-session.js';

/** A directory that goes when all else in the test has ended: hooks run in the order they came in. */
function prepare(t: TestContext): { readonly directory: string; readonly cleanUp: CleanUpLater } {
  const cleanUp = new CleanUpLater();
  const directory = createTempDirectory({ after: (remove) => (cleanUp.last = remove) });
  t.after(() => cleanUp.run());
  return { directory, cleanUp };
}

class CleanUpLater {
  readonly #first: (() => Promise<void>)[] = [];
  last: Parameters<CleanUp['after']>[0] = () => undefined;

  after(stop: () => Promise<void>): void {
    this.#first.push(stop);
  }

  async run(): Promise<void> {
    for (const stop of this.#first) await stop();
    this.last();
  }
}

/** The configuration of a daemon whose all is in one directory. */
function configIn(directory: string, greylist = '{}'): string {
  return `
listen: {milter: 'unix:${join(directory, 'milter.sock')}'}
store: {url: 'level:${join(directory, 'db')}'}
greylist: ${greylist}
log: {to: 'file:${join(directory, 'log')}'}
limits: {drain: 80s}
`;
}

interface Rig {
  readonly directory: string;
  readonly greymilter: GreymilterProcess;
  readonly configFile: string;
  readonly connect: () => Promise<MtaPeer>;
}

async function startWithFile(t: TestContext, args: readonly string[] = []): Promise<Rig> {
  const { directory, cleanUp } = prepare(t);
  const configFile = join(directory, 'greymilter.yaml');
  writeFileSync(configFile, configIn(directory));
  const logFile = join(directory, 'log');
  const greymilter = startGreymilter(cleanUp, ['--config', configFile, ...args], { logFile });
  const [address = ''] = await greymilter.ready();
  return { directory, greymilter, configFile, connect: () => greymilter.connect(address) };
}

test('a process that is killed has lost nothing that it answered', async (t) => {
  const { directory, cleanUp } = prepare(t);
  const start = (): GreymilterProcess =>
    startGreymilter(cleanUp, [
      ...['--listen', `unix:${join(directory, 'milter.sock')}`, '--store', join(directory, 'db')],
      ...['--set', 'greylist.delay=1s'],
    ]);
  const first = start();
  const [address = ''] = await first.ready();
  const before = await first.connect(address);
  await openSession(before);
  assert.deepEqual((await sendMail(before)).rcpt, [waitFor(1)]);
  first.kill('SIGKILL');
  assert.equal((await first.ending).signal, 'SIGKILL');
  before.drop();

  const second = start();
  await second.ready();
  const after = await second.connect(address);
  await openSession(after);
  // The machine's clock rules here; coming early does no harm.
  let told = await sendMail(after);
  while (told.rcpt[0] !== 'continue') told = await sendMail(after);
  await after.quit();
  second.kill('SIGTERM');
  const { code, stderr } = await second.ending;
  assert.equal(code, 0);
  assert.match(stderr, /verdict=accept reason=greylist-passed /);
  assert.doesNotMatch(stderr, /greylist-new/);
});

describe('SIGHUP', () => {
  test('takes over a changed file for new sessions', async (t) => {
    const { greymilter, configFile, directory, connect } = await startWithFile(t);
    const old = await connect();
    await openSession(old);
    writeFileSync(configFile, configIn(directory, '{delay: 10m}'));
    greymilter.kill('SIGHUP');
    await greymilter.logged(/ configuration reloaded /);
    const fresh = await connect();
    await openSession(fresh);
    assert.deepEqual((await sendMail(fresh)).rcpt, [waitFor(600)]);
    assert.deepEqual((await sendMail(old, { to: ['c@example.org'] })).rcpt, [waitFor(180)]);
    fresh.drop();
    old.drop();
  });

  test('changes nothing if the file is wrong, and says where', async (t) => {
    const { greymilter, configFile, directory, connect } = await startWithFile(t);
    writeFileSync(configFile, configIn(directory, '{dealy: 10m}'));
    greymilter.kill('SIGHUP');
    const line = await greymilter.logged(/ error reload failed/);
    assert.match(line, /code=CONFIG_INVALID/);
    assert.ok(line.includes(`${configFile}:4:12: greylist.dealy: unknown key`), line);
    const peer = await connect();
    await openSession(peer);
    assert.deepEqual((await sendMail(peer)).rcpt, [waitFor(180)]);
    peer.drop();
  });

  for (const [what, content] of [
    ['a good file', '{delay: 10m}'],
    ['a wrong file', '{dealy: 10m}'],
  ] as const) {
    test(`opens the log again after logrotate, with ${what}`, async (t) => {
      const { greymilter, configFile, directory } = await startWithFile(t);
      renameSync(join(directory, 'log'), join(directory, 'log.1'));
      writeFileSync(join(directory, 'log'), '');
      writeFileSync(configFile, configIn(directory, content));
      greymilter.kill('SIGHUP');
      await greymilter.logged(/reload/);
      assert.match(readFileSync(join(directory, 'log.1'), 'utf8'), / ready /);
    });
  }

  test('while it stops is refused, and it ends all the same', async (t) => {
    const { greymilter, directory, connect } = await startWithFile(t);
    const peer = await connect();
    await openSession(peer);
    greymilter.kill('SIGTERM');
    await greymilter.logged(/ stopping /);
    greymilter.kill('SIGHUP');
    await greymilter.logged(/code=RELOAD_STOPPING/);
    assert.equal(existsSync(join(directory, 'milter.sock')), false);
    await peer.quit();
    assert.equal((await greymilter.ending).code, 0);
  });
});

describe('SIGTERM and SIGINT', () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    test(`${signal}: sessions may end, then the process does, with its log complete`, async (t) => {
      const { greymilter, connect } = await startWithFile(t);
      const peer = await connect();
      await openSession(peer);
      greymilter.kill(signal);
      await greymilter.logged(/ stopping connections=1/);
      assert.deepEqual((await sendMail(peer)).rcpt, [waitFor(180)]);
      await peer.quit();
      const { code, stderr } = await greymilter.ending;
      assert.deepEqual([code, stderr], [0, '']);
      assert.match(greymilter.log, new RegExp(` asked to stop signal=${signal}\n`));
      assert.match(greymilter.log, new RegExp(`reason=greylist-new .*to=<${recipient}>`));
      assert.match(greymilter.log, / stopped\n$/);
    });
  }

  test('a second one ends the process at once, whoever is connected', async (t) => {
    const { greymilter, connect } = await startWithFile(t);
    const peer = await connect();
    await openSession(peer);
    greymilter.kill('SIGTERM');
    await greymilter.logged(/ stopping /);
    greymilter.kill('SIGINT');
    assert.equal((await greymilter.ending).code, 0);
    assert.doesNotMatch(greymilter.log, / stopped\n/);
    await peer.closed();
  });
});

describe('a start that cannot be had', () => {
  test('a store or a socket that another process has: nothing is left behind', async (t) => {
    const { directory } = await startWithFile(t);
    const place = (name: string): string => join(directory, name);
    const serve = (socket: string, store: string): Promise<Ending> =>
      runGreymilter([
        ...['serve', '--listen', `unix:${place(socket)}`, '--store', place(store)],
        ...['--set', 'listen.admin=null'],
      ]);
    const store = await serve('other.sock', 'db');
    assert.equal(store.code, 69);
    assert.match(store.stderr, /greymilter: The store \S+ is in use by another process/);
    assert.equal(existsSync(place('other.sock')), false);
    const socket = await serve('milter.sock', 'other');
    assert.equal(socket.code, 73);
    assert.match(socket.stderr, /greymilter: another process listens on /);
    assert.equal(existsSync(place('other')), false);
  });

  test('a log that cannot be opened', async (t) => {
    const { directory } = prepare(t);
    const { code, stderr } = await runGreymilter([
      ...['serve', '--listen', `unix:${join(directory, 'm.sock')}`, '--store', directory],
      ...['--set', `log.to=file:${directory}/none/log`],
    ]);
    assert.equal(code, 73);
    assert.match(stderr, /greymilter: cannot open the log file /);
  });

  test('a user that does not exist', async () => {
    const { code, stderr } = await runGreymilter(['serve', '--user', 'nobody-of-that-name']);
    assert.deepEqual(
      [code, stderr],
      [
        65,
        'greymilter: there is no user "nobody-of-that-name" on this system: create it, or name another one\n',
      ],
    );
  });
});

test('--user: process, socket and files are its own, also after a reload', async (t) => {
  // Only root can become somebody else; anybody can become who they are.
  const user = findUser(process.getuid?.() === 0 ? 'nobody' : String(process.getuid?.()));
  const { directory, cleanUp } = prepare(t);
  chmodSync(directory, 0o755);
  const place = (name: string): string => join(directory, name);
  const socketIn = (folder: string): string => `unix:${place(folder)}/milter.sock`;
  const configFile = place('greymilter.yaml');
  const write = (...listeners: readonly string[]): void =>
    writeFileSync(
      configFile,
      `listen: {milter: ${JSON.stringify(listeners)}}\n` +
        `store: {url: 'level:${place('lib/db')}'}\nlog: {to: 'file:${place('log')}'}\n`,
      { mode: 0o644 },
    );
  write(socketIn('run'), 'inet:0@127.0.0.1');
  const args = ['--config', configFile, '--user', user.name];
  const greymilter = startGreymilter(cleanUp, args, { logFile: place('log') });
  const [address = ''] = await greymilter.ready();
  const peer = await greymilter.connect(address);
  await openSession(peer);
  assert.deepEqual((await sendMail(peer)).rcpt, [waitFor(180)]);
  await peer.quit();

  write(socketIn('run'), socketIn('run/more'));
  greymilter.kill('SIGHUP');
  await greymilter.logged(/ configuration reloaded /);
  const [, pid] = /pid=(\d+)/.exec(await greymilter.logged(/ greymilter is starting /)) ?? [];
  const status = readFileSync(`/proc/${pid ?? ''}/status`, 'utf8');
  assert.match(status, new RegExp(`^Uid:(\\t${user.uid}){4}$`, 'm'));
  assert.match(status, new RegExp(`^Gid:(\\t${user.gid}){4}$`, 'm'));
  const names = ['run', 'run/milter.sock', 'run/more', 'run/more/milter.sock', 'lib/db', 'log'];
  for (const name of names) assert.equal(statSync(place(name)).uid, user.uid, name);
  assert.equal(statSync(place('lib/db')).mode & 0o777, 0o700);
  greymilter.kill('SIGTERM');
  assert.equal((await greymilter.ending).code, 0);
  assert.equal(existsSync(place('run/milter.sock')), false);
});

test(
  'a list that the user may not read any more: the old one goes on, and the log says why',
  { skip: process.getuid?.() === 0 ? false : 'root may make a file that another user cannot read' },
  async (t) => {
    const { directory, cleanUp } = prepare(t);
    chmodSync(directory, 0o755);
    const configFile = join(directory, 'greymilter.yaml');
    const list = join(directory, 'friends.txt');
    writeFileSync(list, '@friends.example\n', { mode: 0o644 });
    writeFileSync(
      configFile,
      `listen: {milter: 'inet:0@127.0.0.1'}
store: {url: 'level:${join(directory, 'lib/db')}'}
log: {to: 'file:${join(directory, 'log')}'}
lists: {friends: {senders: [{file: friends.txt}]}}
rules: [{when: {sender: 'list:friends'}, then: accept}]
`,
      { mode: 0o644 },
    );
    const args = ['--config', configFile, '--user', 'nobody'];
    const greymilter = startGreymilter(cleanUp, args, { logFile: join(directory, 'log') });
    const [address = ''] = await greymilter.ready();
    const ask = async (): Promise<readonly string[]> => {
      const peer = await greymilter.connect(address);
      await openSession(peer);
      const { rcpt } = await sendMail(peer, { from: 'joe@friends.example' });
      await peer.quit();
      return rcpt;
    };
    assert.deepEqual(await ask(), ['continue']);
    chmodSync(list, 0o600);
    greymilter.kill('SIGHUP');
    const line = await greymilter.logged(/ reload failed, everything stays as it was /);
    assert.match(line, /friends\.txt: this user may not read it: look at its owner and mode/);
    assert.deepEqual(await ask(), ['continue']);
  },
);
