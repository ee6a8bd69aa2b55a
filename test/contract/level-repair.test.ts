import assert from 'node:assert/strict';
import {
  chownSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { holdLock } from '../../src/store/level/store-files.js';
import { repairLevelStore } from '../../src/store/repair-level-store.js';
import { runGreymilter } from '../support/daemon-process.js';
import { createManualClock } from '../support/manual-clock.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { isRoot, nobody } from '../support/without-rights.js';
import { garbleLargestTable, openOn } from './level-rig.js';
import {
  assertHolds,
  clock,
  contentsOf,
  createStore,
  dayMs,
  deleteWithLevel,
  filesOf,
  records,
  repair,
  writeWithLevel,
} from './store-to-repair.js';

interface Damage {
  readonly name: string;
  readonly harm: (path: string) => void | Promise<void>;
  /** How many records must be there again. */
  readonly atLeast: number;
  readonly words: RegExp;
  readonly isNewIdentity?: true;
}

const all = records;
const damages: readonly Damage[] = [
  {
    name: 'CURRENT is missing',
    harm: (path) => rmSync(join(path, 'CURRENT')),
    atLeast: all,
    words: /CURRENT: it is missing/,
  },
  {
    name: 'CURRENT is garbled',
    harm: (path) => writeFileSync(join(path, 'CURRENT'), 'nonsense'),
    atLeast: all,
    words: /CURRENT/,
  },
  {
    name: 'the manifest is missing',
    harm: (path) => filesOf(path, /^MANIFEST/).forEach((file) => rmSync(file)),
    atLeast: all,
    words: /MANIFEST/,
  },
  {
    name: 'the manifest is garbled',
    harm: (path) =>
      filesOf(path, /^MANIFEST/).forEach((file) => writeFileSync(file, Buffer.alloc(99, 0xff))),
    atLeast: all,
    words: /./,
  },
  {
    name: 'a table is missing',
    harm: (path) =>
      filesOf(path, /\.ldb$/)
        .slice(0, 1)
        .forEach((file) => rmSync(file)),
    atLeast: all / 3,
    words: /ldb: it is missing/,
  },
  {
    name: 'a table is cut short',
    harm: (path) =>
      filesOf(path, /\.ldb$/)
        .slice(0, 1)
        .forEach((file) => truncateSync(file, 5000)),
    atLeast: all / 3,
    words: /its end is not as written, or missing/,
  },
  {
    name: 'half a table is overwritten',
    harm: garbleLargestTable,
    atLeast: all / 3,
    words: /./,
  },
  {
    name: 'the identity, and with it the secret of the hash, is lost',
    harm: (path) => deleteWithLevel(path, 'mstore'),
    atLeast: all,
    words: /identity is missing/,
    isNewIdentity: true,
  },
  {
    name: 'the identity is incomplete',
    harm: (path) => writeWithLevel(path, 'mstore', '{"magic":"greymilter","format":1}'),
    atLeast: all,
    words: /identity is incomplete/,
    isNewIdentity: true,
  },
  {
    name: 'a record is garbled',
    harm: (path) => writeWithLevel(path, 'r1234567', 'garbled'),
    atLeast: all,
    words: /garbled/,
  },
];

describe('repair', () => {
  for (const { name, harm, atLeast, words, isNewIdentity = false } of damages) {
    test(`${name}: what can be read is there again, and the original aside`, async (t) => {
      const path = await createStore(t);
      await harm(path);
      const damaged = contentsOf(path);
      const report = await repair(path);
      assert.match(report.damage, words);
      assert.equal(report.isNewIdentity, isNewIdentity);
      assert.ok(report.kept >= atLeast, `${report.kept} kept`);
      // What lists them by their time stands at the end of a table.
      if (!name.includes('cut')) assert.ok(report.listed >= report.kept, `${report.listed} listed`);
      assert.equal(report.garbled, name === 'a record is garbled' ? 1 : 0);
      assert.equal(report.badTables.length > 0, /^a table is cut|^half/.test(name));
      assert.deepEqual(contentsOf(report.aside), damaged);
      assert.equal(report.aside, `${path}.aside-20300101T000000Z`);
      assert.deepEqual(readdirSync(join(path, '..')).sort(), ['db', 'db.aside-20300101T000000Z']);
      assert.equal(statSync(path).mode & 0o777, 0o700);
      await assertHolds(path, report.kept);
      assert.equal((await repairLevelStore(path, clock.now())).kind, 'sound');
    });
  }

  test('expires what it has kept, each in its time', async (t) => {
    const path = await createStore(t);
    rmSync(join(path, 'CURRENT'));
    await repair(path);
    const later = createManualClock();
    const store = await openOn(path, later);
    t.after(() => store.close());
    later.advance(3_600_000);
    for (let day = 1; day <= 5; day++) {
      later.advance(dayMs / 2);
      assert.equal(await store.sweep(), 0);
      later.advance(dayMs / 2);
      assert.equal(await store.sweep(), records / 5, `day ${day}`);
    }
  });

  test('leaves a sound store as it is', async (t) => {
    const path = await createStore(t);
    const before = contentsOf(path);
    const { kind, ...found } = await repairLevelStore(path, clock.now());
    assert.deepEqual([kind, 'records' in found && found.records], ['sound', records]);
    assert.deepEqual(contentsOf(path), before);
    assert.deepEqual(readdirSync(join(path, '..')), ['db']);
  });

  test('keeps the daemon from starting meanwhile', async (t) => {
    const path = await createStore(t);
    const socket = join(path, '..', 'milter.sock');
    const lock = await holdLock(path, join(path, '..', 'holder'));
    t.after(() => lock.close());
    const serve = ['serve', '--listen', `unix:${socket}`, '--store', path];
    const { code, stderr } = await runGreymilter(serve);
    assert.equal(code, 69);
    assert.match(stderr, /is in use by another process/);
  });

  test('gives the new store to whom the old one belongs', async (t) => {
    const path = await createStore(t);
    const others = isRoot() ? nobody : statSync(path).uid;
    for (const file of [path, ...filesOf(path, /./)]) chownSync(file, others, statSync(path).gid);
    rmSync(join(path, 'CURRENT'));
    const { aside } = await repair(path);
    for (const file of [path, ...filesOf(path, /./), aside, ...filesOf(aside, /./)]) {
      assert.equal(statSync(file).uid, others, file);
    }
  });

  test('follows a symbolic link', async (t) => {
    const path = await createStore(t);
    const link = join(createTempDirectory(t), 'link');
    symlinkSync(path, link);
    rmSync(join(path, 'CURRENT'));
    const report = await repair(link);
    assert.equal(report.aside, `${path}.aside-20300101T000000Z`);
    await assertHolds(link, records);
  });
});
