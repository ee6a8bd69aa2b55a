import { test } from 'node:test';
import { skipWithoutCompiler } from '../support/posix-regex.js';
import { killOverAndOver } from './kill-rounds.js';

test(
  'its power is cut 25 times under load: with durability power it knows everything that it answered',
  { skip: skipWithoutCompiler() },
  async (t) => {
    await killOverAndOver(t, 25, { durability: 'power' });
  },
);
