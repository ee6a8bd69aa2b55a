import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import {
  StoreError,
  type GreylistStore,
  type StoreEntry,
  type StoreErrorCode,
} from '../../src/store/store.js';
import type { ManualClock } from '../support/manual-clock.js';

/** A store under test, and what can be done to it from outside. */
export interface StoreRig {
  /** The store that is open; `crash` and `breakReads` put another in its place. */
  readonly store: GreylistStore;
  readonly clock: ManualClock;
  /** Makes commits fail, or work again. */
  failWrites(on: boolean): void | Promise<void>;
  /** Ends the store as if its process had been killed in this turn, and opens it again. */
  crash(): Promise<void>;
  /** Makes reads fail, of at least some of what is stored. */
  breakReads(): Promise<void>;
}

/** Opens an empty store and closes it when the test ends. */
export type OpenRig = (t: TestContext) => Promise<StoreRig>;

export const DAY_MS = 86_400_000;

/** A value of these bytes. */
export const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

/** Asserts that there is an entry, with this value and expiry. */
export function assertEntry(
  entry: StoreEntry | undefined,
  expected: { readonly value: Uint8Array; readonly expiresAt: number },
): asserts entry is StoreEntry {
  assert.ok(entry !== undefined, 'there is an entry');
  assert.deepEqual(Uint8Array.from(entry.value), Uint8Array.from(expected.value));
  assert.equal(entry.expiresAt, expected.expiresAt);
}

/** Sets keys that are absent, all at once, to live for a day. */
export async function setAll(rig: StoreRig, keys: readonly string[]): Promise<void> {
  const next = { value: bytes(1), expiresAt: rig.clock.now() + DAY_MS };
  const set = keys.map((key) => rig.store.compareAndSet(key, undefined, next));
  assert.ok((await Promise.all(set)).every((won) => won));
}

/** The keys that a scan yields, in order. */
export async function scanned(store: GreylistStore): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const [key] of store.scan()) keys.push(key);
  return keys.sort();
}

/** Whether an error is a StoreError of this code; for assert.rejects. */
export function refusedAs(code: StoreErrorCode): (error: unknown) => boolean {
  return (error) => error instanceof StoreError && error.code === code;
}
