import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { repairLevelStore, startLevelStoreEmpty } from '../../src/store/repair-level-store.js';
import { StoreError, type StoreErrorCode } from '../../src/store/store.js';
import { withSmallDisk } from '../support/small-disk.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { withoutRights } from '../support/without-rights.js';
import {
  assertHolds,
  clock,
  contentsOf,
  createStore,
  records,
  repair,
  writeWithLevel,
} from './store-to-repair.js';
import { startWriter } from './writer-process.js';

describe('repair and --start-empty refuse, and change nothing:', () => {
  const refusals: readonly {
    readonly name: string;
    readonly code: StoreErrorCode;
    readonly prepare: (path: string) => void | Promise<void>;
    readonly onlyRepair?: true;
  }[] = [
    { name: 'no directory', code: 'STORE_NOT_OURS', prepare: () => undefined },
    { name: 'an empty directory', code: 'STORE_NOT_OURS', prepare: (path) => mkdirSync(path) },
    {
      name: 'a directory with something else',
      code: 'STORE_NOT_OURS',
      prepare: (path) => {
        mkdirSync(path);
        writeFileSync(join(path, 'notes.txt'), 'mine');
      },
    },
    { name: 'a file', code: 'STORE_NOT_OURS', prepare: (path) => writeFileSync(path, 'mine') },
    {
      name: 'the LevelDB of another program',
      code: 'STORE_NOT_OURS',
      prepare: (path) => writeWithLevel(path, 'their key', 'their value'),
    },
    {
      name: 'a newer format',
      code: 'STORE_NEWER_FORMAT',
      prepare: (path) => writeWithLevel(path, 'mstore', '{"magic":"greymilter","format":2}'),
      onlyRepair: true,
    },
  ];
  for (const { name, code, prepare, onlyRepair } of refusals) {
    test(`${name}: ${code}`, async (t) => {
      const root = createTempDirectory(t);
      const path = join(root, 'db');
      await prepare(path);
      const before = readdirSync(root, { recursive: true });
      await assert.rejects(repairLevelStore(path, clock.now()), refusal(code, path));
      assert.deepEqual(readdirSync(root, { recursive: true }).sort(), before.sort());
      if (onlyRepair) return;
      await assert.rejects(startLevelStoreEmpty(path, clock.now()), refusal(code, path));
      assert.deepEqual(readdirSync(root, { recursive: true }).sort(), before.sort());
    });
  }

  test('the damaged LevelDB of another program: STORE_NOT_OURS', async (t) => {
    const path = join(createTempDirectory(t), 'db');
    await writeWithLevel(path, 'their key', 'their value');
    rmSync(join(path, 'CURRENT'));
    await assert.rejects(repairLevelStore(path, clock.now()), refusal('STORE_NOT_OURS', path));
  });

  test('a store that another process has open: STORE_LOCKED', async (t) => {
    const path = join(createTempDirectory(t), 'db');
    await startWriter(t, path, 'hold');
    for (const act of [repairLevelStore, startLevelStoreEmpty]) {
      await assert.rejects(act(path, clock.now()), refusal('STORE_LOCKED', path));
    }
    assert.deepEqual(readdirSync(join(path, '..')), ['db']);
  });

  test('a full disk: STORE_UNAVAILABLE', async (t) => {
    await withSmallDisk(t, import.meta.url, async (disk) => {
      const path = await createStore(t, disk.path);
      rmSync(join(path, 'CURRENT'));
      const before = contentsOf(path);
      disk.fill();
      for (const act of [repairLevelStore, startLevelStoreEmpty]) {
        await assert.rejects(act(path, clock.now()), refusal('STORE_UNAVAILABLE', path));
      }
      assert.deepEqual(contentsOf(path), before);
      disk.free();
      await repair(path);
      await assertHolds(path, records);
    });
  });

  test('a parent directory that may not be written to: STORE_PERMISSION', async (t) => {
    await withoutRights(t, import.meta.url, async () => {
      const path = await createStore(t);
      rmSync(join(path, 'CURRENT'));
      chmodSync(join(path, '..'), 0o500);
      try {
        await assert.rejects(
          repairLevelStore(path, clock.now()),
          refusal('STORE_PERMISSION', path),
        );
      } finally {
        chmodSync(join(path, '..'), 0o700);
      }
    });
  });
});

function refusal(code: StoreErrorCode, path: string): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof StoreError, String(error));
    assert.equal(error.code, code, error.message);
    assert.ok(error.message.includes(path), error.message);
    assert.doesNotMatch(error.message, /\.repair-/);
    return true;
  };
}

describe('--start-empty', () => {
  for (const [name, harm] of [
    ['a sound store', () => undefined],
    ['a damaged store', (path: string) => rmSync(join(path, 'CURRENT'))],
    [
      'a newer format',
      (path: string) => writeWithLevel(path, 'mstore', '{"magic":"greymilter","format":2}'),
    ],
  ] as const) {
    test(`${name}: an empty one stands in its place, and it is kept whole`, async (t) => {
      const path = await createStore(t);
      await harm(path);
      const before = contentsOf(path);
      const aside = await startLevelStoreEmpty(path, clock.now());
      assert.deepEqual(contentsOf(aside), before);
      assert.equal(statSync(path).mode & 0o777, 0o700);
      await assertHolds(path, 0);
      assert.equal(readdirSync(join(path, '..')).length, 2);
    });
  }
});
