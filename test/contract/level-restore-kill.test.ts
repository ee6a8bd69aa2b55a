import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { isStoreThere } from '../../src/store/find-level-store.js';
import { openLevelSnapshot } from '../../src/store/open-level-snapshot.js';
import { openLevelStore, type LevelStore } from '../../src/store/level-store.js';
import { restoreLevelStore } from '../../src/store/restore-level-store.js';
import { StoreError } from '../../src/store/store.js';
import { RecordingLogger } from '../support/recording-logger.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { withoutRights } from '../support/without-rights.js';
import { restoredKeys } from './restored-store.js';
import { assertHolds, clock, createStore, records } from './store-to-repair.js';

const victim = fileURLToPath(new URL('restore-victim.ts', import.meta.url));

/** Restores in another process that is killed before a step; false if there are fewer of them. */
async function killBefore(path: string, step: number, name?: string): Promise<boolean> {
  const args = ['--import', import.meta.resolve('tsx'), victim, path, String(clock.now())];
  const child = spawn(
    process.execPath,
    [...args, String(step), ...(name === undefined ? [] : [name])],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  const ended: unknown[] = await once(child, 'exit');
  const [code, signal] = ended;
  assert.ok(signal === 'SIGKILL' || code === 0, String(code));
  return signal === 'SIGKILL';
}

type Content = 'old' | 'new';

/** Opens what is there, which must be one of the two and whole, and says what was logged. */
async function contentOf(path: string): Promise<{ content: Content; logged: readonly string[] }> {
  const logger = new RecordingLogger();
  const store = await openLevelStore({ path, durability: 'process', clock, logger });
  const logged = logger.takeAll().map(({ message }) => message);
  const isNew = holdsRestored(store);
  await store.close();
  if (!isNew) await assertHolds(path, records);
  return { content: isNew ? 'new' : 'old', logged };
}

function holdsRestored(store: Pick<LevelStore, 'get'>): boolean {
  const there = restoredKeys.filter((key) => store.get(key) !== undefined).length;
  assert.ok(there === 0 || there === restoredKeys.length, `${there} are there`);
  return there > 0;
}

/** Leaves things as they are when somebody is killed between the two changes of names. */
async function interrupted(t: TestContext): Promise<string> {
  const path = await createStore(t);
  // The first one is that of what is written down before.
  assert.ok(await killBefore(path, 3, 'rename'));
  assert.ok(!existsSync(path));
  return path;
}

describe('a restore that is killed', () => {
  test('before any step leaves the old store or the new one, and what it left goes', async (t) => {
    const template = await createStore(t);
    const found: Content[] = [];
    const logged = new Set<string>();
    for (let step = 1; ; step++) {
      const path = join(createTempDirectory(t), 'db');
      cpSync(template, path, { recursive: true });
      const wasKilled = await killBefore(path, step);
      const seen = await contentOf(path);
      found.push(seen.content);
      for (const message of seen.logged) logged.add(message);
      if (!wasKilled) break;
      const aside = await restoreLevelStore(path, () => Promise.resolve(), clock.now());
      const kept = readdirSync(dirname(path)).filter((name) => name !== 'db');
      assert.ok(kept.includes(basename(aside ?? '')));
      assert.ok(
        kept.every((name) => /^db\.aside-20300101T000000Z(-2)?$/.test(name)),
        kept.join(),
      );
      assert.equal(kept.length, seen.content === 'new' ? 2 : 1);
    }
    // First always the one, then always the other.
    assert.match(found.map((each) => each[0]).join(''), /^o{5,}n{3,}$/);
    assert.deepEqual([...logged].sort(), [
      'a repair or restore was interrupted at its last step: the new store is in its place now, the old one kept aside',
      'a repair or restore was interrupted, and nothing came of it: do it again, or delete what it has left',
    ]);
  });

  test('between its two changes of names is finished by whoever looks first', async (t) => {
    const path = await interrupted(t);
    const here = dirname(path);
    const copy = (name: string): string => {
      cpSync(here, join(here, '..', name), { recursive: true });
      t.after(() => rmSync(join(here, '..', name), { recursive: true }));
      return join(here, '..', name, 'db');
    };
    const [looked, asked, emptied] = ['looked', 'asked', 'emptied'].map((each) =>
      copy(`${basename(here)}-${each}`),
    );
    const snapshot = await openLevelSnapshot(looked ?? '', clock);
    assert.ok(holdsRestored(snapshot));
    await snapshot.close();
    assert.equal(await isStoreThere(asked ?? ''), true);
    assert.equal((await contentOf(asked ?? '')).content, 'new');
    // As root makes it for the filter's user.
    mkdirSync(emptied ?? '');
    assert.equal((await contentOf(emptied ?? '')).content, 'new');
    assert.deepEqual(readdirSync(here).length, 3);
    const aside = await restoreLevelStore(path, () => Promise.resolve(), clock.now());
    assert.equal((await contentOf(aside ?? '')).content, 'new');
    assert.deepEqual(readdirSync(here).sort(), [
      'db',
      'db.aside-20300101T000000Z',
      'db.aside-20300101T000000Z-2',
    ]);
  });

  test('is taken back if the new store is gone, and forgotten if both are', async (t) => {
    const path = await interrupted(t);
    const here = dirname(path);
    const fresh = readdirSync(here).find((name) => name.startsWith('db.restore-')) ?? '';
    rmSync(join(here, fresh), { recursive: true });
    const { content, logged } = await contentOf(path);
    assert.equal(content, 'old');
    assert.deepEqual(logged, [
      'a repair or restore was interrupted at its last step: the store is in its place again, nothing was changed',
    ]);
    assert.deepEqual(readdirSync(here), ['db']);
    rmSync(path, { recursive: true });
    writeFileSync(`${path}.exchange`, '{"fresh":"db.restore-abcdef/c","aside":"db.aside-x"}\n');
    assert.equal(await isStoreThere(path), false);
    assert.deepEqual(readdirSync(here), []);
  });

  test('moves nothing that is not named after the store', async (t) => {
    const here = createTempDirectory(t);
    const path = join(here, 'db');
    mkdirSync(join(here, 'other'));
    for (const text of [
      '{"fresh":"other","aside":"db.aside-x"}\n',
      '{"fresh":"db.restore-abcdef/../other","aside":"db.aside-x"}\n',
      'nonsense',
    ]) {
      writeFileSync(`${path}.exchange`, text);
      assert.equal(await isStoreThere(path), false, text);
    }
    assert.deepEqual(readdirSync(here).sort(), ['db.exchange', 'other']);
  });

  test('and cannot be finished here: the message says what to do', async (t) => {
    await withoutRights(t, import.meta.url, async () => {
      const path = await interrupted(t);
      chmodSync(dirname(path), 0o500);
      const refusal: unknown = await isStoreThere(path).catch((error: unknown) => error);
      chmodSync(dirname(path), 0o700);
      assert.ok(refusal instanceof StoreError);
      assert.equal(refusal.code, 'STORE_PERMISSION');
      const { message } = refusal;
      assert.match(message, /interrupted at its last step.*Rename \S+restore-\w+\/c to \S+db, or/);
      assert.match(message, /The one before it is kept in \S+db\.aside-/);
    });
  });
});
