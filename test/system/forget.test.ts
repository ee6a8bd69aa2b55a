import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { AdminClient } from '../../src/admin/admin-client.js';
import { runCommandLine } from '../../src/cli/command-line.js';
import { DaemonRecords } from '../../src/cli/records/daemon-records.js';
import { pagesOf } from '../../src/cli/records/list.js';
import type { RecordsAccess } from '../../src/cli/records/records-access.js';
import { openForWriting } from '../../src/cli/records/store-records.js';
import { loadConfig } from '../../src/config/load.js';
import { lastFirst } from '../support/clean-ups.js';
import { startTestDaemon } from '../support/daemon-harness.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { RecordingOutput } from '../unit/cli/recording-output.js';
import { openSession, sendMail } from './smtp-session.js';

const [from, to] = ['a@one.example', 'x@example.org'];
const waiting = { state: 'pending' };

/** The ids of what `forget --state pending` would ask about. */
async function listWaiting(records: RecordsAccess): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const page of pagesOf(records, waiting, Infinity))
    ids.push(...page.map(({ id }) => id));
  return ids;
}

describe('forget leaves what has changed while it asked', () => {
  test('of a running filter', async (t) => {
    const daemon = await startTestDaemon(t, { overrides: ['greylist.client-autowhite=off'] });
    const peer = await daemon.connect();
    await openSession(peer);
    await sendMail(peer, { from, to: [to] });
    const client = new AdminClient(join(daemon.directory, 'db.sock'));
    const records = new DaemonRecords(client);
    t.after(() => records.close());
    const [id = ''] = await listWaiting(records);
    daemon.clock.advance(300_000);
    await sendMail(peer, { from, to: [to] });
    await peer.quit();

    assert.equal(await records.forget(id, waiting), false);
    assert.notEqual(await records.find(id), undefined);
    assert.equal(await records.forget(id, { ...waiting, state: 'passed', sender: from }), true);
    assert.equal(await records.forget(id, {}), false);
    await assert.rejects(client.delete(`/v1/records/${id}?colour=blue`), /colour/);
  });

  test('of a store that no filter has open', async (t) => {
    const cleanUps = lastFirst(t);
    const directory = createTempDirectory(cleanUps);
    const [file, store] = [join(directory, 'in.jsonl'), join(directory, 'db')];
    const hour = (n: number): string => new Date(Date.now() + n * 3_600_000).toISOString();
    const times = { firstSeenAt: hour(-1), lastSeenAt: hour(-1), expiresAt: hour(1) };
    const source = { address: '192.0.2.7', prefix: 24, attempts: 1, ...times };
    const lines = [
      { format: 'greymilter', version: 1 },
      { kind: 'pair', sender: from, recipient: to, sources: [source] },
    ];
    writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const imported = await runCommandLine(
      ['import', file, '--store', store],
      new RecordingOutput(),
    );
    assert.equal(imported, 0);
    const records = await openForWriting((await loadConfig()).config, store);
    cleanUps.after(() => records.close());
    const [id = ''] = await listWaiting(records);
    assert.equal(await records.passRecord(id, undefined, false), 1);

    assert.equal(await records.forget(id, waiting), false);
    assert.notEqual(await records.find(id), undefined);
    assert.equal(await records.forget(id, { sender: from }), true);
    assert.equal(await records.find(id), undefined);
  });
});
