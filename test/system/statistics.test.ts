import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';

import { AdminClient } from '../../src/admin/admin-client.js';
import { startTestDaemon, type TestDaemon } from '../support/daemon-harness.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { openSession, sendMail } from './smtp-session.js';

function ask(t: TestContext, daemon: TestDaemon): AdminClient {
  const client = new AdminClient(join(daemon.directory, 'db.sock'));
  t.after(() => client.close());
  return client;
}

async function comeTwice(daemon: TestDaemon): Promise<void> {
  const peer = await daemon.connect();
  await openSession(peer);
  const mail = { from: 'a@one.example', to: ['x@example.org'] };
  await sendMail(peer, mail);
  daemon.clock.advance(600_000);
  await sendMail(peer, mail);
  await sendMail(peer, { from: 'b@two.example', to: ['x@example.org'] });
  await peer.quit();
}

const overrides = ['greylist.client-autowhite=off'];

/** What is asked for beside this is a record of somebody. */
interface Kind {
  readonly kind: string;
}

describe('statistics over the admin interface', () => {
  test('tell what happened, before and after a restart', async (t) => {
    const daemon = await startTestDaemon(t, { overrides });
    await comeTwice(daemon);
    const check = async () => {
      const report = await ask(t, daemon).read('/v1/statistics?last-seconds=3600');
      assert.equal(report['firstAttempts'], 2);
      assert.equal(report['cameBack'], 1);
      assert.deepEqual(report['domains'], [
        { domain: 'one.example', count: 1, averageSeconds: 600 },
      ]);
      assert.equal(report['delaySeconds'], 180);
      assert.equal(report['stepSeconds'], 60);
      return report;
    };
    const before = await check();
    await daemon.stop();
    await daemon.start(overrides);
    assert.deepEqual(await check(), before);
  });

  test('are no records of anybody, unless they are asked for', async (t) => {
    const daemon = await startTestDaemon(t, { overrides });
    await comeTwice(daemon);
    await daemon.stop();
    await daemon.start(overrides);
    const client = ask(t, daemon);
    const kinds = async (query: string) => {
      const { records } = await client.read(`/v1/records${query}`);
      // What the admin interface answers.
      return (records as readonly Kind[]).map(({ kind }) => kind);
    };
    assert.deepEqual(await kinds(''), ['pair', 'pair']);
    assert.deepEqual(await kinds('?kind=statistics'), ['statistics']);
  });

  test('of a wrong question are a problem that says why', async (t) => {
    const daemon = await startTestDaemon(t, { overrides });
    const client = ask(t, daemon);
    for (const query of ['last-seconds=x', 'step-seconds=61', 'step=60', 'step-seconds=0']) {
      await assert.rejects(client.read(`/v1/statistics?${query}`), { code: 'ADMIN_BAD_REQUEST' });
    }
    const steps = await Promise.all(
      [3600, 86_400, 7 * 86_400, 30 * 86_400, 90 * 86_400, 400 * 86_400].map(async (last) => {
        const report = await client.read(`/v1/statistics?last-seconds=${last}`);
        return report['stepSeconds'];
      }),
    );
    assert.deepEqual(steps, [60, 900, 21_600, 21_600, 86_400, 86_400]);
  });

  test('come with the rules and how often they have decided, and the lookups', async (t) => {
    const text = [
      'rules:',
      '  - {name: ours, when: {sender: "@one.example"}, then: accept}',
      '  - {when: {sender: "@two.example"}, then: greylist, delay: 30m}',
      'message-rules:',
      '  - {name: huge, when: {size: {over: 50MiB}}, then: reject}',
    ].join('\n');
    const directory = createTempDirectory(t);
    const socket = join(directory, 'admin.sock');
    const admin = [`listen.admin=unix:${socket}`];
    const daemon = await startTestDaemon(t, { text, overrides: [...overrides, ...admin] });
    await comeTwice(daemon);
    const client = new AdminClient(socket);
    t.after(() => client.close());
    const { rules } = await client.read('/v1/rules');
    assert.deepEqual(
      // What the admin interface answers.
      (rules as Record<string, unknown>[]).map(({ section, name, action, hits }) =>
        [section, name, action, hits].join(' '),
      ),
      ['rules ours accept 2', 'rules rule 2 greylist 1', 'message-rules huge reject 0'],
    );
    assert.deepEqual(Object.keys(await client.read('/v1/lookups')), ['lookups']);
    const page = await client.read('/v1/page');
    assert.equal(page['mayWrite'], true);
    assert.equal(page['mode'], 'enforce');
    assert.equal(page['delaySeconds'], 180);
  });
});
