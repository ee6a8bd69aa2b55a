import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { runGreymilter, startGreymilter } from '../support/daemon-process.js';
import { receiveDatagrams, type DatagramReceiver } from '../support/datagram-receiver.js';
import { findNotifyProgram } from '../support/notify-program.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { isRoot } from '../support/without-rights.js';
import { openSession } from './smtp-session.js';

/** Sets variables of the environment for the processes of a test. */
function setEnvironment(t: TestContext, values: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(values)) {
    const before = process.env[name];
    process.env[name] = value;
    t.after(() => {
      if (before === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = before;
    });
  }
}

function directoryOf(t: TestContext): string {
  return createTempDirectory({ after: (remove) => t.after(remove) });
}

async function startManager(t: TestContext, directory: string): Promise<DatagramReceiver> {
  const socket = join(directory, 'notify');
  const manager = await receiveDatagrams(t, socket);
  const { PATH: path = '' } = process.env;
  findNotifyProgram(directory);
  setEnvironment(t, { NOTIFY_SOCKET: socket, PATH: path + delimiter + directory });
  return manager;
}

/** What the manager was told, without the time that a reload begins at. */
function toldTo(manager: DatagramReceiver): readonly string[] {
  return manager.received
    .map((message) => message.replace(/\\n.*/, '').replace(/^STATUS=.*/, 'STATUS'))
    .filter((message) => !/^(?:BARRIER|WATCHDOG)=/.test(message));
}

describe('the service manager', () => {
  test('hears of the start, of reloads, and of the end', async (t) => {
    const directory = directoryOf(t);
    const manager = await startManager(t, directory);
    const configFile = join(directory, 'greymilter.yaml');
    const write = (delay: string): void =>
      writeFileSync(
        configFile,
        `listen: {milter: 'inet:0@127.0.0.1'}\nstore: {url: 'level:${directory}/db'}\n` +
          `greylist: {delay: ${delay}}\n`,
      );
    write('5m');
    const greymilter = startGreymilter(t, ['--config', configFile]);
    const [address = ''] = await greymilter.ready();
    const ready = await manager.until(/^READY=1/);
    assert.equal(ready, `READY=1\\nSTATUS=0 connections, ${address}`);
    const peer = await greymilter.connect(address);
    await openSession(peer);
    for (const delay of ['10m', '10']) {
      const from = manager.received.length;
      write(delay);
      greymilter.kill('SIGHUP');
      await manager.until(/^RELOADING=1\\nMONOTONIC_USEC=\d+$/, from);
      await manager.until(/^READY=1\\nSTATUS=1 connection, /, from);
    }
    const from = manager.received.length;
    write('10m, mode: shadow');
    greymilter.kill('SIGHUP');
    // What became of a reload is known when it has ended.
    await manager.until(
      /^STATUS=THE LAST RELOAD FAILED, .*; mode shadow: nobody is put off; 1 /,
      from,
    );
    await greymilter.logged(/ the mode has changed from=enforce to=shadow$/);
    await manager.until(/^STATUS=mode shadow: nobody is put off; 1 connection, /, from);
    const last = manager.received.length;
    write('10m');
    greymilter.kill('SIGHUP');
    await manager.until(/^STATUS=1 connection, /, last);
    await manager.until(/^READY=1\\nSTATUS=1 connection, /, last);
    greymilter.kill('SIGTERM');
    await manager.until(/^STOPPING=1\\nSTATUS=1 connection, /);
    await peer.quit();
    assert.equal((await greymilter.ending).code, 0);
    const reload = ['RELOADING=1', 'READY=1'];
    const changed = ['RELOADING=1', 'STATUS', 'READY=1'];
    assert.deepEqual(toldTo(manager), [
      ...[
        'READY=1',
        ...reload,
        ...reload,
        'STATUS',
        ...changed,
        'STATUS',
        ...changed,
        'STOPPING=1',
      ],
    ]);
  });

  test('hears nothing of a start that fails', async (t) => {
    const directory = directoryOf(t);
    const manager = await startManager(t, directory);
    writeFileSync(join(directory, 'db'), 'no directory');
    const args = ['serve', '--listen', 'inet:0@127.0.0.1', '--store', join(directory, 'db')];
    assert.equal((await runGreymilter(args)).code, 69);
    assert.deepEqual(toldTo(manager), []);
  });

  /** What Debian 13's Node.js does, on every other one as well. */
  const refusal = `process.setuid = () => { throw new Error('io_uring may be enabled'); };`;
  const refusing = ['--import', `data:text/javascript,${encodeURIComponent(refusal)}`];
  for (const [how, nodeOptions] of [
    ['by itself', []],
    ['by another process', refusing],
  ] as const)
    test(
      `has its watchdog fed by the user that the filter becomes ${how}`,
      { skip: isRoot() ? false : 'only root can become another user' },
      async (t) => {
        const directory = directoryOf(t);
        chmodSync(directory, 0o755);
        const manager = await startManager(t, directory);
        setEnvironment(t, { WATCHDOG_USEC: '200000' });
        const args = ['--listen', 'inet:0@127.0.0.1', '--store', join(directory, 'lib/db')];
        const greymilter = startGreymilter(t, [...args, '--user', 'nobody'], { nodeOptions });
        await greymilter.ready();
        await manager.until(/^WATCHDOG=1\\nSTATUS=0 connections, /);
        await manager.until(/^WATCHDOG=1/, manager.received.length);
      },
    );
});

describe('the pid file', () => {
  const serve = (directory: string, ...more: readonly string[]): readonly string[] => [
    ...['--listen', 'inet:0@127.0.0.1', '--store', join(directory, 'db'), ...more],
    ...['--pid-file', join(directory, 'pid')],
  ];

  test('is there while the filter runs, and keeps a second one away', async (t) => {
    const directory = directoryOf(t);
    const greymilter = startGreymilter(t, serve(directory));
    await greymilter.ready();
    assert.equal(readFileSync(join(directory, 'pid'), 'utf8'), `${greymilter.pid}\n`);
    // Its own admin socket, so that the pid file is what it meets first.
    const more = ['--set', 'limits.drain=1s', '--set', 'listen.admin=null'];
    const second = await runGreymilter(['serve', ...serve(directory, ...more)]);
    assert.equal(second.code, 73);
    assert.match(second.stderr, /^greymilter: greymilter runs already: \S+ has the number of /m);
    assert.equal(readFileSync(join(directory, 'pid'), 'utf8'), `${greymilter.pid}\n`);
    greymilter.kill('SIGTERM');
    assert.equal((await greymilter.ending).code, 0);
    assert.equal(existsSync(join(directory, 'pid')), false);
  });

  test('is not there after a start that failed, nor left in the way by a crash', async (t) => {
    const directory = directoryOf(t);
    const crashed = startGreymilter(t, serve(directory));
    await crashed.ready();
    crashed.kill('SIGKILL');
    await crashed.ending;
    assert.equal(readFileSync(join(directory, 'pid'), 'utf8'), `${crashed.pid}\n`);
    writeFileSync(join(directory, 'file'), 'no directory');
    const failed = await runGreymilter([
      ...['serve', '--listen', 'inet:0@127.0.0.1', '--store', join(directory, 'file')],
      ...['--pid-file', join(directory, 'pid')],
    ]);
    assert.equal(failed.code, 69);
    assert.equal(existsSync(join(directory, 'pid')), false);
  });
});
