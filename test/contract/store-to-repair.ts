import assert from 'node:assert/strict';
import { cpSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { Level } from 'level';
import { repairLevelStore, type RepairedReport } from '../../src/store/repair-level-store.js';
import { createManualClock } from '../support/manual-clock.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { openOn } from './level-rig.js';

/** All stores here go by it. */
export const clock = createManualClock();
/** How many records `createStore` makes. */
export const records = 3000;
export const dayMs = 86_400_000;

const keyOf = (index: number): string => `r\0recipient ${index % 50}\0sender ${index}`;

/** A store whose process was killed: two thirds of the records in a table, one in the log. */
export async function createStore(
  t: TestContext,
  parent = createTempDirectory(t),
): Promise<string> {
  const path = join(parent, 'db');
  const first = await openOn(path, clock);
  await fill(first, 0);
  await fill(first, 1);
  await first.close();
  const second = await openOn(path, clock);
  await fill(second, 2);
  const killed = `${path}.killed`;
  cpSync(path, killed, { recursive: true });
  await second.close();
  rmSync(path, { recursive: true });
  renameSync(killed, path);
  return path;
}

async function fill(store: Awaited<ReturnType<typeof openOn>>, third: number): Promise<void> {
  const set: Promise<boolean>[] = [];
  for (let index = third; index < records; index += 3) {
    const value = Buffer.alloc(40, keyOf(index));
    set.push(store.compareAndSet(keyOf(index), undefined, { value, expiresAt: lifeOf(index) }));
  }
  assert.ok((await Promise.all(set)).every((isSet) => isSet));
}

const lifeOf = (index: number): number => clock.now() + (1 + (index % 5)) * dayMs;

/** The paths of the files in a directory whose names match. */
export function filesOf(path: string, pattern: RegExp): readonly string[] {
  return readdirSync(path)
    .filter((name) => pattern.test(name))
    .sort()
    .map((name) => join(path, name));
}

/** The files of a database, and what is in them. */
export function contentsOf(path: string): Readonly<Record<string, string>> {
  const files = filesOf(path, /^(CURRENT|MANIFEST|\d)/);
  return Object.fromEntries(
    files.map((file) => [file.slice(path.length), readFileSync(file, 'latin1')]),
  );
}

/** Puts something into a database that LevelDB itself finds sound. */
export async function writeWithLevel(path: string, key: string, value: string): Promise<void> {
  const level = new Level(path);
  await level.put(key, value);
  await level.close();
}

/** Takes something out of it. */
export async function deleteWithLevel(path: string, key: string): Promise<void> {
  const level = new Level(path);
  await level.del(key);
  await level.close();
}

/** Repairs a store that is damaged. */
export async function repair(path: string): Promise<RepairedReport> {
  const report = await repairLevelStore(path, clock.now());
  assert.ok(report.kind === 'repaired');
  return report;
}

/** Fails unless exactly so many records of `createStore` are there, each as it was. */
export async function assertHolds(path: string, count: number): Promise<void> {
  const store = await openOn(path, clock);
  try {
    let found = 0;
    for (let index = 0; index < records; index++) {
      const entry = store.get(keyOf(index));
      if (entry === undefined) continue;
      found++;
      assert.deepEqual(Buffer.from(entry.value), Buffer.alloc(40, keyOf(index)));
      assert.equal(entry.expiresAt, lifeOf(index));
    }
    assert.equal(found, count);
  } finally {
    await store.close();
  }
}
