import assert from 'node:assert/strict';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import type { WatchPace } from '../../../../src/daemon/process/file-changes.js';
import { isLost, stampFile, stampFiles } from '../../../../src/daemon/process/file-stamps.js';
import { FileWatch } from '../../../../src/daemon/process/file-watch.js';
import { createTempDirectory } from '../../../support/temp-directory.js';
import { waitUntil } from '../../../support/wait-until.js';

const pace: WatchPace = { idle: 5, busy: 5, settled: 40, lost: 200 };

interface Rig {
  readonly directory: string;
  readonly told: string[][];
  readonly watch: FileWatch;
  /** A path below the directory. */
  readonly at: (name: string) => string;
  /** Watches these as they are now. */
  readonly start: (...names: readonly string[]) => Promise<void>;
  /** Waits until as many changes were told, and returns the last one. */
  readonly next: (count: number) => Promise<readonly string[]>;
}

function createRig(t: TestContext): Rig {
  const directory = createTempDirectory(t);
  const told: string[][] = [];
  const watch = new FileWatch((paths) => told.push(paths.map((path) => path.slice(-1))), pace);
  t.after(() => watch.stop());
  const at = (name: string): string => join(directory, name);
  return {
    ...{ directory, told, watch, at },
    start: async (...names) => watch.start(await stampFiles(names.map(at))),
    next: async (count) => {
      await waitUntil(() => told.length >= count, `${count} changes`);
      assert.equal(told.length, count);
      return told.at(-1) ?? [];
    },
  };
}

describe('files that are watched', () => {
  test('are written in place, replaced by another, and removed', async (t) => {
    const { at, start, next } = createRig(t);
    for (const name of ['a', 'b']) writeFileSync(at(name), '1');
    await start('a', 'b');
    writeFileSync(at('a'), '2');
    assert.deepEqual(await next(1), ['a']);
    writeFileSync(at('new'), '3');
    renameSync(at('new'), at('b'));
    assert.deepEqual(await next(2), ['b']);
    rmSync(at('a'));
    assert.deepEqual(await next(3), ['a']);
    writeFileSync(at('a'), '4');
    assert.deepEqual(await next(4), ['a']);
  });

  test('lie behind a symbolic link that is replaced, as Kubernetes does', async (t) => {
    const { at, start, next } = createRig(t);
    for (const version of ['v1', 'v2']) {
      mkdirSync(at(version));
      for (const name of ['a', 'b']) writeFileSync(join(at(version), name), 'same');
    }
    symlinkSync('v1', at('data'));
    symlinkSync('data/a', at('a'));
    await start('a', 'data/b');
    symlinkSync('v2', at('data_tmp'));
    renameSync(at('data_tmp'), at('data'));
    assert.deepEqual(await next(1), ['a', 'b']);
  });

  test('may be read at last', async (t) => {
    const { at, start, next } = createRig(t);
    writeFileSync(at('a'), '1', { mode: 0 });
    await start('a');
    chmodSync(at('a'), 0o644);
    assert.deepEqual(await next(1), ['a']);
  });

  test('changed between their reading and the beginning of the watch', async (t) => {
    const { at, watch, next } = createRig(t);
    writeFileSync(at('a'), '1');
    const known = await stampFiles([at('a')]);
    writeFileSync(at('a'), '22');
    watch.start(known);
    assert.deepEqual(await next(1), ['a']);
  });

  test('are those that were named last', async (t) => {
    const { at, start, next } = createRig(t);
    for (const name of ['a', 'b']) writeFileSync(at(name), '1');
    await start('a');
    await start('b');
    writeFileSync(at('a'), '22');
    writeFileSync(at('b'), '22');
    assert.deepEqual(await next(1), ['b']);
  });

  test('are none after a stop, nor if none are named', async (t) => {
    const { at, start, watch, told } = createRig(t);
    const other = createRig(t);
    writeFileSync(at('a'), '1');
    writeFileSync(other.at('a'), '1');
    await start('a');
    await other.start('a');
    await start();
    await start('a');
    watch.stop();
    writeFileSync(at('a'), '22');
    writeFileSync(other.at('a'), '22');
    // Who watches still has told of its file, and so would this one have.
    assert.deepEqual(await other.next(1), ['a']);
    assert.deepEqual(told, []);
  });

  test('cost no descriptors, however often they change', async (t) => {
    const { at, start, next } = createRig(t);
    writeFileSync(at('a'), '0');
    const before = readdirSync('/proc/self/fd').length;
    for (let count = 1; count <= 20; count++) {
      await start('a');
      writeFileSync(at('a'), `${count}`.repeat(count));
      await next(count);
    }
    // Whatever else is open in this process may be closed meanwhile.
    const now = readdirSync('/proc/self/fd').length;
    assert.ok(now <= before, `${before} before, ${now} now`);
  });
});

test('a stamp says whether there was a file', async (t) => {
  const directory = createTempDirectory(t);
  assert.equal(isLost(await stampFile(join(directory, 'none'))), true);
  assert.equal(isLost(await stampFile(join(directory, 'none/below'))), true);
  assert.equal(isLost(await stampFile(directory)), false);
  assert.equal(isLost(undefined), false);
});
