import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { loadConfig } from '../../src/config/load.js';
import { LogError } from '../../src/telemetry/logger.js';
import { startTestDaemon } from '../support/daemon-harness.js';
import { waitUntil } from '../support/wait-until.js';
import { deliver, introduce, notAsked, openSession, sendMail, waitFor } from './smtp-session.js';

describe('a reload', () => {
  test('is for new sessions; those that are open keep their settings', async (t) => {
    const daemon = await startTestDaemon(t);
    const old = await daemon.connect();
    await openSession(old);
    await daemon.reload({ overrides: ['greylist.delay=10m', 'greylist.reply.text=Later'] });
    assert.deepEqual((await sendMail(old)).rcpt, [waitFor(180)]);
    assert.deepEqual((await deliver(daemon)).rcpt, ['451 4.7.1 Later']);
    daemon.clock.advance(180_000);
    assert.deepEqual((await sendMail(old)).rcpt, ['continue']);
    await old.quit();
  });

  test('is for the next SMTP session on a connection that the MTA keeps (QUIT_NC)', async (t) => {
    const daemon = await startTestDaemon(t);
    const peer = await daemon.connect();
    await openSession(peer);
    assert.deepEqual((await sendMail(peer)).rcpt, [waitFor(180)]);
    peer.quitNc();
    const overrides = ['greylist.delay=10m', 'greylist.stage=data', 'greylist.header=never'];
    await daemon.reload({ overrides });
    await introduce(peer);
    const next = await sendMail(peer, { from: 'carol@client.example' });
    assert.deepEqual([next.rcpt, next.data], [['continue'], waitFor(600)]);
    await peer.quit();
  });

  test('asks no rule about a message that it is not shown: a connection keeps what was negotiated', async (t) => {
    const text = 'rules: [{then: accept}]\n';
    const daemon = await startTestDaemon(t, { text });
    const peer = await daemon.connect();
    await openSession(peer);
    peer.quitNc();
    const missing = 'message-rules: [{when: {header: {List-Id: missing}}, then: reject}]\n';
    await daemon.reload({ text: text + missing });
    await introduce(peer);
    assert.equal((await sendMail(peer)).eom, 'continue');
    const other = await daemon.connect();
    await openSession(other);
    assert.match((await sendMail(other)).eom ?? '', /^550/);
  });

  test('a connection that has not negotiated yet gets the new settings', async (t) => {
    const daemon = await startTestDaemon(t);
    const peer = await daemon.connect();
    await daemon.reload({ overrides: ['greylist.delay=10m'] });
    await openSession(peer);
    assert.deepEqual((await sendMail(peer)).rcpt, [waitFor(600)]);
  });

  test('opens the log afresh with its new settings, and says that it is done', async (t) => {
    const daemon = await startTestDaemon(t);
    await daemon.reload({ overrides: ['log.level=debug', 'log.format=json'] });
    assert.deepEqual(daemon.logger.reconfigured, [
      {
        ...{ level: 'debug', format: 'json', style: 'greymilter', to: { kind: 'console' } },
        ...{ expired: false, privacy: null },
      },
    ]);
    assert.equal(daemon.logger.entries.at(-1)?.message, 'configuration reloaded');
  });

  test('sets the limit of connections', async (t) => {
    const daemon = await startTestDaemon(t);
    const peer = await daemon.connect();
    await openSession(peer);
    await daemon.reload({ overrides: ['limits.connections=1'] });
    assert.deepEqual((await deliver(daemon)).rcpt, [notAsked]);
    daemon.logger.take(
      'more connections than limits.connections: sessions pass without greylisting',
    );
  });

  test('opens and closes listeners; what stays is never closed', async (t) => {
    const daemon = await startTestDaemon(t);
    const path = (name: string): string => join(daemon.directory, name);
    const [kept, removed, added] = ['kept', 'removed', 'added'].map((name) => `unix:${path(name)}`);
    assert.ok(kept !== undefined && removed !== undefined && added !== undefined);
    await daemon.reload({ listen: [kept, removed] });
    assert.equal(existsSync(path('milter.sock')), false);
    const before = statSync(path('kept')).ino;
    const open = await daemon.connect(removed);
    await openSession(open);
    await daemon.reload({ listen: [kept, added, 'inet:0@127.0.0.1'] });
    assert.equal(statSync(path('kept')).ino, before);
    assert.equal(existsSync(path('removed')), false);
    assert.match(
      daemon.addresses.join(' '),
      /^unix:\S+kept unix:\S+added inet:[1-9]\d*@127\.0\.0\.1$/,
    );
    for (const address of daemon.addresses) await openSession(await daemon.connect(address));
    assert.deepEqual((await sendMail(open)).rcpt, [waitFor(180)]);
  });

  test('changes the mode of a socket that stays', async (t) => {
    const daemon = await startTestDaemon(t);
    const path = join(daemon.directory, 'milter.sock');
    assert.equal(statSync(path).mode & 0o777, 0o660);
    await daemon.reload({ overrides: ['listen.socket.mode="0600"'] });
    assert.equal(statSync(path).mode & 0o777, 0o600);
    chmodSync(path, 0o666);
    await daemon.reload({ overrides: ['listen.socket.mode="0600"'] });
    assert.equal(statSync(path).mode & 0o777, 0o600);
  });
});

describe('a reload that cannot be had changes nothing', () => {
  for (const [setting, ...overrides] of [
    ['store.url', 'store.url=level:/nowhere'],
    ['store.journal', 'store.journal=/run/other', 'greylist.delay=10m'],
    ['store.durability', 'store.durability=power', 'greylist.delay=10m'],
  ] as const) {
    test(`${setting} needs a restart`, async (t) => {
      const daemon = await startTestDaemon(t);
      const { config } = await loadConfig({
        store: `level:${join(daemon.directory, 'db')}`,
        overrides,
        ...(setting === 'store.url' && { store: 'level:/nowhere' }),
      });
      await assert.rejects(daemon.daemon.reload(config), {
        name: 'ReloadError',
        code: 'RELOAD_NEEDS_RESTART',
        message: new RegExp(`^${setting} `),
      });
      assert.deepEqual((await deliver(daemon)).rcpt, [waitFor(180)]);
      assert.deepEqual(daemon.logger.reconfigured, []);
    });
  }

  test('whom records of activity hide stays hidden', async (t) => {
    const daemon = await startTestDaemon(t, { policy: true });
    const [file, key] = ['activity', 'key'].map((name) => join(daemon.directory, name));
    assert.ok(file !== undefined && key !== undefined);
    writeFileSync(key, 'a key that nobody knows, of many letters', { mode: 0o600 });
    const text = `activity: {to: 'append:${file}', format: "{sender}\\n"}\n`;
    const hidden = `${text}log: {privacy: {key-file: '${key}'}}\n`;
    await daemon.reload({ text: hidden });
    daemon.logger.refuse = new LogError('LOG_CANNOT_OPEN', 'the log cannot be opened');
    await assert.rejects(daemon.reload({ text }), /the log cannot be opened/);
    daemon.logger.refuse = undefined;
    await daemon.askAsPostfix().rcpt({ sender: 'alice@client.example' });
    await waitUntil(() => statSync(file).size > 0, 'a record');
    assert.match(readFileSync(file, 'utf8'), /^(?!alice)[^@]+@client\.example\n$/);
  });

  test('a listener that cannot be opened: the others stay, new ones are closed', async (t) => {
    const daemon = await startTestDaemon(t);
    const before = daemon.addresses;
    writeFileSync(join(daemon.directory, 'file'), '');
    const fresh = join(daemon.directory, 'fresh');
    const listen = [`unix:${fresh}`, `unix:${join(daemon.directory, 'file')}`];
    await assert.rejects(daemon.reload({ listen, overrides: ['greylist.delay=10m'] }), {
      code: 'LISTENER_PATH',
    });
    assert.deepEqual(daemon.addresses, before);
    assert.equal(existsSync(fresh), false);
    assert.deepEqual((await deliver(daemon)).rcpt, [waitFor(180)]);
  });

  test('a port that another process has', async (t) => {
    const other = createServer().listen(0, '127.0.0.1');
    t.after(() => other.close());
    await new Promise((resolve) => other.once('listening', resolve));
    const address = other.address();
    assert.ok(typeof address === 'object' && address !== null);
    const daemon = await startTestDaemon(t);
    await assert.rejects(daemon.reload({ listen: [`inet:${address.port}@127.0.0.1`] }), {
      code: 'LISTENER_IN_USE',
    });
    assert.deepEqual((await deliver(daemon)).rcpt, [waitFor(180)]);
  });

  test('a log that cannot be opened: new listeners are closed again', async (t) => {
    const daemon = await startTestDaemon(t);
    const before = daemon.addresses;
    daemon.logger.refuse = new LogError('LOG_CANNOT_OPEN', 'no such directory');
    const fresh = join(daemon.directory, 'fresh');
    await assert.rejects(daemon.reload({ listen: [`unix:${fresh}`] }), { code: 'LOG_CANNOT_OPEN' });
    assert.deepEqual(daemon.addresses, before);
    assert.equal(existsSync(fresh), false);
  });

  test('an owner of the sockets that does not exist', async (t) => {
    const daemon = await startTestDaemon(t);
    await assert.rejects(
      daemon.reload({ overrides: ['listen.socket.owner=nobody-of-that-name'] }),
      {
        code: 'ACCOUNT_UNKNOWN',
      },
    );
    assert.deepEqual((await deliver(daemon)).rcpt, [waitFor(180)]);
  });

  test('a daemon that is stopping: it opens no listener again', async (t) => {
    const daemon = await startTestDaemon(t, { overrides: ['limits.drain=1s'] });
    const running = daemon.daemon;
    const peer = await daemon.connect();
    await openSession(peer);
    const stopped = daemon.stop();
    await assert.rejects(running.reload(running.config), { code: 'RELOAD_STOPPING' });
    assert.deepEqual(running.addresses, []);
    assert.equal(existsSync(join(daemon.directory, 'milter.sock')), false);
    await peer.quit();
    await stopped;
  });
});
