import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Level } from 'level';
import { openLevelStore } from '../../../src/store/level-store.js';
import { StoreError, type StoreErrorCode } from '../../../src/store/store.js';
import { openOn } from '../../contract/level-rig.js';
import { createManualClock } from '../../support/manual-clock.js';
import { createTempDirectory } from '../../support/temp-directory.js';
import { withoutRights } from '../../support/without-rights.js';

const clock = createManualClock();

/** What every refusal says: the code, the place, and the words that tell what is wrong. */
async function assertRefused(path: string, code: StoreErrorCode, words: string): Promise<void> {
  await assert.rejects(openOn(path, clock), (error) => {
    assert.ok(error instanceof StoreError, String(error));
    assert.equal(error.code, code, error.message);
    assert.ok(error.message.includes(path), error.message);
    assert.ok(error.message.includes(words), error.message);
    return true;
  });
}

async function createStore(path: string, entries = 0): Promise<void> {
  const store = await openOn(path, clock);
  const next = { value: Buffer.alloc(40), expiresAt: clock.now() + 86_400_000 };
  const set = Array.from({ length: entries }, (_, index) =>
    store.compareAndSet(`key ${String(index)}`, undefined, next),
  );
  await Promise.all(set);
  await store.close();
}

async function writeWithLevel(path: string, key: string, value: string): Promise<void> {
  const level = new Level(path);
  await level.put(key, value);
  await level.close();
}

const filesOf = (path: string, pattern: RegExp): string =>
  readdirSync(path).find((name) => pattern.test(name)) ?? '';

describe('openLevelStore creates', () => {
  test('a missing directory for its owner only, and parents that others may pass', async (t) => {
    const root = createTempDirectory(t);
    const umask = process.umask(0o022);
    t.after(() => process.umask(umask));
    const path = join(root, 'var', 'lib', 'db');
    await createStore(path);
    assert.equal(statSync(path).mode & 0o777, 0o700);
    assert.equal(statSync(join(root, 'var')).mode & 0o777, 0o755);
  });

  test('a store in an empty directory, the root of a file system included', async (t) => {
    const path = createTempDirectory(t);
    mkdirSync(join(path, 'lost+found'));
    await createStore(path, 1);
    await createStore(path);
    assert.ok(existsSync(join(path, 'lost+found')));
  });

  test('a store where LevelDB was killed while it created one', async (t) => {
    const path = createTempDirectory(t);
    for (const name of ['LOCK', 'LOG', 'MANIFEST-000001', '000001.dbtmp']) {
      writeFileSync(join(path, name), '');
    }
    await createStore(path, 1);
  });

  test('a store in a LevelDB that was made but not yet written to', async (t) => {
    const path = createTempDirectory(t);
    const level = new Level(path);
    await level.open();
    await level.close();
    await createStore(path, 1);
  });
});

describe('openLevelStore refuses', () => {
  test('a store that is open already: STORE_LOCKED', async (t) => {
    const path = createTempDirectory(t);
    const store = await openOn(path, clock);
    t.after(() => store.close());
    await assertRefused(path, 'STORE_LOCKED', 'in use');
  });

  test('a directory with something else in it: STORE_NOT_OURS, nothing is created', async (t) => {
    const path = createTempDirectory(t);
    writeFileSync(join(path, 'notes.txt'), 'mine');
    await assertRefused(path, 'STORE_NOT_OURS', 'notes.txt');
    assert.deepEqual(readdirSync(path), ['notes.txt']);
  });

  test('a file: STORE_NOT_OURS', async (t) => {
    const path = join(createTempDirectory(t), 'file');
    writeFileSync(path, 'mine');
    await assertRefused(path, 'STORE_NOT_OURS', 'no directory');
  });

  test('the LevelDB of another program: STORE_NOT_OURS, and leaves it whole', async (t) => {
    const path = createTempDirectory(t);
    await writeWithLevel(path, 'their key', 'their value');
    await assertRefused(path, 'STORE_NOT_OURS', 'another program');
    const level = new Level(path);
    t.after(() => level.close());
    assert.deepEqual(await level.iterator().all(), [['their key', 'their value']]);
  });

  test('a LevelDB with another magic: STORE_NOT_OURS', async (t) => {
    const path = createTempDirectory(t);
    await writeWithLevel(path, 'mstore', '{"magic":"theirs","format":1}');
    await assertRefused(path, 'STORE_NOT_OURS', 'another program');
  });

  test('a newer format: STORE_NEWER_FORMAT', async (t) => {
    const path = createTempDirectory(t);
    await createStore(path);
    await writeWithLevel(path, 'mstore', '{"magic":"greymilter","format":2,"extra":{}}');
    await assertRefused(path, 'STORE_NEWER_FORMAT', 'has format 2');
  });

  test('a directory it may not enter: STORE_PERMISSION names the user', async (t) => {
    await withoutRights(t, import.meta.url, async () => {
      const path = join(createTempDirectory(t), 'db');
      await createStore(path);
      chmodSync(path, 0);
      const uid = process.getuid?.();
      await assertRefused(path, 'STORE_PERMISSION', `uid ${String(uid)}`);
      chmodSync(path, 0o700);
    });
  });

  test('files in it that belong to another user: STORE_PERMISSION', async (t) => {
    await withoutRights(t, import.meta.url, async () => {
      const path = join(createTempDirectory(t), 'db');
      await createStore(path);
      chmodSync(join(path, 'LOCK'), 0);
      await assertRefused(path, 'STORE_PERMISSION', 'Permission denied');
    });
  });
});

describe('openLevelStore reports damage as STORE_DAMAGED and deletes nothing:', () => {
  const cases: readonly { name: string; words: string; harm: (path: string) => void }[] = [
    {
      name: 'CURRENT is missing',
      words: 'CURRENT is missing',
      harm: (path) => rmSync(join(path, 'CURRENT')),
    },
    {
      name: 'CURRENT is garbled',
      words: 'CURRENT',
      harm: (path) => writeFileSync(join(path, 'CURRENT'), 'nonsense'),
    },
    {
      name: 'the manifest is missing',
      words: 'MANIFEST',
      harm: (path) => rmSync(join(path, filesOf(path, /^MANIFEST/))),
    },
    {
      name: 'the manifest is empty',
      words: 'damaged',
      harm: (path) => truncateSync(join(path, filesOf(path, /^MANIFEST/)), 0),
    },
    {
      name: 'the manifest is garbled',
      words: 'damaged',
      harm: (path) => writeFileSync(join(path, filesOf(path, /^MANIFEST/)), Buffer.alloc(99, 0xff)),
    },
    {
      name: 'a table is missing',
      words: 'missing files',
      harm: (path) => rmSync(join(path, filesOf(path, /\.ldb$/))),
    },
    {
      name: 'a table is cut short',
      words: 'bytes of',
      harm: (path) => truncateSync(join(path, filesOf(path, /\.ldb$/)), 5000),
    },
  ];
  for (const { name, words, harm } of cases) {
    test(name, async (t) => {
      const path = join(createTempDirectory(t), 'db');
      await createStore(path, 3000);
      harm(path);
      const isData = (file: string): boolean => /\.ldb$|^CURRENT/.test(file);
      const before = readdirSync(path).filter(isData);
      await assertRefused(path, 'STORE_DAMAGED', words);
      const after = readdirSync(path);
      assert.deepEqual(
        before.filter((file) => !after.includes(file)),
        [],
      );
    });
  }

  test('the identity is incomplete', async (t) => {
    const path = createTempDirectory(t);
    await writeWithLevel(path, 'mstore', '{"magic":"greymilter","format":1}');
    await assertRefused(path, 'STORE_DAMAGED', 'identity');
  });
});

describe('when a store was last in use', () => {
  const open = async (path: string, at: number): Promise<readonly number[]> => {
    const heard: number[] = [];
    const onLastUse = (lastUsedAt: number): void => void heard.push(lastUsedAt);
    const options = { path, durability: 'process', clock: { now: () => at }, onLastUse } as const;
    await (await openLevelStore(options)).close();
    return heard;
  };

  test('is told before it is opened again, as late as it may have been', async (t) => {
    const path = createTempDirectory(t);
    const first = clock.now();
    assert.deepEqual(await open(path, first), []);
    // Notes are taken every ten minutes, when it is swept.
    assert.deepEqual(await open(path, first + 3000), [first + 660_000]);
    assert.deepEqual(await open(path, first - 86_400_000), [first + 663_000]);
  });
});
