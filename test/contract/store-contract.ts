import { describe } from 'node:test';
import { describeConcurrency } from './contract-concurrency.js';
import { describeFailures } from './contract-failures.js';
import { describeValues } from './contract-values.js';
import type { OpenRig } from './store-rig.js';

/** One test for each sentence of the contract in src/store/store.ts. */
export function describeStoreContract(name: string, openRig: OpenRig): void {
  describe(`${name} keeps the contract`, () => {
    describeValues(openRig);
    describeConcurrency(openRig);
    describeFailures(openRig);
  });
}
