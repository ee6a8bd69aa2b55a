import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { HeldFiles } from '../../../../src/store/level/held-files.js';
import { openLevelStore } from '../../../../src/store/level-store.js';
import { createManualClock } from '../../../support/manual-clock.js';
import { openFiles } from '../../../support/open-files.js';
import { createTempDirectory } from '../../../support/temp-directory.js';
import { waitUntil } from '../../../support/wait-until.js';

const deleted = ' (deleted)';

/** What this process has open of a directory, by name; `*` behind those that are deleted. */
function openIn(directory: string): readonly string[] {
  return openFiles()
    .filter((target) => dirname(target) === directory)
    .map((target) => basename(target).replace(deleted, '*'))
    .sort();
}

/** A directory with empty files, and what holds so many of them. */
function rig(t: TestContext, names: readonly string[], most: number) {
  const directory = createTempDirectory(t);
  const write = (name: string): void => writeFileSync(join(directory, name), '');
  names.forEach(write);
  const files = new HeldFiles(directory, most);
  t.after(() => files.close());
  const remove = (name: string): void => rmSync(join(directory, name));
  return { directory, files, write, remove, open: () => openIn(directory) };
}

describe('files that are held', () => {
  test('are tables and logs, and nothing else of the database', async (t) => {
    const { files, open } = rig(
      t,
      ['000005.ldb', '000007.log', 'CURRENT', 'LOCK', 'LOG', 'MANIFEST-000004', 'x.ldb'],
      128,
    );
    await files.look();
    assert.deepEqual(open(), ['000005.ldb', '000007.log']);
    assert.equal(files.size, 2);
  });

  test('stay until it is looked again, and are let go of then', async (t) => {
    const { files, open, write, remove } = rig(t, ['000005.ldb', '000006.ldb'], 128);
    await files.look();
    remove('000005.ldb');
    write('000008.ldb');
    assert.deepEqual(open(), ['000005.ldb*', '000006.ldb']);
    await files.look();
    assert.deepEqual(open(), ['000006.ldb', '000008.ldb']);
  });

  test('are the newest ones where there are more than may be held', async (t) => {
    const { files, open, write } = rig(t, ['000009.ldb', '000010.ldb', '1000000.ldb'], 2);
    await files.look();
    assert.deepEqual(open(), ['000010.ldb', '1000000.ldb']);
    write('1000001.log');
    await files.look();
    assert.deepEqual(open(), ['1000000.ldb', '1000001.log']);
  });

  test('are none after the end, nor where the directory is gone', async (t) => {
    const { directory, files, open } = rig(t, ['000005.ldb'], 128);
    await files.look();
    rmSync(directory, { recursive: true });
    await files.look();
    assert.equal(files.size, 0);
    const other = rig(t, ['000005.ldb'], 128);
    await other.files.look();
    await other.files.close();
    other.files.stir();
    assert.deepEqual([...open(), ...other.open()], []);
  });

  test('are looked for in a while when something is written', async (t) => {
    const { files, open, remove } = rig(t, ['000005.ldb'], 128);
    files.stir();
    assert.deepEqual(open(), []);
    await waitUntil(() => files.size === 1, 'the table is held');
    // Having found something it looks again, though nothing more is written.
    remove('000005.ldb');
    await waitUntil(() => files.size === 0, 'it is let go of');
  });

  test('cost nothing where none may be held', async (t) => {
    const { files, open } = rig(t, ['000005.ldb'], 0);
    files.stir();
    await files.look();
    assert.deepEqual(open(), []);
  });
});

test('a store holds its files, as many as it may, and none when it is closed', async (t) => {
  const path = join(createTempDirectory(t), 'db');
  const clock = createManualClock();
  const options = { path, clock, durability: 'process', heldFiles: 8 } as const;
  const store = await openLevelStore(options);
  t.after(() => store.close());
  const next = { value: Buffer.from('value'), expiresAt: clock.now() + 1000 };
  await store.compareAndSet('key', undefined, next);
  const isLog = (name: string): boolean => /^\d+\.log$/.test(name);
  // LevelDB has it open as well.
  await waitUntil(() => openIn(path).filter(isLog).length === 2, 'its log is held');
  await store.close();
  assert.deepEqual(openIn(path), []);
});
