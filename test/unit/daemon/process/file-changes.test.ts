import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FileChanges, type WatchPace } from '../../../../src/daemon/process/file-changes.js';
import type { FileStamps } from '../../../../src/daemon/process/file-stamps.js';

const pace: WatchPace = { idle: 1000, busy: 250, settled: 500, lost: 5000 };
const gone = 'lost: ENOENT';

const stamps = (config: string, list = 'l'): FileStamps =>
  new Map([
    ['config', config],
    ['list', list],
  ]);

/** What is told at each of the looks. */
function tell(known: FileStamps, looks: readonly (readonly [atMs: number, now: FileStamps])[]) {
  const changes = new FileChanges(known, pace);
  return looks.map(([atMs, now]) => changes.look(now, atMs).changed.join(' '));
}

describe('looks at files', () => {
  test('nothing happens: they are far apart', () => {
    const changes = new FileChanges(stamps('a'), pace);
    assert.deepEqual(changes.look(stamps('a'), 0), { changed: [], nextLookMs: 1000 });
  });

  test('a change is told once, when the file has been at rest', () => {
    const changes = new FileChanges(stamps('a'), pace);
    assert.deepEqual(changes.look(stamps('b'), 1000), { changed: [], nextLookMs: 250 });
    assert.deepEqual(changes.look(stamps('b'), 1499), { changed: [], nextLookMs: 250 });
    assert.deepEqual(changes.look(stamps('b'), 1500), { changed: ['config'], nextLookMs: 1000 });
    assert.deepEqual(changes.look(stamps('b'), 9000), { changed: [], nextLookMs: 1000 });
  });

  test('many writes in a row, to several files, are one change', () => {
    assert.deepEqual(
      tell(stamps('a'), [
        [1000, stamps('b')],
        [1400, stamps('c')],
        [1800, stamps('c', 'm')],
        [2200, stamps('c', 'm')],
        [2300, stamps('c', 'm')],
        [3300, stamps('d', 'm')],
        [3800, stamps('d', 'm')],
      ]),
      ['', '', '', '', 'config list', '', 'config'],
    );
  });

  test('a file that is away for a moment is no change', () => {
    assert.deepEqual(
      tell(stamps('a'), [
        [1000, stamps(gone)],
        [5999, stamps(gone)],
        [6100, stamps('a')],
        [12_000, stamps('a')],
      ]),
      ['', '', '', ''],
    );
  });

  test('a file that stays away is told, and that it is back', () => {
    assert.deepEqual(
      tell(stamps('a'), [
        [1000, stamps(gone)],
        [6000, stamps(gone)],
        [7000, stamps(gone)],
        [8000, stamps('b')],
        [8500, stamps('b')],
      ]),
      ['', 'config', '', '', 'config'],
    );
  });

  test('a file that was not there at first holds nobody up', () => {
    assert.deepEqual(
      tell(stamps('a', gone), [
        [1000, stamps('b', gone)],
        [1500, stamps('b', gone)],
        [2000, stamps('b', 'l')],
        [2500, stamps('b', 'l')],
      ]),
      ['', 'config', '', 'list'],
    );
  });

  test('what changes, and back again, is as it was', () => {
    assert.deepEqual(
      tell(stamps('a'), [
        [1000, stamps('b')],
        [1250, stamps('a')],
        [9000, stamps('a')],
      ]),
      ['', '', ''],
    );
  });
});
