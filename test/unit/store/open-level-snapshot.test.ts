import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test, type TestContext } from 'node:test';
import { openLevelStore } from '../../../src/store/level-store.js';
import { openLevelSnapshot } from '../../../src/store/open-level-snapshot.js';
import { startWriter } from '../../contract/writer-process.js';
import { createTempDirectory } from '../../support/temp-directory.js';

const storeModule = new URL('../../../src/store/level-store.ts', import.meta.url).href;
const clock = { now: () => 1_800_000_000_000 };
const entry = { value: Buffer.from('what is known'), expiresAt: 1_900_000_000_000 };

/** A store that has been closed, with one entry in its log and one in a table. */
async function storeWith(t: TestContext): Promise<string> {
  const path = join(createTempDirectory(t), 'db');
  for (const key of ['table', 'log']) {
    const store = await openLevelStore({ path, durability: 'power', clock });
    assert.equal(await store.compareAndSet(key, undefined, entry), true);
    await store.close();
  }
  return path;
}

function contentOf(path: string): readonly (readonly [name: string, content: string])[] {
  return readdirSync(path)
    .sort()
    .map((name) => [name, readFileSync(join(path, name), 'latin1')]);
}

/** A directory for temporary files in which nobody else makes any. */
let temporary = '';

function leftovers(): readonly string[] {
  return readdirSync(temporary);
}

async function refusal(path: string): Promise<{ code: string; message: string }> {
  const before = leftovers();
  const error: unknown = await openLevelSnapshot(path, clock).then(
    () => assert.fail('it was opened'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof Error && 'code' in error);
  assert.deepEqual(leftovers(), before);
  return { code: String(error.code), message: error.message };
}

describe('a snapshot of a store', () => {
  const { TMPDIR: usual } = process.env;
  let remove = (): void => undefined;

  before(() => {
    temporary = createTempDirectory({ after: (given) => (remove = given) });
    process.env['TMPDIR'] = temporary;
  });

  after(() => {
    if (usual === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = usual;
    remove();
  });

  test('has what the store has, and leaves every byte of it as it is', async (t) => {
    const path = await storeWith(t);
    const before = contentOf(path);
    const snapshot = await openLevelSnapshot(path, clock);
    for (const key of ['table', 'log']) {
      const found = snapshot.get(key);
      assert.equal(Buffer.from(found?.value ?? []).toString(), 'what is known');
    }
    assert.equal(snapshot.get('nothing'), undefined);
    await snapshot.close();
    assert.deepEqual(contentOf(path), before);
  });

  test('is not to be had while somebody has the store open, who does not notice', async (t) => {
    const path = await storeWith(t);
    const { child } = await startWriter(t, path, 'hold');
    const { code, message } = await refusal(path);
    assert.equal(code, 'STORE_LOCKED');
    assert.ok(message.includes(`The store ${path} is in use`), message);
    assert.equal(child.exitCode, null);
  });

  test('keeps everybody else out while it is open', async (t) => {
    const path = await storeWith(t);
    const snapshot = await openLevelSnapshot(path, clock);
    const open = (): string => {
      const script = `const { openLevelStore } = await import(${JSON.stringify(storeModule)});
        const options = { path: process.argv[1], durability: 'process', clock: Date };
        const store = await openLevelStore(options).catch(({ code }) => ({ code }));
        await store.close?.();
        console.log(store.code ?? 'opened');`;
      const args = [
        '--import',
        import.meta.resolve('tsx'),
        '--input-type=module',
        '-e',
        script,
        path,
      ];
      return spawnSync(process.execPath, args, { timeout: 120_000 }).stdout.toString().trim();
    };
    assert.equal(open(), 'STORE_LOCKED');
    await snapshot.close();
    assert.equal(open(), 'opened');
  });

  test('makes no lock file where there is none, as in a backup', async (t) => {
    const path = await storeWith(t);
    rmSync(join(path, 'LOCK'));
    const before = contentOf(path);
    await (await openLevelSnapshot(path, clock)).close();
    assert.deepEqual(contentOf(path), before);
  });

  test('tells a store that cannot be used from one, by its own name', async (t) => {
    const path = await storeWith(t);
    const [table = ''] = readdirSync(path).filter((name) => name.endsWith('.ldb'));
    truncateSync(join(path, table), 10);
    const damaged = await refusal(path);
    assert.equal(damaged.code, 'STORE_DAMAGED');
    assert.ok(damaged.message.includes(`The store ${path} is damaged`), damaged.message);
    assert.equal((await refusal(join(path, 'no'))).code, 'STORE_NOT_OURS');
    const other = join(path, 'other');
    mkdirSync(other);
    writeFileSync(join(other, 'letter.txt'), 'hello');
    assert.equal((await refusal(other)).code, 'STORE_NOT_OURS');
  });
});
