import assert from 'node:assert/strict';
import { readdirSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { repairLevelStore } from '../../src/store/repair-level-store.js';
import { openSession } from './smtp-session.js';
import { StoreSite } from './store-site.js';

const senders = 40;

/** The log that the store writes to. */
function logOf(store: string): string {
  const [name = ''] = readdirSync(store).filter((each) => each.endsWith('.log'));
  return join(store, name);
}

describe('the log of the store is cut in the middle', () => {
  test('what was written before is there, and what comes after is new and remembered', async (t) => {
    const site = new StoreSite(t);
    const served = await site.serve();
    const peer = await served.connect();
    await openSession(peer);
    for (let index = 0; index < senders; index++) {
      assert.equal(await served.sendOn(peer, `sender${index}`), 'greylist-new');
    }
    peer.drop();
    // A clean stop would write all of it into tables.
    served.process.kill('SIGKILL');
    await served.process.ending;
    const log = logOf(site.store);
    truncateSync(log, Math.floor(statSync(log).size / 2) - 3);

    const next = await site.serve();
    const again = await next.connect();
    await openSession(again);
    const reasons: string[] = [];
    for (let index = 0; index < senders; index++) {
      reasons.push(await next.sendOn(again, `sender${index}`));
    }
    const kept = reasons.lastIndexOf('greylist-early') + 1;
    assert.ok(kept >= senders / 4 && kept <= (senders * 3) / 4, `${kept} are kept`);
    assert.deepEqual(new Set(reasons.slice(0, kept)), new Set(['greylist-early']));
    assert.deepEqual(new Set(reasons.slice(kept)), new Set(['greylist-new']));
    for (const index of [0, senders - 1]) {
      assert.equal(await next.sendOn(again, `sender${index}`), 'greylist-early');
    }
    again.drop();
    await next.stop();
    assert.equal((await repairLevelStore(site.store, Date.now())).kind, 'sound');
  });
});
