import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { AdminClient } from '../../src/admin/admin-client.js';
import { startTestDaemon, type TestDaemon } from '../support/daemon-harness.js';
import { openFaultyStore, type FaultyStore } from '../support/faulty-store.js';
import { openSession, sendMail } from './smtp-session.js';

/** A daemon whose store can be made to fail, and an MTA that sends through it. */
async function startSite(t: TestContext, overrides: readonly string[] = []) {
  const stores: FaultyStore[] = [];
  const openStore = openFaultyStore((store) => stores.push(store));
  const daemon = await startTestDaemon(t, { overrides, openStore });
  const client = new AdminClient(join(daemon.directory, 'db.sock'));
  t.after(() => client.close());
  const [store] = stores;
  assert.ok(store);
  const peer = await daemon.connect();
  await openSession(peer);
  let mails = 0;
  const send = async (): Promise<void> => {
    await sendMail(peer, { to: [`user${mails++}@example.org`] });
  };
  return { daemon, store, client, send };
}

/** What all who look are told: the page's banners, what status begins with, and systemd's line. */
async function told(daemon: TestDaemon, client: AdminClient) {
  const page = await client.read('/v1/page');
  const status = await client.read('/v1/status');
  const { statusLine } = daemon.daemon;
  return {
    banners: textsOf(page['impairments']),
    mode: page['mode'],
    shown: status['impairments'],
    statusLine,
  };
}

function textsOf(impairments: unknown): readonly unknown[] {
  assert.ok(Array.isArray(impairments));
  return impairments.map((each: { readonly text: string }) => each.text);
}

async function metric(client: AdminClient, name: string): Promise<number> {
  let text = '';
  for await (const chunk of await client.stream('/metrics')) text += Buffer.from(chunk).toString();
  const line = text.split('\n').find((each) => each.startsWith(`${name} `));
  assert.ok(line, `${name} is a metric`);
  return Number(line.slice(name.length + 1));
}

const linesOf = (daemon: TestDaemon): readonly string[] =>
  daemon.logger.entries.filter(({ level }) => level !== 'debug').map(({ message }) => message);

describe('a beginning and an end have a line, a metric, a banner and a word for systemd:', () => {
  for (const { fault, cause, begins, briefly, ends } of [
    {
      fault: 'reads',
      cause: 'store-read',
      begins: 'store cannot be read',
      briefly: 'the store cannot be read',
      ends: 'the store can be read again',
    },
    {
      fault: 'writes',
      cause: 'store-write',
      begins: 'store cannot be written',
      briefly: 'the store cannot be written',
      ends: 'the store can be written again',
    },
  ] as const) {
    test(`a store that fails: ${cause}`, async (t) => {
      const { daemon, store, client, send } = await startSite(t);
      const name = `greymilter_failing_open{cause="${cause}"}`;
      assert.equal(await metric(client, name), 0);
      store[fault] = 'fail';
      await send();
      daemon.logger.take(begins);
      assert.equal(await metric(client, name), 1);
      const during = await told(daemon, client);
      assert.deepEqual(during.banners, [briefly]);
      assert.match(JSON.stringify(during.shown), new RegExp(`"cause":"${cause}"`));
      assert.ok(during.statusLine.startsWith(briefly.toUpperCase()), during.statusLine);
      store.heal();
      daemon.clock.advance(61_000);
      await send();
      assert.ok(linesOf(daemon).includes(ends), linesOf(daemon).join('\n'));
      assert.equal(await metric(client, name), 0);
      const after = await told(daemon, client);
      assert.deepEqual([after.banners, after.shown], [[], []]);
      assert.match(after.statusLine, /^\d+ connections?, /);
    });
  }

  test('more connections than there may be', async (t) => {
    const { daemon, client } = await startSite(t, ['limits.connections=1']);
    const other = await daemon.connect();
    await other.negotiate();
    daemon.logger.take(
      'more connections than limits.connections: sessions pass without greylisting',
    );
    assert.equal(await metric(client, 'greymilter_failing_open{cause="milter-overload"}'), 1);
    const { banners, statusLine } = await told(daemon, client);
    assert.deepEqual(banners, ['too many connections, some pass']);
    assert.match(statusLine, /^TOO MANY CONNECTIONS/);
  });

  for (const mode of ['learn', 'shadow']) {
    test(`mode ${mode}`, async (t) => {
      const { daemon, client } = await startSite(t);
      await daemon.reload({ overrides: [`greylist.mode=${mode}`] });
      const name = `greymilter_mode{mode="${mode}"}`;
      assert.equal(await metric(client, name), 1);
      const during = await told(daemon, client);
      assert.equal(during.mode, mode);
      assert.match(JSON.stringify(during.shown), new RegExp(`"cause":"${mode}"`));
      assert.ok(during.statusLine.startsWith(`mode ${mode}: nobody is put off`));
      await daemon.reload({});
      assert.equal(await metric(client, name), 0);
      const after = await told(daemon, client);
      assert.deepEqual([after.mode, after.shown], ['enforce', []]);
      const changes = daemon.logger.entries.filter(
        ({ message }) => message === 'the mode has changed',
      );
      assert.deepEqual(
        changes.map(({ fields }) => [fields['from'], fields['to']]),
        [
          ['enforce', mode],
          [mode, 'enforce'],
        ],
      );
    });
  }
});
