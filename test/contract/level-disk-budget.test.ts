import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { createManualClock } from '../support/manual-clock.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { openOn } from './level-rig.js';
import { generateTriplets } from './triplet-generator.js';

const TRIPLETS = 200_000;
const IN_FLIGHT = 16;
const BUDGET_BYTES = 100;

describe('the LevelDB store on disk', () => {
  test('needs at most 100 bytes for a triplet, everything included', async (t) => {
    const path = join(createTempDirectory(t), 'db');
    const clock = createManualClock();
    const store = await openOn(path, clock);
    const triplets = generateTriplets(TRIPLETS).values();
    const worker = async (): Promise<void> => {
      for (const { key, value } of triplets) {
        clock.advance(10);
        const expiresAt = clock.now() + 2 * 86_400_000;
        assert.equal(await store.compareAndSet(key, undefined, { value, expiresAt }), true);
      }
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
    await store.close();
    const sizes = readdirSync(path).map((name) => statSync(join(path, name)).size);
    const bytes = sizes.reduce((sum, size) => sum + size, 0) / TRIPLETS;
    t.diagnostic(`${bytes.toFixed(1)} bytes for a triplet`);
    assert.ok(bytes <= BUDGET_BYTES, `${bytes.toFixed(1)} bytes for a triplet`);
  });
});
