import assert from 'node:assert/strict';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { IDENTITY_KEY } from '../../src/store/level/layout.js';
import { LevelDatabase } from '../../src/store/level/level-database.js';
import { decodeIdentity, encodeIdentity } from '../../src/store/level/store-identity.js';
import { openLevelSnapshot } from '../../src/store/open-level-snapshot.js';
import { openLevelStore, type LevelStore } from '../../src/store/level-store.js';
import { repairLevelStore } from '../../src/store/repair-level-store.js';
import type { LogFields } from '../../src/telemetry/logger.js';
import { limitFileSize } from '../support/limit-files.js';
import { createManualClock } from '../support/manual-clock.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { garbleLargestTable, openOn } from './level-rig.js';
import { DAY_MS, scanned } from './store-rig.js';
import { startWriter } from './writer-process.js';

const clock = createManualClock();

/** Beyond this LevelDB's log fails, and the journal does not. */
const LIMIT_BYTES = 1024 * 1024;

interface Place {
  readonly path: string;
  readonly journal: string;
}

function createPlace(t: TestContext): Place {
  return { path: join(createTempDirectory(t), 'db'), journal: createTempDirectory(t) };
}

/** Kills a process that writes, whose last words stand in the journal alone; the keys that it has vouched for. */
async function leaveJournal(t: TestContext, { path, journal }: Place): Promise<readonly string[]> {
  const { child, lines } = await startWriter(t, path, 'steady', { journal });
  const keys: string[] = [];
  for await (const line of lines) {
    keys.push(String(JSON.parse(line)));
    if (keys.length === 500) child.kill('SIGKILL');
  }
  assert.equal(readdirSync(journal).length, 1);
  return keys;
}

/** Sets a key; whether it was remembered. */
async function set(store: LevelStore, key: string, value = Buffer.from(key)): Promise<boolean> {
  const next = { value, expiresAt: clock.now() + DAY_MS };
  return await store.compareAndSet(key, store.get(key), next).catch(() => false);
}

async function assertHas(place: Place, keys: readonly string[]): Promise<void> {
  const store = await openOn(place.path, clock);
  try {
    for (const key of keys) assert.notEqual(store.get(key), undefined, JSON.stringify(key));
  } finally {
    await store.close();
  }
}

/** What a store says while it is open. */
class Lines {
  readonly told: string[] = [];
  readonly logger = {
    error: (text: string, fields?: LogFields): void => this.#hear(`error ${text}`, fields),
    warn: (text: string, fields?: LogFields): void => this.#hear(`warn ${text}`, fields),
    info: (text: string, fields?: LogFields): void => this.#hear(`info ${text}`, fields),
  };

  #hear(text: string, fields: LogFields = {}): void {
    const told = Object.entries(fields).map(([name, value]) => `${name}=${String(value)}`);
    this.told.push([text, ...told].join(' '));
  }
}

function openTelling({ path, journal }: Place, { logger }: Lines): Promise<LevelStore> {
  return openLevelStore({ path, journal, durability: 'process', clock, logger });
}

/** A store that is open, whose database has just come to its limit. */
async function openFailing(
  t: TestContext,
): Promise<{ readonly place: Place; readonly lines: Lines; readonly store: LevelStore }> {
  const place = createPlace(t);
  const lines = new Lines();
  const store = await openTelling(place, lines);
  t.after(() => limitFileSize('unlimited'));
  assert.ok(await set(store, 'large', Buffer.alloc(LIMIT_BYTES)));
  await scanned(store);
  limitFileSize(LIMIT_BYTES);
  return { place, lines, store };
}

describe('what a killed process has left in its journal', () => {
  test('is taken over once by whoever opens the store next, with a journal or without', async (t) => {
    const place = createPlace(t);
    const keys = await leaveJournal(t, place);
    const lines = new Lines();
    const store = await openTelling(place, lines);
    assert.match(lines.told.join('\n'), /^info read from the journal .* records=\d+$/);
    await store.close();
    assert.deepEqual(readdirSync(place.journal), []);
    await assertHas(place, keys);
  });

  test('is nothing to a store that an older version has opened since', async (t) => {
    const place = createPlace(t);
    await leaveJournal(t, place);
    // As it counts its openings, and knows nothing else.
    const database = await LevelDatabase.open(place.path);
    const written = database.read(IDENTITY_KEY) ?? Buffer.alloc(0);
    const identity = decodeIdentity(written, place.path);
    const next = { ...identity, generation: identity.generation + 1 };
    await database.write((batch) => batch.put(IDENTITY_KEY, encodeIdentity(next)), false);
    await database.close();
    const lines = new Lines();
    const store = await openTelling(place, lines);
    await store.close();
    assert.deepEqual(lines.told, []);
  });

  test('is taken over with durability power', async (t) => {
    const place = createPlace(t);
    const keys = await leaveJournal(t, place);
    const store = await openOn(place.path, clock, { ...place, durability: 'power' });
    assert.deepEqual(readdirSync(place.journal), [], 'and no other is made');
    await store.close();
    await assertHas(place, keys);
  });

  test('is seen by who only looks, and stays where it is', async (t) => {
    const place = createPlace(t);
    const keys = await leaveJournal(t, place);
    const before = readdirSync(place.journal);
    const snapshot = await openLevelSnapshot(place.path, clock);
    for (const key of keys) assert.notEqual(snapshot.get(key), undefined, JSON.stringify(key));
    await snapshot.close();
    assert.deepEqual(readdirSync(place.journal), before);
    await assertHas(place, keys);
  });

  test('is not lost by a repair', async (t) => {
    const place = createPlace(t);
    const old = await openOn(place.path, clock);
    for (let index = 0; index < 2000; index++) await set(old, `old ${index}`);
    await old.close();
    const keys = await leaveJournal(t, place);
    garbleLargestTable(place.path);
    const report = await repairLevelStore(place.path, clock.now());
    assert.equal(report.kind, 'repaired');
    await assertHas(place, keys);
    assert.deepEqual(readdirSync(place.journal), []);
  });
});

describe('a store whose database fails, but not its journal', () => {
  test('loses nothing that it has accepted, and hides nothing of it', async (t) => {
    const { place, lines, store } = await openFailing(t);
    const accepted: string[] = [];
    while (await set(store, `key ${accepted.length}`)) accepted.push(`key ${accepted.length}`);
    assert.ok(accepted.length > 0);
    assert.equal(store.get(`key ${accepted.length}`), undefined);
    for (const key of accepted) assert.equal(store.get(key)?.commit, undefined);
    assert.deepEqual(await scanned(store), [...accepted, 'large'].sort());
    const { failedInARow = 0, pendingWrites } = await store.stats();
    assert.ok(failedInARow > 0);
    assert.equal(pendingWrites, accepted.length);

    const positions: string[] = [];
    for await (const [, , position] of store.scan()) positions.push(position);
    // How many were accepted before the database failed is a matter of milliseconds.
    const middle = Math.floor((positions.length - 1) / 2);
    const behind: string[] = [];
    for await (const [, , position] of store.scan(positions[middle])) behind.push(position);
    assert.deepEqual(behind, positions.slice(middle + 1), 'page by page as well');

    await store.close();
    limitFileSize('unlimited');
    assert.match(lines.told.at(-1) ?? '', /^error the store has not taken all: .* records=\d+$/);
    assert.equal(readdirSync(place.journal).length, 1);
    // Longer than until it would be offered again.
    await pause(1500);
    await assertHas(place, [...accepted, 'large']);
    assert.deepEqual(readdirSync(place.journal), []);
  });

  test('has it written by itself when it works again', async (t) => {
    const { place, lines, store } = await openFailing(t);
    assert.ok(await set(store, 'kept'));
    await scanned(store);
    assert.ok(((await store.stats()).failedInARow ?? 0) > 0);
    limitFileSize('unlimited');
    while ((await store.stats()).pendingWrites > 0) await scanned(store);
    assert.match(lines.told.at(-1) ?? '', /^info the store is written again/);
    assert.ok(await set(store, 'later'));
    await store.close();
    assert.deepEqual(readdirSync(place.journal), []);
    await assertHas(place, ['large', 'kept', 'later']);
  });
});

describe('a journal that nobody knows of', () => {
  test('because who made it was killed too early, is removed by the next one', async (t) => {
    const place = createPlace(t);
    await (await openOn(place.path, clock, place)).close();
    const first = await openOn(place.path, clock, place);
    const [name = ''] = readdirSync(place.journal);
    const orphan = join(place.journal, name.replace(/[0-9a-f]{32}/, 'f'.repeat(32)));
    await first.close();
    writeFileSync(orphan, '');
    const store = await openOn(place.path, clock, place);
    assert.equal(readdirSync(place.journal).length, 1);
    assert.ok(!existsSync(orphan));
    await store.close();
  });

  test('because its store cannot be taken, is not left', async (t) => {
    const place = createPlace(t);
    await (await openOn(place.path, clock)).close();
    t.mock.method(LevelDatabase.prototype, 'write', () => Promise.reject(new Error('full')));
    await assert.rejects(openOn(place.path, clock, place), /full/);
    assert.deepEqual(readdirSync(place.journal), []);
  });
});

describe('a journal that cannot be made', () => {
  test('is told of, and the store does without', async (t) => {
    const place = { ...createPlace(t), journal: '/nowhere' };
    const lines = new Lines();
    const store = await openTelling(place, lines);
    assert.match(
      lines.told[0] ?? '',
      /^warn .*answers wait for the disk directory=\/nowhere .*ENOENT/,
    );
    assert.ok(await set(store, 'key'));
    await store.close();
    await assertHas(place, ['key']);
  });
});
