import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import {
  createServiceNotifier,
  watchdogInterval,
  type ServiceNotifier,
  type ServiceNotifierOptions,
} from '../../../../src/daemon/process/service-notifier.js';
import { receiveDatagrams, type DatagramReceiver } from '../../../support/datagram-receiver.js';
import { findNotifyProgram } from '../../../support/notify-program.js';
import { RecordingLogger } from '../../../support/recording-logger.js';
import { createTempDirectory } from '../../../support/temp-directory.js';

interface Rig {
  readonly manager: DatagramReceiver;
  readonly logger: RecordingLogger;
  readonly create: (options?: Partial<ServiceNotifierOptions>) => ServiceNotifier;
}

async function createRig(t: TestContext, environment: Record<string, string> = {}): Promise<Rig> {
  const directory = createTempDirectory(t);
  const socket = join(directory, 'notify');
  const manager = await receiveDatagrams(t, socket);
  const logger = new RecordingLogger();
  const before = process.env['NOTIFY_SOCKET'];
  t.after(() => {
    if (before === undefined) delete process.env['NOTIFY_SOCKET'];
    else process.env['NOTIFY_SOCKET'] = before;
  });
  // Its child has it from the process.
  process.env['NOTIFY_SOCKET'] = socket;
  const create: Rig['create'] = (options) =>
    createServiceNotifier({
      environment: { NOTIFY_SOCKET: socket, ...environment },
      pid: 42,
      logger,
      status: () => '3 connections',
      awaitHealth: () => Promise.resolve(),
      program: findNotifyProgram(directory),
      ...options,
    });
  return { manager, logger, create };
}

describe('the service manager', () => {
  test('is told of a life, in its order', async (t) => {
    const { manager, logger, create } = await createRig(t);
    const notifier = create();
    const before = process.hrtime.bigint() / 1000n;
    notifier.ready();
    notifier.reloading();
    notifier.ready();
    notifier.stopping();
    await manager.until(/^STOPPING=1/);
    const told = manager.received.filter((message) => !message.startsWith('BARRIER'));
    const ready = 'READY=1\\nSTATUS=3 connections';
    assert.deepEqual(
      [told[0], told[2], told[3]],
      [ready, ready, ready.replace('READY', 'STOPPING')],
    );
    const [, at = '0'] = /^RELOADING=1\\nMONOTONIC_USEC=(\d+)$/.exec(told[1] ?? '') ?? [];
    assert.ok(BigInt(at) >= before && BigInt(at) <= process.hrtime.bigint() / 1000n, told[1]);
    assert.deepEqual(logger.entries, []);
  });

  test('is told at once when something changes, but not before we are ready or once we stop', async (t) => {
    const { manager, create } = await createRig(t);
    let status = 'too early';
    const notifier = create({ status: () => status });
    notifier.changed();
    status = 'well';
    notifier.ready();
    status = 'ill';
    notifier.changed();
    await manager.until(/^STATUS=ill$/);
    notifier.stopping();
    status = 'too late';
    notifier.changed();
    await manager.until(/^STOPPING=1/);
    const told = manager.received.filter((message) => !message.startsWith('BARRIER'));
    assert.deepEqual(told, ['READY=1\\nSTATUS=well', 'STATUS=ill', 'STOPPING=1\\nSTATUS=ill']);
  });

  test('is not told that we are ready once we stop', async (t) => {
    const { manager, create } = await createRig(t);
    const notifier = create();
    notifier.stopping();
    notifier.reloading();
    notifier.ready();
    create().ready();
    await manager.until(/^READY=1/);
    const told = manager.received.filter((message) => /READY|RELOADING/.test(message));
    assert.equal(told.length, 1);
  });

  test('that nobody has named is told nothing', async (t) => {
    const { manager, create } = await createRig(t);
    const notifier = create({ environment: {}, program: '/nowhere' });
    notifier.ready();
    notifier.reloading();
    notifier.stopping();
    create().ready();
    await manager.until(/^READY=1/);
    // systemd-notify itself may add `BARRIER=1`.
    const states = manager.received.filter((message) =>
      /^(READY|RELOADING|STOPPING)=/.test(message),
    );
    assert.equal(states.length, 1);
  });

  test('is told nothing by a program that fails: that is said once', async (t) => {
    const { logger, create } = await createRig(t);
    const directory = createTempDirectory(t);
    const program = join(directory, 'fail');
    writeFileSync(program, `#!/bin/sh\necho "$1" >>${directory}/calls\nexit 7\n`, { mode: 0o755 });
    const notifier = create({ program });
    notifier.ready();
    notifier.reloading();
    notifier.stopping();
    const calls = (): string =>
      existsSync(`${directory}/calls`) ? readFileSync(`${directory}/calls`, 'utf8') : '';
    while (!calls().endsWith('STOPPING=1\n')) await nextTurn();
    assert.equal(calls(), 'READY=1\nRELOADING=1\nSTOPPING=1\n');
    assertComplaint(logger, /fail ended with 7$/);
  });

  test('is told nothing by a program that is missing: that is said once', async (t) => {
    const { logger, create } = await createRig(t);
    const notifier = create({ program: '/nowhere/systemd-notify' });
    notifier.ready();
    notifier.stopping();
    while (logger.entries.length === 0) await nextTurn();
    await nextTurn();
    assertComplaint(logger, /ENOENT/);
  });
});

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function assertComplaint(logger: RecordingLogger, error: RegExp): void {
  const [entry, ...more] = logger.entries;
  assert.deepEqual(more, []);
  assert.equal(entry?.message, 'the service manager cannot be told how we are');
  assert.match(String(entry.fields['error']), error);
}

describe('the watchdog', () => {
  test('hears of us again and again, while the store answers', async (t) => {
    const { manager, create } = await createRig(t, { WATCHDOG_USEC: '40000', WATCHDOG_PID: '42' });
    let asked = 0;
    let answer = (): void => undefined;
    const awaitHealth = async (): Promise<void> => {
      if (++asked === 3) await new Promise<void>((resolve) => (answer = resolve));
    };
    const keepAlive = setInterval(() => undefined, 1000);
    t.after(() => clearInterval(keepAlive));
    create({ awaitHealth }).ready();
    const fed = (): number => manager.received.filter((each) => /^WATCHDOG=1/.test(each)).length;
    while (fed() < 2) await manager.until(/^WATCHDOG=1/, manager.received.length);
    // It is due every 20 ms, and the third question has no answer yet.
    await new Promise((resolve) => setTimeout(resolve, 150));
    assert.deepEqual([asked, fed()], [3, 2]);
    answer();
    const message = await manager.until(/^WATCHDOG=1/, manager.received.length);
    assert.equal(message, 'WATCHDOG=1\\nSTATUS=3 connections');
  });

  test('is fed twice in its time, if it is for us', () => {
    const interval = (environment: Record<string, string>) =>
      watchdogInterval({ environment, pid: 42 });
    assert.equal(interval({ WATCHDOG_USEC: '60000000', WATCHDOG_PID: '42' }), 30_000);
    assert.equal(interval({ WATCHDOG_USEC: '60000000' }), 30_000);
    assert.equal(interval({ WATCHDOG_USEC: '1' }), 1);
    assert.equal(interval({ WATCHDOG_USEC: '60000000', WATCHDOG_PID: '43' }), undefined);
    for (const wrong of ['', '0', '-1', 'never']) {
      assert.equal(interval({ WATCHDOG_USEC: wrong }), undefined);
    }
    assert.equal(interval({}), undefined);
  });
});
