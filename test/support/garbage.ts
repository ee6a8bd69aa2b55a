import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Collects what nothing needs at this moment; some of it goes with the next collection only. */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc()');
}

/** How many of these are still in memory, once those that nothing needs have gone. */
export async function untilCollected(
  things: readonly WeakRef<object>[],
  atMost: number,
): Promise<number> {
  let alive = things.length;
  // What a turn has looked at stays until its end; some things go in two steps.
  for (let turns = 0; turns < 20 && alive > atMost; turns++) {
    await nextTurn();
    collectGarbage();
    alive = things.filter((thing) => thing.deref() !== undefined).length;
  }
  return alive;
}
