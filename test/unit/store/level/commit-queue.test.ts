import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Commit } from '../../../../src/store/level/commit.js';
import { CommitQueue } from '../../../../src/store/level/commit-queue.js';
import type { Slot } from '../../../../src/store/level/slot.js';

/** A commit starts at the end of the turn, or a few turns later if the last one was shared. */
async function untilStarted(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await nextTurn();
}

/** A queue whose writes end only when the test says so. */
class Rig {
  readonly written: (readonly number[])[] = [];
  readonly reports: string[] = [];
  readonly queue: CommitQueue;
  #end: { readonly resolve: () => void; readonly reject: (error: Error) => void } | undefined;

  constructor() {
    this.queue = new CommitQueue({
      write: (commit) => {
        this.written.push([...commit.slots.keys()]);
        return new Promise((resolve, reject) => {
          this.#end = { resolve, reject };
        });
      },
      onFailed: (_error, failedInARow) => this.reports.push(`failed ${String(failedInARow)}`),
      onRecovered: (failedInARow) => this.reports.push(`recovered ${String(failedInARow)}`),
    });
  }

  accept(slot: number, content: Slot): Commit {
    const commit = this.queue.gather();
    commit.slots.set(slot, content);
    return commit;
  }

  async succeed(): Promise<void> {
    this.#end?.resolve();
    await this.#nextCommit();
  }

  async fail(): Promise<void> {
    this.#end?.reject(new Error('the disk is full'));
    await this.#nextCommit();
  }

  /** The end of a commit is known at the end of this turn. */
  async #nextCommit(): Promise<void> {
    await nextTurn();
    await untilStarted();
  }
}

const slotOf = (value: number): Slot => [
  { key: 'key', value: Uint8Array.of(value), expiresAt: 1000, commit: undefined },
];

describe('the commit queue', () => {
  test('starts at the end of the turn if the commit before it was not shared', async () => {
    const rig = new Rig();
    for (const slot of [1, 2]) {
      rig.accept(slot, slotOf(slot));
      await nextTurn();
      assert.equal(rig.written.length, slot);
      await rig.succeed();
    }
    assert.deepEqual(rig.written, [[1], [2]]);
  });

  test('waits some turns for company if the one before it had some, but not for ever', async () => {
    const rig = new Rig();
    rig.accept(1, slotOf(1));
    rig.accept(2, slotOf(2));
    await untilStarted();
    await rig.succeed();
    let slot = 10;
    while (rig.written.length === 1 && slot < 30) {
      rig.accept(++slot, slotOf(slot));
      await nextTurn();
    }
    assert.deepEqual(rig.written, [
      [1, 2],
      [11, 12, 13, 14, 15, 16, 17],
    ]);
  });

  test('commits together what one turn has accepted', async () => {
    const rig = new Rig();
    const first = rig.accept(1, slotOf(1));
    await Promise.resolve();
    assert.equal(rig.accept(2, slotOf(2)), first);
    assert.deepEqual(rig.written, []);
    await untilStarted();
    assert.deepEqual(rig.written, [[1, 2]]);
    await rig.succeed();
    assert.equal(await first.accepted, true);
    assert.equal(rig.queue.commits, 1);
  });

  test('gathers in one commit what is accepted while another is in flight', async () => {
    const rig = new Rig();
    rig.accept(1, slotOf(1));
    await untilStarted();
    rig.accept(2, slotOf(2));
    await untilStarted();
    rig.accept(3, slotOf(3));
    await untilStarted();
    assert.deepEqual(rig.written, [[1]], 'one is in flight at a time');
    assert.equal(rig.queue.pending, 3);
    await rig.succeed();
    assert.deepEqual(rig.written, [[1], [2, 3]]);
    await rig.succeed();
    assert.equal(rig.queue.pending, 0);
    assert.equal(rig.queue.latest(), undefined);
  });

  test('finds the latest of what is not yet committed, and nothing else', async () => {
    const rig = new Rig();
    const [first, second] = [slotOf(1), slotOf(2)];
    rig.accept(1, first);
    await untilStarted();
    assert.equal(rig.queue.find(1), first);
    rig.accept(1, second);
    assert.equal(rig.queue.find(1), second);
    assert.equal(rig.queue.find(2), undefined);
    await rig.succeed();
    assert.equal(rig.queue.find(1), second);
    await rig.succeed();
    assert.equal(rig.queue.find(1), undefined);
  });

  test('undoes a failed commit, but not a later write of the same slot', async () => {
    const rig = new Rig();
    const later = slotOf(2);
    const failing = rig.accept(1, slotOf(1));
    rig.accept(2, slotOf(1));
    await untilStarted();
    const next = rig.accept(1, later);
    await rig.fail();
    await assert.rejects(failing.done, /the disk is full/);
    await assert.rejects(failing.accepted, /the disk is full/);
    assert.equal(rig.queue.find(1), later);
    assert.equal(rig.queue.find(2), undefined);
    assert.deepEqual(rig.written, [[1, 2], [1]], 'and goes on with the next commit');
    await rig.succeed();
    assert.equal(await next.accepted, true);
    assert.equal(rig.queue.failedCommits, 1);
  });

  test('reports failures one by one, and the end of a row of them', async () => {
    const rig = new Rig();
    for (const end of ['fail', 'fail', 'succeed', 'succeed', 'fail'] as const) {
      rig.accept(1, slotOf(1));
      await untilStarted();
      await rig[end]();
    }
    assert.deepEqual(rig.reports, ['failed 1', 'failed 2', 'recovered 2', 'failed 1']);
  });

  test('is settled once all that was accepted has been tried, failed or not', async () => {
    const rig = new Rig();
    let settled = false;
    rig.accept(1, slotOf(1));
    await untilStarted();
    rig.accept(2, slotOf(2));
    const waiting = rig.queue.settled().then(() => {
      settled = true;
    });
    await rig.succeed();
    assert.equal(settled, false);
    await rig.fail();
    await waiting;
    assert.equal(settled, true);
  });
});
