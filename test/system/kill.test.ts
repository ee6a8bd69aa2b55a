import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { createMemoryDirectory } from '../support/memory-directory.js';
import { killOverAndOver } from './kill-rounds.js';

test('killed 25 times under load, it knows everything that it answered', async (t) => {
  await killOverAndOver(t, 25, { durability: 'process' });
});

test('killed 25 times under load, it knows everything that it answered from its journal', async (t) => {
  const journal = createMemoryDirectory(t);
  await killOverAndOver(t, 25, { durability: 'process', journal });
  assert.deepEqual(readdirSync(journal), [], 'and leaves none behind');
});
