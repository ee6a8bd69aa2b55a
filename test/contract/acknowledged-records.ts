import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { openRedisStore } from '../../src/store/redis-store.js';
import type { GreylistStore } from '../../src/store/store.js';
import type { RedisServer } from '../support/redis-server.js';
import { oneServer } from './redis-rig.js';
import { bytes, DAY_MS } from './store-rig.js';

/** So many are stored at a time. */
export const RECORDS = 40;

/** Opens a store on this server. */
export async function openOn(t: TestContext, server: RedisServer): Promise<GreylistStore> {
  const store = await openRedisStore({ ...oneServer(server).place, prefix: 'p:', clock: Date });
  t.after(() => store.close());
  return store;
}

/** Stores so many records, all acknowledged. */
export async function storeAll(store: GreylistStore, name: string): Promise<void> {
  const expiresAt = Date.now() + DAY_MS;
  for (let n = 0; n < RECORDS; n++)
    assert.ok(await store.compareAndSet(`${name}${n}`, undefined, { value: bytes(n), expiresAt }));
}

/** How many of them are there. */
export async function kept(t: TestContext, server: RedisServer, name: string): Promise<number> {
  const store = await openOn(t, server);
  let found = 0;
  for (let n = 0; n < RECORDS; n++) if ((await store.get(`${name}${n}`)) !== undefined) found++;
  return found;
}
