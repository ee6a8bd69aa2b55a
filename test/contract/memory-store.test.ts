import { createManualClock } from '../support/manual-clock.js';
import { MemoryStore } from '../support/memory-store.js';
import { describeStoreContract } from './store-contract.js';
import type { StoreRig } from './store-rig.js';

class MemoryRig implements StoreRig {
  readonly clock = createManualClock();
  store = new MemoryStore({ clock: this.clock });

  failWrites(on: boolean): void {
    this.store.failWrites = on;
  }

  crash(): Promise<void> {
    this.store = new MemoryStore({ clock: this.clock, committed: new Map(this.store.committed) });
    return Promise.resolve();
  }

  breakReads(): Promise<void> {
    this.store.failReads = true;
    return Promise.resolve();
  }
}

describeStoreContract('the memory store', () => Promise.resolve(new MemoryRig()));
