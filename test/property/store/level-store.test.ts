import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { LevelStore } from '../../../src/store/level-store.js';
import { LevelDatabase } from '../../../src/store/level/level-database.js';
import type { NewEntry, StoreEntry } from '../../../src/store/store.js';
import { openOn, type LevelRigOptions } from '../../contract/level-rig.js';
import { createManualClock, type ManualClock } from '../../support/manual-clock.js';
import { fc } from '../../support/properties.js';

const HOUR_MS = 3_600_000;
const YEAR_MS = 365 * 24 * HOUR_MS;

const KEYS = ['', 'ta', 'ta\0x', 'ta\0y', 'tb\0x', 'ü'];

interface ModelEntry {
  readonly value: readonly number[];
  readonly expiresAt: number;
}

/** The store as the contract has it, in a Map. */
class Model {
  readonly entries = new Map<string, ModelEntry>();
  readonly #clock: ManualClock;

  constructor(clock: ManualClock) {
    this.#clock = clock;
  }

  get(key: string): ModelEntry | undefined {
    const entry = this.entries.get(key);
    return entry !== undefined && entry.expiresAt > this.#clock.now() ? entry : undefined;
  }

  living(): Record<string, ModelEntry> {
    const living = [...this.entries].filter(([key]) => this.get(key) !== undefined);
    return Object.fromEntries(living.sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  compareAndSet(key: string, expected: StoreEntry | undefined, next: NewEntry): boolean {
    if (!sameEntry(this.get(key), plain(expected))) return false;
    const expiresAt = Math.ceil(next.expiresAt / 1000) * 1000;
    this.entries.set(key, { value: [...next.value], expiresAt });
    return true;
  }
}

function plain(entry: StoreEntry | undefined): ModelEntry | undefined {
  return entry && { value: [...entry.value], expiresAt: entry.expiresAt };
}

function sameEntry(one: ModelEntry | undefined, other: ModelEntry | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** One run: a store, its model, and what is known of calls that have not resolved yet. */
interface World {
  store: LevelStore;
  readonly path: string;
  readonly clock: ManualClock;
  readonly model: Model;
  readonly options: LevelRigOptions;
  /** Entries as they were read at some time, to be expected again, rightly or not. */
  readonly seen: Map<string, StoreEntry | undefined>;
  readonly waiting: Promise<void>[];
  /** The clock never goes back behind this: what has been swept does not come back with it. */
  sweptAt: number;
}

type Step = (world: World) => void | Promise<void>;

async function settle(world: World): Promise<void> {
  await Promise.all(world.waiting.splice(0));
}

const keys = fc.constantFrom(...KEYS);

const look = keys.map((key): Step => (world) => {
  const entry = world.store.get(key);
  assert.deepEqual(plain(entry), world.model.get(key));
  world.seen.set(key, entry);
});

const change = fc
  .record({
    key: keys,
    fresh: fc.boolean(),
    value: fc.array(fc.nat(255), { maxLength: 3 }),
    lifeMs: fc.oneof(fc.integer({ min: -HOUR_MS, max: 3 * HOUR_MS }), fc.nat(60 * 24 * HOUR_MS)),
  })
  .map(({ key, fresh, value, lifeMs }): Step => (world) => {
    const { store, model, clock, seen } = world;
    const expected = fresh ? store.get(key) : seen.get(key);
    const next = { value: Uint8Array.from(value), expiresAt: clock.now() + lifeMs };
    const wins = model.compareAndSet(key, expected, next);
    const call = store.compareAndSet(key, expected, next);
    world.waiting.push(call.then((won) => assert.equal(won, wins)));
  });

const remove = keys.map((key): Step => (world) => {
  world.model.entries.delete(key);
  world.waiting.push(world.store.delete(key));
});

const moveClock = fc
  .oneof(fc.integer({ min: -2 * HOUR_MS, max: 2 * HOUR_MS }), fc.nat(40 * 24 * HOUR_MS))
  .map(
    (byMs): Step =>
      (world) =>
        world.clock.advance(byMs),
  );

const sweep = fc.constant<Step>((world) => {
  world.waiting.push(world.store.sweep().then(() => undefined));
});

const wait = fc.constant<Step>(settle);

const compareAll = fc.constant<Step>(async (world) => {
  await settle(world);
  const found = new Map<string, ModelEntry | undefined>();
  for await (const [key, entry] of world.store.scan()) found.set(key, plain(entry));
  const sorted = [...found].sort(([a], [b]) => (a < b ? -1 : 1));
  assert.deepEqual(Object.fromEntries(sorted), world.model.living());
});

const reopen = fc.constant<Step>(async (world) => {
  await settle(world);
  await world.store.close();
  world.store = await openOn(world.path, world.clock, world.options);
});

const steps = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: look },
    { weight: 12, arbitrary: change },
    { weight: 3, arbitrary: remove },
    { weight: 4, arbitrary: moveClock },
    { weight: 2, arbitrary: sweep },
    { weight: 2, arbitrary: wait },
    { weight: 1, arbitrary: compareAll },
    { weight: 1, arbitrary: reopen },
  ),
  { minLength: 1, maxLength: 60 },
);

/** After a year and a sweep nothing must be left: neither a record nor a page that lists one. */
async function assertAllSwept(world: World): Promise<void> {
  world.clock.advance(YEAR_MS);
  await world.store.sweep();
  await world.store.close();
  const database = await LevelDatabase.open(world.path);
  const left: string[] = [];
  for await (const page of database.pages({})) {
    left.push(...page.map(([key]) => Buffer.from(key).toString()));
  }
  await database.close();
  assert.deepEqual(left, ['mclock', 'mstore']);
}

async function live(sequence: readonly Step[], options: LevelRigOptions): Promise<void> {
  const path = mkdtempSync(join(tmpdir(), 'greymilter-'));
  const clock = createManualClock();
  const world: World = {
    store: await openOn(path, clock, options),
    path,
    clock,
    model: new Model(clock),
    options,
    seen: new Map(),
    waiting: [],
    sweptAt: 0,
  };
  try {
    for (const step of sequence) await step(world);
    await settle(world);
    await assertAllSwept(world);
  } finally {
    await world.store.close();
    rmSync(path, { recursive: true, force: true });
  }
}

describe('the LevelDB store is a Map with expiry, whatever is done to it at once', () => {
  const kinds: Readonly<Record<string, LevelRigOptions>> = {
    'with its own hash': {},
    'when keys collide': { slotHash: (key) => key.length % 2 },
    'once it knows which slots are empty': { leastMisses: 1 },
  };
  for (const [name, options] of Object.entries(kinds)) {
    test(name, async () => {
      await fc.assert(
        fc.asyncProperty(steps, (sequence) => live(sequence, options)),
        { numRuns: 80 },
      );
    });
  }
});
