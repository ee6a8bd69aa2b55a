import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { repairLevelStore } from '../../src/store/repair-level-store.js';
import { StoreError } from '../../src/store/store.js';
import { createManualClock } from '../support/manual-clock.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { openOn } from './level-rig.js';
import { startWriter, type WriterProcess } from './writer-process.js';

/** Kills the writer in the middle of its writes; resolves to the keys that it has vouched for. */
async function killAfter(
  { child, lines }: WriterProcess,
  count: number,
): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const line of lines) {
    const key: unknown = JSON.parse(line);
    if (typeof key === 'string') keys.push(key);
    if (keys.length === count) child.kill('SIGKILL');
  }
  return keys;
}

async function assertAllThere(path: string, keys: readonly string[]): Promise<void> {
  const store = await openOn(path, createManualClock());
  try {
    for (const key of keys) {
      const entry = store.get(key);
      assert.ok(entry !== undefined, `${JSON.stringify(key)} has resolved and is there`);
      assert.equal(Buffer.from(entry.value).toString(), key);
    }
  } finally {
    await store.close();
  }
}

describe('the LevelDB store and other processes', () => {
  test('7. a process that is killed while it writes loses nothing that resolved', async (t) => {
    const path = join(createTempDirectory(t), 'db');
    const keys = await killAfter(await startWriter(t, path, 'steady'), 3000);
    assert.ok(keys.length >= 3000);
    await assertAllThere(path, keys);
  });

  test('7. nor does one with a journal, time and again', async (t) => {
    const [path, journal] = [join(createTempDirectory(t), 'db'), createTempDirectory(t)];
    const all: string[] = [];
    for (const [round, count] of [3000, 1, 40, 1500, 700].entries()) {
      const writer = await startWriter(t, path, 'steady', { name: `t${round}-`, journal });
      all.push(...(await killAfter(writer, count)));
    }
    assert.equal(readdirSync(journal).length, 1, 'each start has taken over the last one');
    await assertAllThere(path, all);
    assert.deepEqual(readdirSync(journal), []);
  });

  test('14. with a journal, outages of writes and then a kill lose nothing that resolved', async (t) => {
    const [path, journal] = [join(createTempDirectory(t), 'db'), createTempDirectory(t)];
    const keys = await killAfter(await startWriter(t, path, 'failing', { journal }), 1500);
    assert.ok(keys.length >= 1500);
    await assertAllThere(path, keys);
  });

  test('14. outages of writes and then a kill lose nothing that resolved', async (t) => {
    const path = join(createTempDirectory(t), 'db');
    const keys = await killAfter(await startWriter(t, path, 'failing'), 1500);
    assert.ok(keys.length >= 1500);
    await assertAllThere(path, keys);
  });

  test('16. a process that is killed while it compacts loses nothing that resolved', async (t) => {
    const path = join(createTempDirectory(t), 'db');
    const all: string[] = [];
    for (const count of [200, 700, 1500, 2300]) {
      all.push(...(await killAfter(await startWriter(t, path, 'compacting'), count)));
      await assertAllThere(path, all);
    }
    assert.equal((await repairLevelStore(path, createManualClock().now())).kind, 'sound');
  });

  test('a store is refused while another process has it open, and not when that has died', async (t) => {
    const path = join(createTempDirectory(t), 'db');
    const { child } = await startWriter(t, path, 'hold');
    await assert.rejects(
      openOn(path, createManualClock()),
      (error) =>
        error instanceof StoreError &&
        error.code === 'STORE_LOCKED' &&
        error.message.includes(path) &&
        error.message.includes('another process'),
    );
    child.kill('SIGKILL');
    await once(child, 'exit');
    await assertAllThere(path, []);
  });
});
