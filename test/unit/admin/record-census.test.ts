import assert from 'node:assert/strict';
import { test } from 'node:test';

import { countRecords, RecordCensus } from '../../../src/admin/record-census.js';
import { readRecord } from '../../../src/migrate/json-lines.js';
import { createManualClock } from '../../support/manual-clock.js';
import { MemoryStore } from '../../support/memory-store.js';

const DAY = 86_400_000;

async function filled(now: number): Promise<MemoryStore> {
  const store = new MemoryStore({ clock: createManualClock(now) });
  const at = (days: number): string => new Date(now + days * DAY).toISOString();
  const source = (address: string, until: number, passed: boolean): object => ({
    address,
    prefix: 24,
    firstSeenAt: at(-9),
    lastSeenAt: at(-8),
    attempts: 2,
    ...(passed && { passedAt: at(-8) }),
    expiresAt: at(until),
  });
  const client = { points: 5, witnesses: [], lastPointAt: at(-1), lastSeenAt: at(-1) };
  for (const fields of [
    {
      kind: 'pair',
      sender: 'a@b.example',
      recipient: 'c@d.example',
      sources: [
        source('192.0.2.1', 1, false),
        source('198.51.100.1', 9, true),
        source('203.0.113.1', -1, false),
      ],
    },
    {
      kind: 'null-sender',
      network: '192.0.2.0/24',
      recipient: 'c@d.example',
      sources: [source('192.0.2.1', 1, false)],
    },
    { kind: 'client', count: 'address', client: '192.0.2.1', isExempt: true, ...client },
    { kind: 'client', count: 'address', client: '192.0.2.2', isExempt: false, ...client },
    { kind: 'reply', sender: 'a@b.example', recipient: 'c@d.example', writtenAt: at(-1) },
    {
      kind: 'exceptions',
      exceptions: [
        { client: '192.0.2.0/24', addedAt: at(-1), expiresAt: at(5) },
        { client: '192.0.3.0/24', addedAt: at(-9), expiresAt: at(-5) },
      ],
    },
    { kind: 'opaque', key: 'eA==', value: 'eA==' },
  ]) {
    const { key, value, expiresAt } = readRecord({ ...fields, expiresAt: at(5) });
    await store.compareAndSet(key, undefined, { value, expiresAt });
  }
  return store;
}

test('records are counted by what they are', async () => {
  const now = Date.UTC(2030, 0, 1);
  const counts = await countRecords(await filled(now), now, 1);
  assert.deepEqual(counts, {
    countedAt: '2030-01-01T00:00:00.000Z',
    records: 7,
    statistics: 0,
    triplets: { pending: 2, passed: 1, ended: 1 },
    clients: { pending: 1, autowhite: 1, ended: 0 },
    replies: 1,
    exceptions: 1,
  });
});

test('who asks again soon gets the same counts', async () => {
  const now = Date.UTC(2030, 0, 1);
  const store = await filled(now);
  const census = new RecordCensus(store, () => now);
  const [one, other] = await Promise.all([census.ask(), census.ask()]);
  assert.deepEqual([one?.records, other], [7, one]);
  store.failReads = true;
  assert.equal(await census.ask(), one);
});

test('a store that cannot be read has no counts, and is asked again', async () => {
  const now = Date.UTC(2030, 0, 1);
  const store = await filled(now);
  let broken = true;
  const scan = (): ReturnType<MemoryStore['scan']> => {
    if (broken) throw new Error('no');
    return store.scan();
  };
  const census = new RecordCensus({ scan }, () => now);
  assert.equal(await census.ask(), undefined);
  broken = false;
  assert.equal((await census.ask())?.records, 7);
});

test('who asks does not wait for a count that takes long', async () => {
  let finish: () => void = () => undefined;
  const stuck = new Promise<void>((resolve) => (finish = resolve));
  const scan = async function* (): AsyncGenerator<never, void, undefined> {
    await stuck;
  };
  const census = new RecordCensus({ scan }, () => 0);
  assert.equal(await census.ask(), undefined);
  finish();
  assert.equal((await census.ask())?.records, 0);
});
