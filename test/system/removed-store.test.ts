import assert from 'node:assert/strict';
import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { countLines, StoreSite, type ServedSite } from './store-site.js';

/** Sends as somebody new until the filter has noticed, or has got over it. */
async function sendUntil(served: ServedSite, who: string, expected: string): Promise<string> {
  const giveUpAt = performance.now() + 60_000;
  for (let index = 0; performance.now() < giveUpAt; index++) {
    const sender = `${who}${index}`;
    if ((await served.send(sender)) === expected) return sender;
    await pause(50);
  }
  throw new Error(`nobody met ${expected}: ${served.process.log}`);
}

describe('the directory of the store, while the filter runs,', () => {
  test('is removed: nobody new waits, what is known can be saved, and a restart helps', async (t) => {
    const site = new StoreSite(t);
    const served = await site.serve();
    assert.equal(await served.send('early'), 'greylist-new');
    rmSync(site.store, { recursive: true });
    await sendUntil(served, 'unheard-of', 'store-unavailable');
    assert.equal(await served.send('early'), 'greylist-early');
    assert.equal(await served.send('another'), 'store-unavailable');
    const { log } = served.process;
    const [told = ''] = log
      .split('\n')
      .filter((line) => / error store cannot be written/.test(line));
    assert.match(told, / code=STORE_REMOVED .*greymilter backup FILE.*restart it/);
    assert.equal(countLines(log, / error store cannot be written/), 1);
    assert.equal(countLines(log, / error the store cannot be written/), 1);

    const file = join(site.directory, 'saved.jsonl');
    const saved = await site.run('backup', file);
    assert.equal(saved.code, 0, saved.stderr);
    await served.stop();
    const restored = await site.run('restore', file, '--yes');
    assert.equal(restored.code, 0, restored.stderr);
    const next = await site.serve();
    assert.equal(await next.send('early'), 'greylist-early');
    await next.stop();

    rmSync(site.store, { recursive: true });
    const empty = await site.serve();
    assert.equal(await empty.send('early'), 'greylist-new');
    assert.equal(await empty.send('early'), 'greylist-early');
    await empty.stop();
  });

  test('is moved away and back: it is written again by itself, and nothing is lost', async (t) => {
    const site = new StoreSite(t);
    const served = await site.serve();
    assert.equal(await served.send('early'), 'greylist-new');
    const elsewhere = join(site.directory, 'elsewhere');
    renameSync(site.store, elsewhere);
    await sendUntil(served, 'unheard-of', 'store-unavailable');
    renameSync(elsewhere, site.store);
    const first = await sendUntil(served, 'welcome', 'greylist-new');
    await served.process.logged(/ the store is written again /);
    await served.stop();
    const next = await site.serve();
    for (const sender of ['early', first]) assert.equal(await next.send(sender), 'greylist-early');
    await next.stop();
  });
});
