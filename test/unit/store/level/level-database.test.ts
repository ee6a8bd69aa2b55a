import assert from 'node:assert/strict';
import { readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { LevelDatabase } from '../../../../src/store/level/level-database.js';
import { StoreError } from '../../../../src/store/store.js';
import { limitFiles } from '../../../support/limit-files.js';
import { createTempDirectory } from '../../../support/temp-directory.js';

const text = (value: string): Buffer => Buffer.from(value);

const isUnavailable = (error: unknown): boolean =>
  error instanceof StoreError && error.code === 'STORE_UNAVAILABLE';

async function openDatabase(t: TestContext): Promise<LevelDatabase> {
  const database = await LevelDatabase.open(createTempDirectory(t));
  t.after(() => database.close());
  return database;
}

const put = (database: LevelDatabase, key: string): Promise<void> =>
  database.write((batch) => batch.put(text(key), text('value')), false);

async function failOnce(database: LevelDatabase): Promise<void> {
  limitFiles(true);
  await assert.rejects(put(database, 'failed'), isUnavailable);
}

/** Repeats what is refused for up to a second after a recovery has failed. */
async function untilItWorks(act: () => unknown): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    try {
      await act();
      return;
    } catch (error) {
      assert.ok(isUnavailable(error), String(error));
      await pause(25);
    }
  }
  assert.fail('it has not recovered');
}

describe('the LevelDB database', () => {
  test('writes and reads, one by one, many, and in order', async (t) => {
    const database = await openDatabase(t);
    await database.write((batch) => {
      for (const key of ['c', 'a', 'b', 'd']) batch.put(text(key), text(`value of ${key}`));
      batch.del(text('d'));
    }, true);
    assert.equal(database.read(text('a'))?.toString(), 'value of a');
    assert.equal(database.read(text('d')), undefined);
    const many = await database.readMany([text('b'), text('d')]);
    assert.deepEqual(
      many.map((value) => value?.toString()),
      ['value of b', undefined],
    );
    const keys: string[] = [];
    for await (const page of database.pages({ gte: text('b') })) {
      keys.push(...page.map(([key]) => Buffer.from(key).toString()));
    }
    assert.deepEqual(keys, ['b', 'c']);
    assert.ok((await database.bytes()) > 0);
  });

  test('goes over a large range in pages', async (t) => {
    const database = await openDatabase(t);
    await database.write((batch) => {
      for (let index = 0; index < 1000; index++) batch.put(Buffer.of(index >> 8, index), text('v'));
    }, false);
    const sizes: number[] = [];
    for await (const page of database.pages({})) sizes.push(page.length);
    assert.equal(
      sizes.reduce((sum, size) => sum + size),
      1000,
    );
    assert.ok(sizes.length > 1);
  });

  test('still reads after a write has failed, and recovers with a later one', async (t) => {
    const database = await openDatabase(t);
    await put(database, 'before');
    await failOnce(database);
    assert.ok(database.read(text('before')));
    const refusedAt = performance.now();
    await assert.rejects(put(database, 'failed'), isUnavailable, 'there is no room to recover');
    assert.ok(database.read(text('before')), 'it was not closed in vain');
    limitFiles(false);
    const isRefused = await put(database, 'early').then(() => false, isUnavailable);
    // Unless the machine has stood still for that second.
    if (performance.now() - refusedAt < 900) assert.ok(isRefused, 'not asked again for a second');
    await untilItWorks(() => put(database, 'after'));
    for (const key of ['before', 'after']) assert.ok(database.read(text(key)), key);
    assert.equal(database.read(text('failed')), undefined);
    assert.ok(!readdirSync(database.path).includes('WRITE-PROBE'));
  });

  test('that could not be opened again comes back when only reads ask for it', async (t) => {
    const database = await openDatabase(t);
    await put(database, 'before');
    await failOnce(database);
    limitFiles(false);
    const [current, aside] = ['CURRENT', 'aside'].map((name) => join(database.path, name));
    assert.ok(current !== undefined && aside !== undefined);
    renameSync(current, aside);
    await assert.rejects(put(database, 'during'), isUnavailable);
    assert.throws(() => database.read(text('before')), isUnavailable);
    renameSync(aside, current);
    await untilItWorks(() => database.read(text('before')));
    await put(database, 'after');
  });

  test('closes in whatever state it is', async (t) => {
    const database = await openDatabase(t);
    await put(database, 'before');
    await failOnce(database);
    await database.flush();
    await database.close();
    await database.close();
    limitFiles(false);
    assert.throws(() => database.read(text('before')), isUnavailable);
  });
});
