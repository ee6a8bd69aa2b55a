import { test } from 'node:test';
import { killOverAndOver } from './kill-rounds.js';

test('killed 25 times under load, it knows everything that it answered', async (t) => {
  await killOverAndOver(t, 25, 'process');
});
