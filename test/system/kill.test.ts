import { test } from 'node:test';
import { killOverAndOver } from './kill-rounds.js';

// Twice 25 kills and not 50 in one file, which takes too long on a busy machine.
test('killed 25 times under load, it knows everything that it answered', async (t) => {
  await killOverAndOver(t, 25);
});
