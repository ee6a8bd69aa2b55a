import assert from 'node:assert/strict';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { loadConfig } from '../../../src/config/load.js';
import { systemClock } from '../../../src/daemon/process/clock.js';
import { startDaemon } from '../../../src/daemon/start-daemon.js';
import { openFaultyStore, type FaultyStore } from '../../support/faulty-store.js';
import { startTestDaemon } from '../../support/daemon-harness.js';
import { RecordingLogger } from '../../support/recording-logger.js';
import { createTempDirectory } from '../../support/temp-directory.js';

describe('a daemon', () => {
  test('serves, from its start to its stop', async (t) => {
    const daemon = await startTestDaemon(t);
    assert.deepEqual(daemon.addresses, [`unix:${join(daemon.directory, 'milter.sock')}`]);
    const peer = await daemon.connect();
    await peer.negotiate();
    await peer.connectEvent('[192.0.2.1]', '192.0.2.1');
    await peer.helo('client');
    await peer.mail('<alice@client.example>');
    assert.equal((await peer.rcpt('<bob@example.org>'))?.kind, 'replycode');
    assert.equal(daemon.daemon.connections, 1);
    await peer.quit();
    await daemon.stop();
    assert.deepEqual(daemon.takeDecisions(), ['tempfail greylist-new <bob@example.org>']);
    assert.deepEqual(
      daemon.logger.entries.map(({ message }) => message),
      ['stopping', 'stopped'],
    );
  });

  test('takes a new configuration over', async (t) => {
    const daemon = await startTestDaemon(t);
    const listen = [`unix:${join(daemon.directory, 'other.sock')}`];
    await daemon.reload({ overrides: ['greylist.delay=10m'], listen });
    assert.deepEqual(daemon.addresses, listen);
    assert.equal(daemon.daemon.config.greylist.delay, 600_000);
  });

  test('keeps the old one if the new one cannot be had', async (t) => {
    const daemon = await startTestDaemon(t);
    const before = daemon.daemon.config;
    writeFileSync(join(daemon.directory, 'file'), '');
    const listen = [`unix:${join(daemon.directory, 'file')}`];
    await assert.rejects(daemon.reload({ listen }), { code: 'LISTENER_PATH' });
    daemon.logger.refuse = new Error('the log cannot be opened');
    await assert.rejects(daemon.reload({}), /the log cannot be opened/);
    await assert.rejects(daemon.reload({ overrides: ['store.durability=power'] }), {
      code: 'RELOAD_NEEDS_RESTART',
      message: 'store.durability cannot change while the daemon runs: restart it, or set it back',
    });
    await assert.rejects(daemon.reload({ overrides: ['pid-file=/run/greymilter.pid'] }), {
      code: 'RELOAD_NEEDS_RESTART',
      message: 'pid-file cannot change while the daemon runs: restart it, or set it back',
    });
    await assert.rejects(daemon.reload({ overrides: ['store.redis.timeout=2s'] }), {
      message: 'store.redis cannot change while the daemon runs: restart it, or set it back',
    });
    assert.equal(daemon.daemon.config, before);
  });

  test('waits for its store to answer, be it with an error', async (t) => {
    const daemon = await startTestDaemon(t);
    await daemon.daemon.awaitStore();
    const stopped = daemon.daemon;
    await daemon.stop();
    await stopped.awaitStore();
    // It is closed, which is no outage.
    daemon.logger.assertQuiet();
  });

  test('tells an outage of its store though no mail comes, and its end', async (t) => {
    const stores: FaultyStore[] = [];
    const openStore = openFaultyStore((store) => stores.push(store));
    const daemon = await startTestDaemon(t, { openStore });
    const [store] = stores;
    assert.ok(store);
    store.reads = 'fail';
    await daemon.daemon.awaitStore();
    assert.equal(daemon.logger.take('store cannot be read').level, 'error');
    assert.match(daemon.daemon.statusLine, /^THE STORE CANNOT BE READ; 0 connections, unix:/);
    store.heal();
    daemon.clock.advance(60_000);
    await daemon.daemon.awaitStore();
    assert.equal(daemon.logger.entries.at(-1)?.message, 'the store can be read again');
    assert.match(daemon.daemon.statusLine, /^0 connections, unix:/);
  });

  test('logs that a trial begins and ends, and tells it in its status', async (t) => {
    const daemon = await startTestDaemon(t);
    await daemon.reload({ overrides: ['greylist.mode=shadow'] });
    assert.match(daemon.daemon.statusLine, /^mode shadow: nobody is put off; 0 connections/);
    await daemon.reload({});
    await daemon.reload({});
    const changes = daemon.logger.entries.filter(({ message }) => message.includes('mode'));
    assert.deepEqual(
      changes.map(({ fields }) => fields),
      [
        { from: 'enforce', to: 'shadow' },
        { from: 'shadow', to: 'enforce' },
      ],
    );
  });

  test('cannot move its store', async (t) => {
    const daemon = await startTestDaemon(t);
    const { config } = await loadConfig({ store: 'level:/elsewhere' });
    await assert.rejects(daemon.daemon.reload(config), { code: 'RELOAD_NEEDS_RESTART' });
  });

  test('that has stopped takes no configuration over', async (t) => {
    const daemon = await startTestDaemon(t);
    const stopped = daemon.daemon;
    await daemon.stop();
    await assert.rejects(stopped.reload(stopped.config), { code: 'RELOAD_STOPPING' });
    assert.deepEqual(stopped.addresses, []);
  });
});

describe('a start', () => {
  test('as the user who we are makes the directory of the store', async (t) => {
    const uid = process.getuid?.() ?? 0;
    const gid = process.getgid?.() ?? 0;
    const user = { name: 'self', uid, gid, groups: [gid] };
    const daemon = await startTestDaemon(t, { user, listen: ['inet:0@127.0.0.1'] });
    const { mode, ...found } = statSync(join(daemon.directory, 'db'));
    assert.deepEqual([mode & 0o777, found.uid, found.gid], [0o700, uid, gid]);
    assert.match(daemon.addresses.join(), /^inet:[1-9]\d*@127\.0\.0\.1$/);
  });

  test('that finds no store leaves no listener behind', async (t) => {
    const directory = createTempDirectory(t);
    writeFileSync(join(directory, 'db'), 'no directory');
    const path = join(directory, 'milter.sock');
    const { config } = await loadConfig({
      listen: [`unix:${path}`],
      store: `level:${join(directory, 'db')}`,
    });
    const logger = new RecordingLogger();
    await assert.rejects(startDaemon({ config, clock: systemClock, logger }), {
      code: 'STORE_NOT_OURS',
    });
    assert.equal(existsSync(path), false);
  });
});
