import assert from 'node:assert/strict';
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { LevelDatabase } from '../../../../src/store/level/level-database.js';
import { StorePlace } from '../../../../src/store/level/store-place.js';
import { createTempDirectory } from '../../../support/temp-directory.js';

function prepare(t: TestContext): { root: string; path: string } {
  const root = createTempDirectory(t);
  const path = join(root, 'db');
  mkdirSync(path);
  writeFileSync(join(path, 'LOCK'), '');
  return { root, path };
}

async function untilDoubtful(place: StorePlace): Promise<void> {
  while (!place.isDoubtful) await pause(20);
}

describe('the place of a store', () => {
  test('is looked at once a second at most, and is believed meanwhile', async (t) => {
    const { path } = prepare(t);
    const lookedAt = performance.now();
    const place = await StorePlace.of(path);
    assert.equal(place.isDoubtful, false);
    rmSync(path, { recursive: true });
    const isBelieved = await place.check().then(
      () => true,
      () => false,
    );
    // Unless the machine has stood still for that second.
    if (performance.now() - lookedAt < 900) assert.ok(isBelieved);
    await untilDoubtful(place);
    await assert.rejects(place.check(), { code: 'STORE_REMOVED', message: /restart it/ });
    assert.equal(place.isDoubtful, true, 'it is asked before each write from now on');
    await assert.rejects(place.check(), { code: 'STORE_REMOVED' });
  });

  test('is gone if another has its name, and there if it is moved back', async (t) => {
    const { root, path } = prepare(t);
    const place = await StorePlace.of(path);
    assert.equal(await place.isGone(), false);
    renameSync(path, join(root, 'elsewhere'));
    assert.equal(await place.isGone(), true);
    mkdirSync(path);
    writeFileSync(join(path, 'LOCK'), '');
    assert.equal(await place.isGone(), true);
    rmSync(path, { recursive: true });
    writeFileSync(path, 'no directory');
    assert.equal(await place.isGone(), true);
    rmSync(path);
    renameSync(join(root, 'elsewhere'), path);
    assert.equal(await place.isGone(), false);
    await place.check();
  });

  test('that a disk cannot tell of is for writes to find out about', async (t) => {
    const { root, path } = prepare(t);
    const place = await StorePlace.of(path);
    renameSync(path, join(root, 'elsewhere'));
    // Leads in a circle: neither there nor absent.
    symlinkSync(path, path);
    assert.equal(await place.isGone(), false);
  });

  test('a database whose directory is gone has no bytes, is not opened anew, and still closes', async (t) => {
    const root = createTempDirectory(t);
    const path = join(root, 'db');
    const database = await LevelDatabase.open(path);
    t.after(() => database.close());
    const write = (): Promise<void> =>
      database.write((batch) => batch.put(Buffer.from('key'), Buffer.from('value')), false);
    await write();
    assert.ok((await database.bytes()) > 0);
    rmSync(path, { recursive: true });
    assert.equal(await database.bytes(), 0);
    await assert.rejects(write(), { code: 'STORE_REMOVED' });
    assert.equal(database.read(Buffer.from('key'))?.toString(), 'value');
  });
});
