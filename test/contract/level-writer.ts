import { writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { LevelStore } from '../../src/store/level-store.js';
import { createManualClock } from '../support/manual-clock.js';
import { limitFiles } from '../support/limit-files.js';
import { openOn } from './level-rig.js';

/*
 * The child of the crash tests: `level-writer.ts PATH MODE [DURABILITY [NAME [JOURNAL]]]`. It prints `open`, then, unless MODE is
 * `hold`, the key of every write as soon as that has resolved, until it is killed. In MODE
 * `failing` no file can grow for a while, time and again; in MODE `compacting` it compacts all the time.
 */
const [path = '', mode = 'steady', durability, name = 't', journal] = process.argv.slice(2);
const IN_FLIGHT = 16;
const WRITES_BETWEEN_OUTAGES = 300;

const clock = createManualClock();
let written = 0;

async function writeOn(store: LevelStore, worker: number): Promise<void> {
  for (let index = 0; ; index++) {
    const key = `${name}${String(worker)}\0${String(index)}`;
    const next = { value: Buffer.from(key), expiresAt: clock.now() + 86_400_000 };
    try {
      await store.compareAndSet(key, undefined, next);
      writeSync(1, `${JSON.stringify(key)}\n`);
      written++;
    } catch {
      // The outage that this very program has caused: the next key is tried once it may be over.
      await pause(20);
    }
  }
}

async function failNowAndThen(): Promise<void> {
  for (let outages = 1; ; outages++) {
    while (written < outages * WRITES_BETWEEN_OUTAGES) await pause(1);
    limitFiles(true);
    await pause(20);
    limitFiles(false);
  }
}

async function compactOn(store: LevelStore): Promise<void> {
  for (;;) {
    const steps = store.compact();
    while ((await steps.next()).done !== true);
  }
}

const store = await openOn(path, clock, {
  durability: durability === 'power' ? 'power' : 'process',
  journal,
});
writeSync(1, 'open\n');
if (mode === 'hold') setInterval(() => undefined, 1000);
else {
  const workers = Array.from({ length: IN_FLIGHT }, (_, worker) => writeOn(store, worker));
  if (mode === 'failing') workers.push(failNowAndThen());
  if (mode === 'compacting') workers.push(compactOn(store));
  await Promise.all(workers);
}
