import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { LoadProcess } from '../../scripts/benchmark/processes.js';

const order = { path: '/nowhere', sessions: 1, atOnce: 1, first: 0, triplets: 1 };
const any = { ...order, expected: 'any' as const };

describe('the load process of scripts/bench', () => {
  test('rejects what is asked of it if it cannot be started', async () => {
    const load = new LoadProcess('/nowhere/node');
    await assert.rejects(load.run(any), /^Error: the load process: spawn \/nowhere\/node ENOENT/);
    await assert.rejects(load.run(any), /^Error: the load process: spawn \/nowhere\/node ENOENT/);
  });

  test('rejects it if it has ended', async () => {
    const load = new LoadProcess('/bin/true');
    await assert.rejects(load.run(any), /^Error: the load process/);
    await assert.rejects(load.run(any), /^Error: the load process/);
  });
});
