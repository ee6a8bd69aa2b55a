import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { describe, test } from 'node:test';
import { createMemoryDirectory } from '../support/memory-directory.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { StoreSite } from './store-site.js';

describe('the journal of the store', () => {
  test('is where the unit says, and a killed filter is found in it by commands and the next one', async (t) => {
    const memory = createMemoryDirectory(t);
    const environment = { GREYMILTER_JOURNAL: memory };
    const site = new StoreSite(t);
    const served = await site.serve({ environment });
    assert.equal(readdirSync(memory).length, 1);
    assert.equal(await served.send('early'), 'greylist-new');
    // No millisecond later.
    served.process.kill('SIGKILL');
    await served.process.ending;

    const listed = await site.run('list', '--json');
    assert.match(listed.stdout, /early@client\.example/);
    assert.equal(readdirSync(memory).length, 1, 'to look at it changes nothing');

    const next = await site.serve({ environment });
    await next.process.logged(/ info read from the journal of a process .* records=\d+$/);
    assert.equal(readdirSync(memory).length, 1);
    assert.equal(await next.send('early'), 'greylist-early');
    await next.stop();
    assert.deepEqual(readdirSync(memory), []);
  });

  test('is nowhere but in memory, and who names a disk is told', async (t) => {
    const disk = createTempDirectory(t);
    for (const [directory, words] of [
      [disk, 'it is on a disk: name a directory of a tmpfs'],
      ['/nowhere', 'ENOENT'],
    ] as const) {
      const environment = { GREYMILTER_JOURNAL: directory };
      const served = await new StoreSite(t).serve({ environment });
      const told = await served.process.logged(/ warn store\.journal cannot be used/);
      assert.ok(told.includes(`directory=${directory} `) && told.includes(words), told);
      assert.equal(await served.send('early'), 'greylist-new');
      await served.stop();
    }
    assert.deepEqual(readdirSync(disk), []);
  });

  test('is not made where answers wait for the disk', async (t) => {
    const memory = createMemoryDirectory(t);
    const environment = { GREYMILTER_JOURNAL: memory };
    for (const setting of ['store.journal=null', 'store.durability=power']) {
      const served = await new StoreSite(t, undefined, [setting]).serve({ environment });
      assert.deepEqual(readdirSync(memory), []);
      assert.equal(await served.send('early'), 'greylist-new');
      await served.stop();
    }
  });
});
