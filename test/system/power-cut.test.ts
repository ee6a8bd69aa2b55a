import { test } from 'node:test';
import { killOverAndOver } from './kill-rounds.js';

test('with durability power it knows everything that it answered, though the power fails 12 times', async (t) => {
  await killOverAndOver(t, { rounds: 12, cutsPower: true });
});
