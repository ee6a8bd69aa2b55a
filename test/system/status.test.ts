import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import { AdminClient } from '../../src/admin/admin-client.js';
import { runCommandLine } from '../../src/cli/command-line.js';
import { runGreymilter, startGreymilter } from '../support/daemon-process.js';
import { startTestDaemon } from '../support/daemon-harness.js';
import { MemoryStore } from '../support/memory-store.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { RecordingOutput } from '../unit/cli/recording-output.js';
import { openSession, sendMail } from './smtp-session.js';

async function run(...args: readonly string[]): Promise<RecordingOutput & { code: number }> {
  const output = new RecordingOutput();
  const code = await runCommandLine(args, output);
  return Object.assign(output, { code });
}

interface Shown {
  readonly running: boolean;
  readonly mode: string;
  readonly impairments: readonly { readonly cause: string }[];
  readonly learning?: { readonly attempts: number; readonly isEnough: boolean };
  readonly listeners: readonly { readonly protocol: string }[];
  readonly store: {
    readonly health: string;
    readonly records?: { readonly triplets: Readonly<Record<string, number>> };
  };
  readonly decisions: { readonly total: number; readonly counts: readonly object[] };
  readonly delays?: { readonly count: number; readonly medianSeconds: number };
}

async function shown(store: string, ...more: readonly string[]): Promise<Shown> {
  const { code, printed, errors } = await run('status', '--store', store, ...more, '--json');
  assert.deepEqual([code, errors], [0, '']);
  // What the command prints.
  return JSON.parse(printed) as Shown;
}

describe('status of a running filter', () => {
  test('counts what it decides, and what it knows', async (t) => {
    const daemon = await startTestDaemon(t, { policy: true });
    const store = join(daemon.directory, 'db');
    const peer = await daemon.connect();
    await openSession(peer);
    await sendMail(peer, { from: 'a@x.example', to: ['r@b.example', 's@b.example'] });
    daemon.clock.advance(300_000);
    await sendMail(peer, { from: 'a@x.example', to: ['r@b.example'] });
    peer.drop();
    const told = await shown(store);
    assert.deepEqual([told.running, told.mode, told.store.health], [true, 'enforce', 'ok']);
    assert.deepEqual(told.listeners.map(({ protocol }) => protocol).sort(), [
      'admin',
      'milter',
      'policy',
    ]);
    assert.deepEqual(told.store.records?.triplets, { pending: 1, passed: 1, ended: 0 });
    assert.equal(told.decisions.total, 3);
    assert.deepEqual(told.decisions.counts, [
      { verdict: 'tempfail', reason: 'greylist-new', count: 2, perHour: 24 },
      { verdict: 'accept', reason: 'greylist-passed', count: 1, perHour: 12 },
    ]);
    assert.deepEqual([told.delays?.count, told.delays?.medianSeconds], [1, 300]);
    const text = await run('status', '--store', store);
    assert.match(text.printed, /^tempfail +greylist-new +2 +24 +66\.7 %$/m);
    assert.match(text.printed, /^delays +of 1 that waited and came back: half within 5m,/m);
  });

  test('says that its store is broken', async (t) => {
    let store: MemoryStore | undefined;
    const daemon = await startTestDaemon(t, {
      openStore: (_, { clock }) => Promise.resolve((store = new MemoryStore({ clock }))),
    });
    if (store === undefined) assert.fail('no store was opened');
    store.failReads = true;
    const { store: told } = await shown(join(daemon.directory, 'db'));
    assert.deepEqual([told.health, told.records], ['cannot-be-read', undefined]);
    await daemon.daemon.awaitStore();
    const { printed } = await run('status', '--store', join(daemon.directory, 'db'));
    assert.match(printed, /\n\nATTENTION: the store cannot be read, since \S+Z\n\n/);
    assert.match(daemon.daemon.statusLine, /^THE STORE CANNOT BE READ; 0 connections/);
    daemon.logger.take('store cannot be read');
  });

  test('tells of its mode, and of a reload that has failed', async (t) => {
    const directory = createTempDirectory(t);
    const file = join(directory, 'greymilter.yaml');
    const write = (greylist: string): void =>
      writeFileSync(
        file,
        `listen: {milter: 'inet:0@127.0.0.1', admin: 'unix:${directory}/admin.sock'}\n` +
          `store: {url: 'level:${directory}/db'}\ngreylist: ${greylist}\n`,
      );
    write('{mode: learn, providers: greylist}');
    const greymilter = startGreymilter(t, [
      '--config',
      file,
      '--set',
      `listen.admin=unix:${directory}/admin.sock`,
    ]);
    await greymilter.logged(/ ready /);
    const first = await run('status', '--config', file);
    assert.equal(first.code, 0, first.errors);
    assert.match(first.printed, /^mode +LEARN: /m);
    assert.doesNotMatch(first.printed, /^last reload/m);
    write('{mode: shadow, providers: greylist, delay: 5}');
    greymilter.kill('SIGHUP');
    await greymilter.logged(/ reload failed/);
    const failed = await run('status', '--config', file);
    assert.match(failed.printed, /^last reload +\S+Z, failed \(CONFIG_INVALID\): .*delay/m);
    assert.match(failed.printed, /^mode +LEARN: /m);
    assert.match(
      failed.printed,
      /^ATTENTION: the last reload failed, .*, since \S+Z\nATTENTION: mode learn/m,
    );
    const { impairments } = await shown(`${directory}/db`, '--config', file);
    assert.deepEqual(
      impairments.map(({ cause }) => cause),
      ['reload-failed', 'learn'],
    );
    const metrics = async (): Promise<string> => {
      const client = new AdminClient(`${directory}/admin.sock`);
      let text = '';
      for await (const part of await client.stream('/metrics'))
        text += Buffer.from(part).toString();
      client.close();
      return text;
    };
    assert.match(await metrics(), /^greymilter_reload_failed 1$/m);
    write('{mode: enforce, providers: greylist}');
    greymilter.kill('SIGHUP');
    await greymilter.logged(/ greylist\.mode is enforce, was learn/);
    const last = await run('status', '--config', file);
    assert.match(last.printed, /^mode +enforce$/m);
    assert.doesNotMatch(last.printed, /ATTENTION/);
    assert.match(await metrics(), /^greymilter_reload_failed 0$/m);
    assert.match(last.printed, /^last reload +\S+Z, taken over$/m);
  });
});

describe('status of a filter that learns', () => {
  test('says what it has learnt, and when that is enough', async (t) => {
    const daemon = await startTestDaemon(t, { overrides: ['greylist.mode=learn'] });
    const store = join(daemon.directory, 'db');
    assert.equal((await shown(store)).learning, undefined);
    const peer = await daemon.connect();
    await openSession(peer);
    await sendMail(peer, { from: 'a@x.example', to: ['r@b.example'] });
    await sendMail(peer, { from: 'a@x.example', to: ['r@b.example'] });
    assert.deepEqual((await shown(store)).learning?.isEnough, false);
    const early = await run('status', '--store', store);
    assert.match(early.printed, /^learnt +since \S+Z: not yet enough to enforce$/m);
    assert.match(early.printed, /^ +of 2 attempts of a day 50\.0 % were known$/m);
    for (let day = 0; day < 7; day++) {
      daemon.clock.advance(24 * 3_600_000);
      await sendMail(peer, { from: 'a@x.example', to: ['r@b.example'] });
    }
    peer.drop();
    const late = await run('status', '--store', store);
    assert.match(late.printed, /^learnt +since \S+Z: enough, greylist\.mode can be enforce$/m);
    assert.match(daemon.daemon.statusLine, /^mode learn: nobody is put off, and enough is known/);
  });
});

describe('status without a filter', () => {
  test('tells what the store holds, and that nobody runs', async (t) => {
    const daemon = await startTestDaemon(t);
    const store = join(daemon.directory, 'db');
    const peer = await daemon.connect();
    await openSession(peer);
    await sendMail(peer, { from: 'a@x.example', to: ['r@b.example'] });
    peer.drop();
    await daemon.stop();
    const { code, stdout } = await runGreymilter(['status', '--store', store]);
    assert.equal(code, 69);
    assert.match(stdout, /^greymilter does not run: nobody answers at .*db\.sock; --config/);
    const file = join(daemon.directory, 'greymilter.yaml');
    writeFileSync(file, `store: {url: "level:${store}"}\n`);
    const named = await run('status', '--config', file);
    assert.match(
      named.printed,
      /^greymilter does not run: nobody answers at \S+\.sock, which is listen\.admin with \S+greymilter\.yaml$/m,
    );
    const reloaded = await run('reload', '--config', file);
    assert.match(
      reloaded.errors,
      /^greymilter: no filter runs: .*, which is listen\.admin with \S+greymilter\.yaml$/m,
    );
    const json = await run('status', '--store', store, '--json');
    assert.equal(json.code, 69);
    assert.match(json.printed, /^\{"running":false,"store":\{"path":.*"records":\{/);
  });

  test('or what is wrong with its configuration, which may be why', async (t) => {
    const directory = createTempDirectory(t);
    const file = join(directory, 'greymilter.yaml');
    writeFileSync(file, `store: {url: 'level:${directory}/db'}\nrules: [{then: acept}]\n`);
    for (const command of ['status', 'reload', 'tail']) {
      const { code, printed, errors } = await run(command, '--config', file);
      assert.deepEqual([code, printed], [65, '']);
      assert.match(errors, /^greymilter: \S+greymilter\.yaml:2:\d+: rules\.then: /);
    }
  });

  test('or that there is none, or what is wrong with it', async (t) => {
    const directory = createTempDirectory(t);
    const absent = await run('status', '--store', join(directory, 'db'));
    assert.deepEqual([absent.code, absent.errors], [69, '']);
    assert.match(absent.printed, /^store +.*db: is not there yet$/m);
    const other = join(directory, 'other');
    mkdirSync(other);
    writeFileSync(join(other, 'file'), '');
    const odd = await run('status', '--store', other, '--set', 'listen.admin=null');
    assert.match(odd.printed, /does not run: listen\.admin is null[^]*^store +.*other/m);
    assert.equal(odd.code, 69);
  });
});
