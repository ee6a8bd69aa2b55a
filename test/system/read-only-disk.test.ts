import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { test } from 'node:test';
import { withFailingDisk } from '../support/failing-disk.js';
import { countLines, StoreSite, type ServedSite } from './store-site.js';

/** Sends as somebody new, time and again, until somebody passes; returns who was put off before. */
async function sendUntilUnavailable(served: ServedSite): Promise<readonly string[]> {
  const waiting: string[] = [];
  const giveUpAt = performance.now() + 60_000;
  for (let index = 0; performance.now() < giveUpAt; index++) {
    const sender = `amid${index}`;
    const reason = await served.send(sender);
    if (reason === 'store-unavailable') return waiting;
    assert.equal(reason, 'greylist-new');
    waiting.push(sender);
    await pause(50);
  }
  throw new Error(`everybody was put off: ${served.process.log}`);
}

test('a file system turns read-only: new mail passes, and after it is mended nobody is forgotten', async (t) => {
  await withFailingDisk(t, import.meta.url, async (disk) => {
    // What is not synced when a disk fails is as after a power cut.
    const site = new StoreSite(t, join(disk.path, 'db'), ['store.durability=power']);
    const served = await site.serve();
    assert.equal(await served.send('early'), 'greylist-new');
    disk.fail();
    const waiting = ['early', ...(await sendUntilUnavailable(served))];
    for (const sender of waiting) assert.equal(await served.send(sender), 'greylist-early');
    assert.equal(await served.send('another'), 'store-unavailable');
    const told = await served.process.logged(/ error store cannot be written/);
    assert.match(told, / code=STORE_PERMISSION .*Read-only file system.* check the file system/);
    assert.equal(countLines(served.process.log, / error store cannot be written/), 1);
    await served.stop();

    disk.mend();
    const next = await site.serve();
    for (const sender of waiting) assert.equal(await next.send(sender), 'greylist-early');
    assert.equal(await next.send('another'), 'greylist-new');
    await next.stop();
  });
});
