import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { withFailingDisk } from '../support/failing-disk.js';
import { createMemoryDirectory } from '../support/memory-directory.js';
import { StoreSite } from './store-site.js';

const senders = Array.from({ length: 20 }, (_, index) => `amid${index}`);

test('a disk that hangs holds nobody up where there is a journal, and has all of it later', async (t) => {
  await withFailingDisk(t, import.meta.url, async (disk) => {
    const journal = `store.journal=${createMemoryDirectory(t)}`;
    // Whoever waits for the disk would be let through after that.
    const site = new StoreSite(t, join(disk.path, 'db'), [journal, 'limits.answer=9s']);
    const served = await site.serve();
    assert.equal(await served.send('early'), 'greylist-new');
    disk.freeze();
    for (const sender of senders) assert.equal(await served.send(sender), 'greylist-new');
    for (const sender of ['early', ...senders]) {
      assert.equal(await served.send(sender), 'greylist-early');
    }
    disk.thaw();
    served.process.kill('SIGKILL');
    await served.process.ending;
    const next = await site.serve();
    for (const sender of ['early', ...senders]) {
      assert.equal(await next.send(sender), 'greylist-early');
    }
    await next.stop();
  });
});
