import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { MilterServer } from '../../../../src/protocols/milter/server.js';
import { putOff } from './server-rig.js';

const atOnce = 20;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as (options: { type: 'minor' | 'major' }) => void;

/**
 * A connection from an MTA that says nothing, and would be ten kilobytes if it were kept. Not a stream:
 * those of Node.js 24 are themselves kept until the whole heap is looked at.
 */
class SilentSocket extends EventEmitter {
  readonly ballast = Array.from({ length: 1250 }, (_, index) => index);
  readonly writableLength = 0;

  setNoDelay(): void {
    this.ballast[0] = 1;
  }

  destroy(): void {
    this.emit('close');
  }
}

/** Lets so many connections come and go, each beside those before it. */
async function pass(server: MilterServer<undefined>, connections: number): Promise<void> {
  const open: (SilentSocket | undefined)[] = Array.from({ length: atOnce });
  for (let count = 0; count < connections; count++) {
    const socket = new SilentSocket();
    server.accept(socket as unknown as Socket);
    open[count % atOnce]?.destroy();
    open[count % atOnce] = socket;
    await nextTurn();
    if (count % 50 === 49) collect({ type: 'minor' });
  }
  for (const socket of open) socket?.destroy();
}

function oldSpaceBytes(): number {
  const old = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'old_space');
  assert.ok(old);
  return old.space_used_size;
}

test('connections that have ended are garbage of the young part of the heap', async () => {
  const server = new MilterServer<undefined>({ filter: () => putOff });
  try {
    await pass(server, 200);
    const open = new SilentSocket();
    server.accept(open as unknown as Socket);
    // What lives now is old, and what comes after it is not to be held by what of that is garbage.
    collect({ type: 'major' });
    open.destroy();
    await pass(server, 100);
    const before = oldSpaceBytes();
    await pass(server, 1500);
    const kept = oldSpaceBytes() - before;
    assert.ok(kept < 2_000_000, `${kept} bytes of some 15 million are kept`);
  } finally {
    await server.drain(0);
  }
});
