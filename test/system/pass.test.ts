import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { text as readText } from 'node:stream/consumers';
import { describe, test, type TestContext } from 'node:test';

import { AdminClient } from '../../src/admin/admin-client.js';
import { runCommandLine } from '../../src/cli/command-line.js';
import { runGreymilter } from '../support/daemon-process.js';
import { startTestDaemon, type TestDaemon } from '../support/daemon-harness.js';
import { createManualClock } from '../support/manual-clock.js';
import { RecordingOutput } from '../unit/cli/recording-output.js';
import { openSession, sendMail } from './smtp-session.js';

interface Site {
  readonly daemon: TestDaemon;
  readonly store: string;
  /** Lets mail come, and says what was decided. */
  readonly mail: (from: string, ...to: readonly string[]) => Promise<readonly string[]>;
  readonly pass: (...args: readonly string[]) => Promise<RecordingOutput & { code: number }>;
}

async function start(t: TestContext): Promise<Site> {
  // The commands that open the store themselves go by the time of day.
  const clock = createManualClock(Math.floor(Date.now() / 1000) * 1000);
  const daemon = await startTestDaemon(t, { clock });
  const store = join(daemon.directory, 'db');
  return {
    daemon,
    store,
    mail: async (from, ...to) => {
      const peer = await daemon.connect();
      await openSession(peer);
      await sendMail(peer, { from, to });
      peer.drop();
      return daemon.takeDecisions();
    },
    pass: async (...args) => {
      const output = new RecordingOutput();
      const code = await runCommandLine(['pass', ...args, '--store', store], output);
      return Object.assign(output, { code });
    },
  };
}

const client = '192.0.2.1';

describe('pass, of a running filter', () => {
  test('lets one triplet through, in whatever spelling, and logs it', async (t) => {
    const { daemon, mail, pass } = await start(t);
    await mail('a@x.example', 'r@b.example', 's@b.example');
    const args = [client, 'A@X.example', 'r@B.example'];
    const dry = await pass(...args, '--dry-run');
    assert.deepEqual([dry.code, dry.printed], [0, '1 waiting triplet would pass\n']);
    const { code, printed } = await pass(...args, '--yes');
    assert.deepEqual([code, printed], [0, '1 triplet will pass from now on\n']);
    assert.deepEqual(await mail('a@x.example', 'r@b.example', 's@b.example'), [
      'accept greylist-known <r@b.example>',
      'tempfail greylist-early <s@b.example>',
    ]);
    const lines = daemon.logger.entries.filter(
      ({ message }) => message === 'waiting mail let through',
    );
    assert.deepEqual(
      lines.map(({ fields }) => fields),
      [{ client, from: '<a@x.example>', to: '<r@b.example>' }],
    );
    const again = await pass(...args, '--yes', '--json');
    assert.deepEqual([again.code, again.printed], [1, '{"found":0,"passed":0}\n']);
    const never = await pass(client, 'n@x.example', 'r@b.example', '--yes');
    assert.deepEqual([never.code, never.printed], [1, 'Nothing of that waits\n']);
  });

  test('lets through all of a sender, a recipient or a client, as long as its autowhite', async (t) => {
    const { daemon, mail, pass } = await start(t);
    await mail('a@x.example', 'r@b.example', 's@b.example');
    await mail('b@y.example', 'r@b.example');
    await mail('', 'r@b.example');
    for (const [args, passed] of [
      [['--from', '@x.example', '--to', 's@b.example'], 1],
      [['--from', '<>'], 1],
      [['198.51.100.0/24'], 0],
      [['192.0.2.0/24'], 2],
    ] as const) {
      const { printed, code } = await pass(...args, '--yes', '--json');
      assert.equal(printed, `{"found":${passed},"passed":${passed}}\n`, args.join(' '));
      assert.equal(code, passed === 0 ? 1 : 0);
    }
    daemon.clock.advance(35 * 86_400_000);
    assert.deepEqual(await mail('b@y.example', 'r@b.example'), [
      'accept greylist-known <r@b.example>',
    ]);
    assert.deepEqual(await mail('', 'r@b.example'), ['tempfail greylist-new <r@b.example>']);
  });

  test('asks first, and takes nothing that says nothing', async (t) => {
    const { mail, pass } = await start(t);
    await mail('a@x.example', 'r@b.example');
    const asked = await pass(client);
    assert.equal(asked.code, 64);
    assert.match(asked.errors, /Let 1 waiting triplet pass\? Nobody can be asked here: say --yes/);
    for (const args of [
      [],
      ['mx.example'],
      ['--yes'],
      [client, '--yes', '--from', 'a', '--from', 'b'],
      [client, '--client', client, '--yes'],
    ])
      assert.equal((await pass(...args)).code, 64, args.join(' '));
  });

  test('goes on from where a part has ended, whoever else writes', async (t) => {
    const { mail, pass } = await start(t);
    const to = Array.from({ length: 600 }, (_, index) => `r${index}@b.example`);
    await mail('a@x.example', ...to);
    const [passed] = await Promise.all([
      pass('--from', 'a@x.example', '--yes', '--json'),
      mail('a@x.example', ...to),
    ]);
    assert.equal(passed.printed, '{"found":600,"passed":600}\n');
    const decisions = await mail('a@x.example', ...to);
    assert.deepEqual([...new Set(decisions.map((line) => line.split(' ')[1]))], ['greylist-known']);
  });
});

test('the admin interface lets a record pass, of a client if it is named', async (t) => {
  const { daemon, mail } = await start(t);
  await mail('a@x.example', 'r@b.example');
  const admin = new AdminClient(join(daemon.directory, 'db.sock'));
  t.after(() => admin.close());
  const { records } = await admin.read('/v1/records');
  // What the admin interface answers.
  const [record] = records as readonly { readonly id: string }[];
  const path = `/v1/records/${record?.id ?? ''}/pass`;
  assert.deepEqual(await admin.post(`${path}?client=198.51.100.1`), { triplets: 0 });
  assert.deepEqual(await admin.post(`${path}?dry-run=true`), { triplets: 1 });
  assert.equal((await admin.post(`${path}?dry-run=false`))['triplets'], 1);
  assert.deepEqual(await admin.post('/v1/records/AAAA/pass'), { triplets: 0 });
  for (const query of [
    '',
    '?dry-run=true',
    '?client=x',
    '?sender=a&dry-run=1',
    '?sender=a&cursor=x',
    '?from=a',
  ])
    await assert.rejects(admin.post(`/v1/pass${query}`), { code: 'ADMIN_BAD_REQUEST' }, query);
  await assert.rejects(admin.post(`${path}?x=1`), { code: 'ADMIN_BAD_REQUEST' });
});

describe('what was let through is put back', () => {
  /** Lets the only record pass, and can put back what was there. */
  async function letThrough(t: TestContext) {
    const site = await start(t);
    await site.mail('a@x.example', 'r@b.example');
    const socketPath = join(site.daemon.directory, 'db.sock');
    const admin = new AdminClient(socketPath);
    t.after(() => admin.close());
    const recordNow = async () => {
      const { records } = await admin.read('/v1/records');
      // What the admin interface answers, here and below.
      return (records as readonly { readonly id: string }[])[0] ?? assert.fail('there is none');
    };
    const before = await recordNow();
    const path = `/v1/records/${before.id}`;
    const { undo } = (await admin.post(`${path}/pass`)) as {
      readonly undo?: { readonly record: object; readonly tag: string };
    };
    assert.ok(undo);
    assert.deepEqual(undo.record, before);
    const put = async (record: unknown = undo.record, tag = `"${undo.tag}"`): Promise<string> => {
      const headers = { 'content-type': 'application/json', 'if-match': tag };
      const outgoing = request({ socketPath, path, method: 'PUT', headers, agent: false });
      outgoing.end(JSON.stringify(record));
      const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
      const text = await readText(answer);
      const { code } = (text === '' ? {} : JSON.parse(text)) as { readonly code?: string };
      return `${answer.statusCode}${code === undefined ? '' : ` ${code}`}`;
    };
    return { ...site, admin, path, before, recordNow, put };
  }

  test('as it was, in one step, and only once', async (t) => {
    const { daemon, before, recordNow, put, mail } = await letThrough(t);
    assert.equal(await put(), '204');
    assert.deepEqual(await recordNow(), before);
    const { fields } =
      daemon.logger.entries.find(({ message }) => message === 'record put back') ?? assert.fail();
    assert.deepEqual([fields['id'], JSON.parse(String(fields['record']))], [before.id, before]);
    assert.equal(await put(), '412 ADMIN_CHANGED');
    assert.deepEqual(await mail('a@x.example', 'r@b.example'), [
      'tempfail greylist-early <r@b.example>',
    ]);
  });

  test('unless somebody has changed or deleted it since', async (t) => {
    const { daemon, admin, path, recordNow, put, mail } = await letThrough(t);
    daemon.clock.advance(86_400_000);
    assert.deepEqual(await mail('a@x.example', 'r@b.example'), [
      'accept greylist-known <r@b.example>',
    ]);
    const now = await recordNow();
    assert.equal(await put(), '412 ADMIN_CHANGED');
    assert.deepEqual(await recordNow(), now);
    await admin.delete(path);
    assert.equal(await put(), '412 ADMIN_CHANGED');
    assert.deepEqual((await admin.read('/v1/records'))['records'], []);
  });

  test('if it is said of what, and what', async (t) => {
    const { before, put } = await letThrough(t);
    for (const tag of ['', '*', 'x', '""']) {
      assert.equal(await put(before, tag), '400 ADMIN_BAD_REQUEST', tag);
    }
    for (const record of ['x', {}, { ...before, sender: 'other@x.example' }]) {
      assert.equal(await put(record), '400 ADMIN_BAD_REQUEST', JSON.stringify(record));
    }
    assert.equal(await put(before, '"another"'), '412 ADMIN_CHANGED');
    assert.equal(await put(before), '204');
  });
});

test('pass, of a store that nobody has open', async (t) => {
  const { daemon, store, mail } = await start(t);
  await mail('a@x.example', 'r@b.example', 's@b.example');
  await daemon.stop();
  const dry = await runGreymilter(['pass', '--to', '@b.example', '--dry-run', '--store', store]);
  assert.deepEqual([dry.code, dry.stdout], [0, '2 waiting triplets would pass\n']);
  const one = await runGreymilter([
    'pass',
    client,
    'a@x.example',
    'r@b.example',
    '--yes',
    '--store',
    store,
  ]);
  assert.deepEqual([one.code, one.stdout], [0, '1 triplet will pass from now on\n']);
  await daemon.start();
  assert.deepEqual(await mail('a@x.example', 'r@b.example', 's@b.example'), [
    'accept greylist-known <r@b.example>',
    'tempfail greylist-early <s@b.example>',
  ]);
});
