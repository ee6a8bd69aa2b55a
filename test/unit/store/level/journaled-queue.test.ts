import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Commit } from '../../../../src/store/level/commit.js';
import { CommitQueue } from '../../../../src/store/level/commit-queue.js';
import type { Slot } from '../../../../src/store/level/slot.js';

const slotOf = (value: number): Slot => [
  { key: 'key', value: Uint8Array.of(value), expiresAt: 1000, commit: Promise.resolve() },
];

/** A queue with a journal that has room or not, whose writes end only when the test says so. */
class Rig {
  readonly events: string[] = [];
  readonly queue: CommitQueue;
  hasRoom = true;
  roomAfterTurn = false;
  #number = 0;
  readonly #t: TestContext;
  #end: { readonly resolve: () => void; readonly reject: (error: Error) => void } | undefined;

  constructor(t: TestContext) {
    this.#t = t;
    t.mock.timers.enable({ apis: ['setTimeout'] });
    this.queue = new CommitQueue({
      write: (commit) => {
        this.events.push(`store ${[...commit.slots.keys()].join(' ')}`);
        return new Promise((resolve, reject) => {
          this.#end = { resolve, reject };
        });
      },
      onFailed: (_error, failedInARow) => this.events.push(`failed ${failedInARow}`),
      onRecovered: (failedInARow) => this.events.push(`recovered ${failedInARow}`),
      journal: {
        append: (commit) => this.#append(commit),
        turn: () => {
          this.events.push('turn');
          if (this.roomAfterTurn) this.hasRoom = true;
        },
        release: (upTo) => this.events.push(`release ${upTo}`),
      },
    });
  }

  #append(commit: Commit): boolean {
    if (!this.hasRoom) return false;
    this.events.push(`journal ${[...commit.slots.keys()].join(' ')}`);
    commit.journaledUpTo = ++this.#number;
    return true;
  }

  /** What has been called since the last time. */
  take(): readonly string[] {
    return this.events.splice(0);
  }

  async accept(slot: number, value = slot): Promise<Commit> {
    const commit = this.queue.gather();
    commit.slots.set(slot, slotOf(value));
    await untilLooked();
    return commit;
  }

  async wait(ms: number): Promise<void> {
    this.#t.mock.timers.tick(ms);
    await untilLooked();
  }

  async succeed(): Promise<void> {
    this.#end?.resolve();
    await untilLooked();
  }

  async fail(): Promise<void> {
    this.#end?.reject(new Error('the disk is full'));
    await untilLooked();
  }
}

async function untilLooked(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await nextTurn();
}

/** Whether a promise has been kept by now. */
async function isKept(promise: Promise<unknown>): Promise<boolean> {
  const kept = promise.then(
    () => true,
    () => false,
  );
  return await Promise.race([kept, nextTurn(false)]);
}

describe('the commit queue with a journal', () => {
  test('is done with what the journal has, and stores it together a little later', async (t) => {
    const rig = new Rig(t);
    assert.equal(await (await rig.accept(1)).accepted, true);
    assert.equal(await (await rig.accept(2)).accepted, true);
    assert.deepEqual(rig.take(), ['journal 1', 'journal 2']);
    await rig.wait(5);
    assert.deepEqual(rig.take(), ['turn', 'store 1 2']);
    assert.equal(await (await rig.accept(3)).accepted, true);
    await rig.succeed();
    assert.deepEqual(rig.take(), ['journal 3', 'release 2']);
    assert.equal(rig.queue.commits, 1);
    await rig.wait(5);
    assert.deepEqual(rig.take(), ['turn', 'store 3']);
    await rig.succeed();
    assert.equal(rig.queue.pending, 0);
  });

  test('finds what is kept and what is under way, with nothing to be waited for', async (t) => {
    const rig = new Rig(t);
    await rig.accept(1);
    await rig.wait(5);
    await rig.accept(2);
    for (const slot of [1, 2]) assert.equal(rig.queue.find(slot)?.[0]?.commit, undefined);
    assert.equal(rig.queue.find(1)?.[0]?.value[0], 1);
    await rig.accept(1, 7);
    assert.equal(rig.queue.find(1)?.[0]?.value[0], 7);
    assert.equal(rig.queue.latest(), undefined, 'nothing can be lost');
    assert.equal(rig.queue.pending, 3);
    await rig.succeed();
    assert.equal(rig.queue.find(1)?.[0]?.value[0], 7);
  });

  test('without room makes wait for the database, and has room again after that', async (t) => {
    const rig = new Rig(t);
    await rig.accept(1);
    rig.hasRoom = false;
    const late = await rig.accept(2);
    assert.deepEqual(rig.take(), ['journal 1', 'turn', 'store 1'], 'at once');
    assert.equal(await isKept(late.accepted), false);
    rig.hasRoom = true;
    await rig.succeed();
    assert.equal(await late.accepted, true);
    assert.deepEqual(rig.take(), ['release 1', 'journal 2']);
  });

  test('goes to the database where there is no journal to be had', async (t) => {
    const rig = new Rig(t);
    rig.hasRoom = false;
    const commit = await rig.accept(1);
    assert.equal(await isKept(commit.accepted), false);
    await rig.succeed();
    assert.equal(await commit.accepted, true);
    assert.deepEqual(rig.take(), ['store 1']);
  });

  test('never gives up what the journal has, and takes nothing new meanwhile', async (t) => {
    const rig = new Rig(t);
    const kept = await rig.accept(1);
    await rig.wait(5);
    const alsoKept = await rig.accept(2);
    await rig.fail();
    const late = await rig.accept(3);
    assert.deepEqual(rig.take(), [
      'journal 1',
      'turn',
      'store 1',
      'journal 2',
      'failed 1',
      'turn',
      'store 1 2',
    ]);
    await rig.fail();
    await assert.rejects(late.accepted, /the disk is full/);
    assert.equal(rig.queue.find(3), undefined);
    assert.equal(await kept.accepted, true);
    assert.equal(await alsoKept.accepted, true);
    assert.deepEqual([...rig.queue.unstored.keys()], [1, 2]);
    assert.deepEqual(rig.take(), ['failed 2']);
    await rig.wait(1000);
    assert.deepEqual(rig.take(), ['turn', 'store 1 2'], 'also if nobody writes');
    await rig.succeed();
    assert.deepEqual(rig.take(), ['release 2', 'recovered 2']);
    assert.equal(await (await rig.accept(4)).accepted, true);
    assert.deepEqual(rig.take(), ['journal 4']);
    assert.equal(rig.queue.unstored.size, 0);
  });

  test('tries again once a second, however many write', async (t) => {
    const rig = new Rig(t);
    await rig.accept(1);
    await rig.wait(5);
    await rig.fail();
    for (const slot of [2, 3, 4]) {
      const commit = await rig.accept(slot);
      await rig.fail();
      await assert.rejects(commit.accepted, /the disk is full/);
    }
    rig.take();
    await rig.wait(1000);
    assert.deepEqual(rig.take(), ['turn', 'store 1']);
    await rig.fail();
    assert.deepEqual(rig.take(), ['failed 5']);
    await rig.wait(999);
    assert.deepEqual(rig.take(), []);
  });

  test('a later write is kept beside one under way to the database that fails', async (t) => {
    const rig = new Rig(t);
    rig.hasRoom = false;
    const failing = await rig.accept(1);
    rig.hasRoom = true;
    const kept = await rig.accept(2);
    assert.equal(await kept.accepted, true);
    await rig.fail();
    await assert.rejects(failing.accepted, /the disk is full/);
    await rig.wait(1000);
    await rig.succeed();
    assert.deepEqual(rig.take(), [
      'store 1',
      'journal 2',
      'failed 1',
      'turn',
      'store 2',
      'release 1',
      'recovered 1',
    ]);
  });

  test('does not let those wait who wait for the database', async (t) => {
    const rig = new Rig(t);
    const commit = rig.queue.gather();
    commit.sweptPages.push(Uint8Array.of(1));
    const { stored } = commit;
    await untilLooked();
    assert.deepEqual(rig.take(), ['journal ', 'turn', 'store ']);
    assert.equal(await isKept(stored), false);
    await rig.accept(1);
    const second = await rig.accept(2);
    assert.equal(await isKept(second.stored), false);
    await rig.succeed();
    await stored;
    assert.equal(await isKept(second.stored), false);
    await rig.succeed();
    await second.stored;
    assert.deepEqual(rig.take(), [
      'journal 1',
      'journal 2',
      'release 1',
      'turn',
      'store 1 2',
      'release 3',
    ]);
  });

  test('who waits for the database hears of its first failure', async (t) => {
    const rig = new Rig(t);
    const { stored, storedOrKept } = rig.queue.gather();
    await untilLooked();
    await rig.fail();
    await assert.rejects(stored, /the disk is full/);
    await storedOrKept;
  });

  test('is settled once the database has been offered all of it', async (t) => {
    const rig = new Rig(t);
    let isSettled = false;
    await rig.accept(1);
    const waiting = rig.queue.settled().then(() => (isSettled = true));
    await untilLooked();
    assert.deepEqual(rig.take(), ['journal 1', 'turn', 'store 1']);
    assert.equal(isSettled, false);
    await rig.succeed();
    await waiting;
    await rig.accept(2);
    const failing = rig.queue.settled();
    await untilLooked();
    await rig.fail();
    await failing;
    assert.deepEqual([...rig.queue.unstored.keys()], [2]);
  });

  test('is settled for two who ask at a time when all is stored for both', async (t) => {
    const rig = new Rig(t);
    await rig.accept(1);
    await rig.wait(5);
    await rig.accept(2);
    const settled = [rig.queue.settled(), rig.queue.settled()];
    await rig.succeed();
    assert.deepEqual(await Promise.all(settled.map(isKept)), [false, false]);
    await rig.succeed();
    await Promise.all(settled);
    assert.equal(rig.queue.pending, 0);
  });

  test('offers nothing any more once it has ended', async (t) => {
    const rig = new Rig(t);
    await rig.accept(1);
    const ended = rig.queue.end();
    await untilLooked();
    await rig.fail();
    await ended;
    rig.take();
    await rig.wait(60_000);
    assert.deepEqual(rig.take(), []);
    assert.ok(rig.queue.hasFailedToStore);
  });

  test('has room at once in the half that the turn has made free', async (t) => {
    const rig = new Rig(t);
    await rig.accept(1);
    rig.roomAfterTurn = true;
    rig.hasRoom = false;
    assert.equal(await (await rig.accept(2)).accepted, true);
    assert.deepEqual(rig.take(), ['journal 1', 'turn', 'store 1', 'journal 2']);
  });

  test('a deletion is committed with what holds it, and not with what came later', async (t) => {
    const rig = new Rig(t);
    rig.hasRoom = false;
    await rig.accept(1);
    rig.hasRoom = true;
    await rig.accept(2);
    assert.equal(await isKept(rig.queue.committed(1)), false);
    assert.equal(await isKept(rig.queue.committed(2)), true);
    assert.equal(await isKept(rig.queue.committed(3)), true);
    await rig.succeed();
    await rig.queue.committed(1);
  });
});

describe('a commit that has taken in another', () => {
  test('has all of it, and what came later counts', () => {
    const [first, second] = [new Commit(), new Commit()];
    first.slots.set(1, slotOf(1)).set(2, slotOf(2));
    second.slots.set(2, slotOf(3)).set(3, slotOf(4));
    first.listExpiry(7, 1);
    second.listExpiry(7, 2);
    second.listExpiry(8, 3);
    first.sweptPages.push(Uint8Array.of(1));
    second.sweptPages.push(Uint8Array.of(2));
    first.clockNote = 1;
    first.journaledUpTo = 4;
    second.journaledUpTo = 5;
    first.absorb(second);
    const values = Array.from(first.slots, ([slot, [entry]]) => [slot, entry?.value[0]]);
    assert.deepEqual(values, [
      [1, 1],
      [2, 3],
      [3, 4],
    ]);
    assert.deepEqual(
      [...first.expiries],
      [
        [7, [1, 2]],
        [8, [3]],
      ],
    );
    assert.deepEqual(first.sweptPages, [Uint8Array.of(1), Uint8Array.of(2)]);
    assert.deepEqual([first.clockNote, first.journaledUpTo], [1, 5]);
  });
});
