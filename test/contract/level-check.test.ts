import assert from 'node:assert/strict';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { checkLevelStore, type BadFile } from '../../src/store/check-level-store.js';
import { maskedCrc32c } from '../../src/store/level/crc32c.js';
import { readFooter } from '../../src/store/level/table-format.js';
import { repairLevelStore } from '../../src/store/repair-level-store.js';
import { createRandom } from '../support/seeded-random.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { LevelRig } from './level-rig.js';
import { assertHolds, clock, createStore, filesOf, records, repair } from './store-to-repair.js';

const tablesOf = (path: string): readonly string[] => filesOf(path, /\.ldb$/);

function flip(file: string, at: number, bit: number): void {
  const bytes = readFileSync(file);
  bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << bit), at);
  writeFileSync(file, bytes);
}

/** A whole record as it stands in a log, with its checksum. */
function logPart(record: Buffer): Buffer {
  const part = Buffer.concat([Buffer.of(0, 0, 0, 0, record.length, 0, 1), record]);
  part.writeUInt32LE(maskedCrc32c(part, 6));
  return part;
}

/** Records that are alike, so that LevelDB packs them, in several tables. */
async function createPackedStore(t: TestContext): Promise<string> {
  const rig = await LevelRig.open(t);
  const expiresAt = rig.clock.now() + 86_400_000;
  const value = Buffer.alloc(2000, 'again ');
  for (let round = 0; round < 3; round++) {
    const set: Promise<boolean>[] = [];
    for (let index = 0; index < 3000; index++) {
      set.push(rig.store.compareAndSet(`${round} ${index}`, undefined, { value, expiresAt }));
    }
    await Promise.all(set);
  }
  for await (const step of rig.store.compact()) assert.ok(step.done <= step.of);
  await rig.store.close();
  return rig.path;
}

describe('the check of a store', () => {
  test('finds a sound one as it was written', async (t) => {
    const path = await createStore(t);
    const bytes = tablesOf(path).reduce((sum, file) => sum + statSync(file).size, 0);
    assert.deepEqual(await checkLevelStore(path), { tables: 1, bytes, bad: [] });
  });

  test('finds nothing in one without tables, or without records', async (t) => {
    const { path } = await LevelRig.open(t);
    const { bad } = await checkLevelStore(path);
    assert.deepEqual(bad, []);
  });

  for (const [name, create, bits] of [
    ['', createStore, 200],
    [' of packed tables', createPackedStore, 60],
  ] as const) {
    test(`finds each bit${name} that is another, wherever it stands`, async (t) => {
      const path = await create(t);
      const { tables, bad } = await checkLevelStore(path);
      assert.deepEqual(bad, []);
      assert.equal(tables, tablesOf(path).length);
      const random = createRandom(10);
      const table = tablesOf(path)[0] ?? assert.fail();
      const { size } = statSync(table);
      for (let index = 0; index < bits; index++) {
        // A third of them at the end, where the index is.
        const from = index % 3 === 0 ? size - Math.min(size, 600) : 0;
        const at = from + Math.floor(random() * (size - from));
        const bit = Math.floor(random() * 8);
        flip(table, at, bit);
        const found = (await checkLevelStore(path)).bad;
        assert.deepEqual(
          found.map(({ name: file, blocks }) => [file, blocks]),
          [[basename(table), 1]],
          `bit ${bit} of byte ${at} of ${size}`,
        );
        assert.ok((found[0]?.offset ?? 0) <= at);
        flip(table, at, bit);
      }
      assert.deepEqual((await checkLevelStore(path)).bad, []);
    });
  }

  test('finds nothing in one that is written to, flushed and compacted meanwhile', async (t) => {
    const { store, path, clock: time } = await LevelRig.open(t);
    const expiresAt = time.now() + 86_400_000;
    let seen = 0;
    let isOver = false;
    const check = async (): Promise<void> => {
      while (!isOver) {
        const { tables, bad } = await checkLevelStore(path);
        assert.deepEqual(bad, []);
        seen = Math.max(seen, tables);
      }
    };
    const checking = check();
    for (let round = 0; round < 12; round++) {
      const set: Promise<boolean>[] = [];
      for (let index = 0; index < 500; index++) {
        const value = Buffer.alloc(4000, `${round} ${index}`);
        set.push(store.compareAndSet(`${round} ${index}`, undefined, { value, expiresAt }));
      }
      await Promise.all(set);
      if (round % 4 === 3) for await (const step of store.compact()) assert.ok(step.of > 0);
    }
    isOver = true;
    await checking;
    assert.ok(seen > 0);
  });

  test('waits between its steps, and ends with what is thrown there', async (t) => {
    const path = await createStore(t);
    const steps: number[] = [];
    const onStep = (bytes: number): Promise<void> => {
      steps.push(bytes);
      return steps.length === 2 ? Promise.reject(new Error('enough')) : Promise.resolve();
    };
    await assert.rejects(checkLevelStore(path, { onStep }), /^Error: enough$/);
    assert.equal(steps.length, 2);
    assert.ok(steps.every((bytes) => bytes <= 65_536));
  });

  interface Damage {
    readonly name: string;
    readonly harm: (path: string) => void;
    readonly bad: readonly Partial<BadFile>[];
  }

  const damages: readonly Damage[] = [
    {
      name: 'several blocks of a table',
      harm: (path) => [5000, 5001, 20_000].forEach((at) => flip(tablesOf(path)[0] ?? '', at, 3)),
      bad: [{ name: '000005.ldb', blocks: 2 }],
    },
    {
      name: 'a table that is cut short',
      harm: (path) => truncateSync(tablesOf(path)[0] ?? '', 5000),
      bad: [{ name: '000005.ldb', found: 'its end is not as written, or missing' }],
    },
    {
      name: 'an empty table',
      harm: (path) => truncateSync(tablesOf(path)[0] ?? '', 0),
      bad: [{ name: '000005.ldb', found: 'its end is not as written, or missing' }],
    },
    {
      name: 'a table that is not there',
      harm: (path) => rmSync(tablesOf(path)[0] ?? ''),
      bad: [{ name: '000005.ldb', offset: 0, blocks: 1, found: 'it is missing' }],
    },
    {
      name: 'a manifest that is garbled',
      harm: (path) => flip(filesOf(path, /^MANIFEST/)[0] ?? '', 20, 0),
      bad: [{ name: 'MANIFEST-000006', offset: 0, found: 'it cannot be read from byte 0 on' }],
    },
    {
      name: 'a manifest of another kind',
      harm: (path) => writeFileSync(filesOf(path, /^MANIFEST/)[0] ?? '', logPart(Buffer.of(99))),
      bad: [{ name: 'MANIFEST-000006', offset: 0 }],
    },
    {
      name: 'a manifest that is not there',
      harm: (path) => rmSync(filesOf(path, /^MANIFEST/)[0] ?? ''),
      bad: [{ name: 'MANIFEST-000006', found: 'it is missing' }],
    },
    {
      name: 'CURRENT that names none',
      harm: (path) => writeFileSync(join(path, 'CURRENT'), '../elsewhere\n'),
      bad: [{ name: 'CURRENT', offset: 0 }],
    },
    {
      name: 'CURRENT that is not there',
      harm: (path) => rmSync(join(path, 'CURRENT')),
      bad: [{ name: 'CURRENT', found: 'it is missing' }],
    },
  ];
  for (const { name, harm, bad } of damages) {
    test(`finds ${name}`, async (t) => {
      const path = await createStore(t);
      harm(path);
      const told: BadFile[] = [];
      const found = await checkLevelStore(path, { onBad: (each) => told.push(each) });
      assert.deepEqual(told, found.bad);
      assert.equal(told.length, bad.length);
      told.forEach((each, index) => assert.deepEqual(each, { ...each, ...bad[index] }));
    });
  }

  test('refuses what is no store', async (t) => {
    const parent = createTempDirectory(t);
    for (const path of [parent, join(parent, 'missing')]) {
      await assert.rejects(checkLevelStore(path), { code: 'STORE_NOT_OURS' });
    }
  });

  test('says if it cannot read', async (t) => {
    const path = await createStore(t);
    const [table = ''] = tablesOf(path);
    renameSync(table, `${table}.was`);
    mkdirSync(table);
    await assert.rejects(checkLevelStore(path), { code: 'STORE_UNAVAILABLE' });
  });
});

describe('repair by checksums', () => {
  test('leaves out what a bit has changed, and no more than its block', async (t) => {
    const path = await createStore(t);
    const sound = join(path, '..', 'sound.ldb');
    const [table = ''] = tablesOf(path);
    copyFileSync(table, sound);
    const random = createRandom(11);
    const { size } = statSync(sound);
    for (let index = 0; index < 8; index++) {
      const at = Math.floor(random() * size * 0.8);
      flip(table, at, Math.floor(random() * 8));
      const { kept, badTables, damage, aside } = await repair(path);
      assert.match(damage, /^000005\.ldb: a block is not as written, at byte \d+$/);
      assert.deepEqual(badTables, ['000005.ldb']);
      // Some of the block's keys are of the index by time, and not of records.
      assert.ok(kept >= records - 150 && kept <= records, `${kept} kept`);
      await assertHolds(path, kept);
      assert.equal((await repairLevelStore(path, clock.now())).kind, 'sound');
      rmSync(path, { recursive: true });
      renameSync(aside, path);
      chmodSync(path, 0o700);
      copyFileSync(sound, table);
    }
  });

  test('makes a damaged index, and the end of a table, anew: nothing is lost', async (t) => {
    const path = await createStore(t);
    const [table = ''] = tablesOf(path);
    const sound = readFileSync(table);
    const random = createRandom(12);
    const indexAt =
      readFooter(sound.subarray(-48), sound.length - 48)?.index.offset ?? assert.fail();
    for (let index = 0; index < 10; index++) {
      const from = index % 2 === 0 ? indexAt : sound.length - 48;
      const at = from + Math.floor(random() * (sound.length - from));
      const bit = Math.floor(random() * 8);
      flip(table, at, bit);
      const { kept, badTables, aside } = await repair(path);
      assert.equal(kept, records, `bit ${bit} of byte ${at} of ${sound.length}`);
      assert.deepEqual(badTables, ['000005.ldb']);
      await assertHolds(path, records);
      rmSync(path, { recursive: true });
      renameSync(aside, path);
      writeFileSync(table, sound);
    }
  });

  test('keeps what a table that is cut short begins with', async (t) => {
    const path = await createStore(t);
    const [table = ''] = tablesOf(path);
    truncateSync(table, statSync(table).size >> 1);
    const { kept, badTables } = await repair(path);
    assert.deepEqual(badTables, ['000005.ldb']);
    // A third of the records stands in the log.
    assert.ok(kept > records / 2 && kept < records, `${kept} kept`);
    await assertHolds(path, kept);
  });

  test('does without a table of which nothing is left', async (t) => {
    const path = await createStore(t);
    const [table = ''] = tablesOf(path);
    writeFileSync(table, Buffer.alloc(statSync(table).size));
    const { kept, badTables } = await repair(path);
    assert.deepEqual([kept, badTables], [records / 3, ['000005.ldb']]);
    await assertHolds(path, kept);
  });

  test('keeps all where only the filter of a table is damaged', async (t) => {
    const path = await createStore(t);
    const [table = ''] = tablesOf(path);
    const { size } = statSync(table);
    const bytes = readFileSync(table);
    // The metaindex, whose name for the filter is a text, stands behind it.
    const name = bytes.indexOf('filter.leveldb');
    assert.ok(name > 0);
    for (const at of [name, name - 100]) {
      flip(table, at, 0);
      const { kept, aside } = await repair(path);
      assert.equal(kept, records, `byte ${at} of ${size}`);
      await assertHolds(path, records);
      rmSync(path, { recursive: true });
      renameSync(aside, path);
      flip(table, at, 0);
    }
  });
});
