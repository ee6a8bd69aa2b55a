import { LevelRig } from './level-rig.js';
import { describeStoreContract } from './store-contract.js';

describeStoreContract('the LevelDB store', (t) => LevelRig.open(t));
describeStoreContract('the LevelDB store with durability power', (t) =>
  LevelRig.open(t, { durability: 'power' }),
);
describeStoreContract('the LevelDB store, when all keys collide,', (t) =>
  LevelRig.open(t, { slotHash: () => 7 }),
);
describeStoreContract('the LevelDB store with a journal', (t) => LevelRig.openJournaled(t));
describeStoreContract('the LevelDB store, once it knows which slots are empty,', (t) =>
  LevelRig.open(t, { leastMisses: 1 }),
);
