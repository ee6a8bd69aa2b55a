import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { CountedStore } from '../../../../src/daemon/stores/counted-store.js';
import { PendingTriplets } from '../../../../src/daemon/stores/pending-triplets.js';
import { advance, correspondenceExpiresAt } from '../../../../src/greylist/advance.js';
import { encodeCorrespondence } from '../../../../src/greylist/correspondence-codec.js';
import type { Correspondence } from '../../../../src/greylist/correspondence.js';
import type { IpAddress } from '../../../../src/mail/ip-address.js';
import type { GreylistStore, StoreEntry } from '../../../../src/store/store.js';
import { FaultyStore } from '../../../support/faulty-store.js';
import { DAY, SETTINGS } from '../../../support/greylist-settings.js';
import { createManualClock, type ManualClock } from '../../../support/manual-clock.js';
import { MemoryStore } from '../../../support/memory-store.js';
import { createRecordingLogger, type RecordingLogger } from '../../../support/recording-logger.js';
import { waitUntil } from '../../../support/wait-until.js';
import { from } from '../../greylist/history.js';

const client = from('192.0.2.1');
const pace = { records: 10, rest: 0, pauseMs: 1e9, retryMs: 0 };

interface Rig {
  readonly clock: ManualClock;
  readonly logger: RecordingLogger;
  readonly inner: FaultyStore;
  readonly store: GreylistStore;
  readonly pending: PendingTriplets;
  /** One attempt; whether it was stored. */
  readonly attempt: (key: string, address?: string) => Promise<boolean>;
}

function createRig(
  t: TestContext,
  { pauseMs = pace.pauseMs, caps = { all: 9, perNetwork: 3 } } = {},
) {
  const clock = createManualClock();
  const logger = createRecordingLogger(t);
  const inner = new FaultyStore(new MemoryStore({ clock }));
  const pending = new PendingTriplets({ clock, logger, caps, pace: { ...pace, pauseMs } });
  t.after(() => pending.stop());
  const store = new CountedStore(inner, pending);
  const records = new Map<string, Correspondence>();
  const attempt = async (key: string, address = '192.0.2.1'): Promise<boolean> => {
    const { next } = advance(records.get(key), from(address), SETTINGS, clock.now());
    records.set(key, next);
    return await put(store, key, next);
  };
  return { clock, logger, inner, store, pending, attempt } satisfies Rig;
}

async function put(store: GreylistStore, key: string, next: Correspondence): Promise<boolean> {
  const value = encodeCorrespondence(next);
  const expected = await store.get(key);
  return await store.compareAndSet(key, expected, {
    value,
    expiresAt: correspondenceExpiresAt(next),
  });
}

function excess({ pending }: Pick<Rig, 'pending'>, address: IpAddress = client.address): string {
  return pending.excessFor(address)?.cap ?? 'none';
}

/** A store whose scans begin when a test says so. */
function holdScans(store: GreylistStore): Pick<GreylistStore, 'scan'> & {
  readonly isWaiting: () => boolean;
  readonly release: () => void;
} {
  const waiting: (() => void)[] = [];
  return {
    scan: async function* (after) {
      if (after === undefined) await new Promise<void>((resolve) => waiting.push(resolve));
      yield* store.scan(after);
    },
    isWaiting: () => waiting.length > 0,
    release: () => waiting.pop()?.(),
  };
}

describe('triplets that wait', () => {
  test('are counted from their first attempt until they pass', async (t) => {
    const rig = createRig(t);
    for (const key of ['ca', 'cb', 'nc']) await rig.attempt(key);
    assert.equal(rig.pending.total, 3);
    assert.deepEqual(rig.pending.excessFor(client.address), { cap: 'perNetwork', pending: 3 });
    await rig.attempt('ca');
    assert.equal(rig.pending.total, 3, 'back early, it waits still');
    rig.clock.advance(SETTINGS.delayMs);
    await rig.attempt('ca');
    assert.equal(rig.pending.total, 2);
    assert.equal(excess(rig), 'none');
  });

  test('are counted until they are forgotten by hand', async (t) => {
    const rig = createRig(t);
    await rig.attempt('ca');
    await rig.store.delete('ca');
    await rig.store.delete('cb');
    assert.equal(rig.pending.total, 0);
  });

  test('count once where somebody else was faster, and not if they could not be stored', async (t) => {
    const rig = createRig(t);
    await rig.attempt('ca');
    const record = advance(undefined, client, SETTINGS, rig.clock.now()).next;
    const next = {
      value: encodeCorrespondence(record),
      expiresAt: correspondenceExpiresAt(record),
    };
    assert.equal(await rig.store.compareAndSet('ca', undefined, next), false);
    rig.inner.writes = 'fail';
    await assert.rejects(rig.store.compareAndSet('cb', undefined, next));
    await assert.rejects(rig.store.delete('ca'));
    assert.equal(rig.pending.total, 1);
  });

  test('are limited by network, and in all', async (t) => {
    const rig = createRig(t, { caps: { all: 4, perNetwork: 3 } });
    for (const key of ['ca', 'cb', 'cc']) await rig.attempt(key);
    const other = from('198.51.100.1').address;
    assert.deepEqual([excess(rig), excess(rig, other)], ['perNetwork', 'none']);
    await rig.attempt('cd', other.text);
    assert.deepEqual([excess(rig), excess(rig, other)], ['perNetwork', 'all']);
    rig.pending.caps = { all: 5, perNetwork: 9 };
    assert.deepEqual([excess(rig), excess(rig, other)], ['none', 'none']);
  });

  test('are no other records, nor any that cannot be read', async (t) => {
    const rig = createRig(t);
    const record = advance(undefined, client, SETTINGS, rig.clock.now()).next;
    const value = encodeCorrespondence(record);
    const expiresAt = correspondenceExpiresAt(record);
    await rig.store.compareAndSet('aa', undefined, { value, expiresAt });
    await rig.store.compareAndSet('ca', undefined, { value: value.subarray(1), expiresAt });
    assert.equal(rig.pending.total, 0);
  });
});

describe('all is counted anew', () => {
  test('at the start, and what comes meanwhile counts once', async (t) => {
    const rig = createRig(t);
    const fill = async (store: GreylistStore, name: string): Promise<void> => {
      for (let index = 0; index < 25; index++) {
        const { next } = advance(undefined, client, SETTINGS, rig.clock.now());
        await put(store, `c${name}${index}`, next);
      }
    };
    await fill(rig.inner, 'before');
    rig.clock.advance(1000);
    const held = holdScans(rig.inner);
    rig.pending.start(held);
    await waitUntil(() => held.isWaiting(), 'it counts');
    await rig.attempt('cmeanwhile');
    assert.equal(rig.pending.total, 1);
    held.release();
    await waitUntil(() => rig.pending.total >= 26, 'all are counted');
    assert.equal(rig.pending.total, 26);
    rig.clock.advance(SETTINGS.delayMs);
    await rig.attempt('cmeanwhile');
    assert.equal(rig.pending.total, 25);
  });

  test('again and again, so that what ends by its time is seen', async (t) => {
    const rig = createRig(t, { pauseMs: 0 });
    await rig.attempt('ca');
    rig.pending.start(rig.store);
    rig.clock.advance(SETTINGS.retryWindowMs);
    await waitUntil(() => rig.pending.total === 0, 'it has ended');
    // By now it is stored, though it has ended.
    assert.notEqual(await rig.store.get('ca'), undefined);
    await rig.attempt('ca');
    await waitUntil(() => rig.pending.total === 1, 'and waits again');
  });

  test('what passes meanwhile is counted at most until the next time', async (t) => {
    const rig = createRig(t, { pauseMs: 0 });
    const held = holdScans(rig.inner);
    await rig.attempt('ca');
    rig.clock.advance(1);
    rig.pending.start(held);
    await waitUntil(() => held.isWaiting(), 'it counts');
    held.release();
    await waitUntil(() => held.isWaiting(), 'it counts again');
    rig.clock.advance(SETTINGS.delayMs);
    await rig.attempt('ca');
    await rig.attempt('cb');
    assert.equal(rig.pending.total, 1);
    held.release();
    await waitUntil(() => held.isWaiting(), 'it has counted again');
    assert.equal(rig.pending.total, 1);
    held.release();
  });

  test('later, if the store cannot be read now', async (t) => {
    const rig = createRig(t);
    await rig.attempt('ca');
    rig.inner.reads = 'fail';
    const counted = new PendingTriplets({
      clock: rig.clock,
      logger: rig.logger,
      caps: rig.pending.caps,
      pace,
    });
    t.after(() => counted.stop());
    rig.clock.advance(1);
    counted.start(rig.inner);
    const isTold = (): boolean =>
      rig.logger.entries.some(({ message }) => message === 'pending triplets not counted');
    await waitUntil(isTold, 'it is told of');
    assert.equal(counted.total, 0);
    rig.inner.heal();
    await waitUntil(() => counted.total === 1, 'it is counted');
  });

  test('no more once it is stopped', async (t) => {
    const rig = createRig(t, { pauseMs: 0 });
    await rig.attempt('ca');
    let scans = 0;
    rig.pending.start({
      scan: (after): AsyncIterable<readonly [string, StoreEntry, string]> => {
        scans += 1;
        rig.pending.stop();
        return rig.inner.scan(after);
      },
    });
    await waitUntil(() => scans > 0, 'it has begun');
    rig.clock.advance(DAY);
    await rig.store.delete('ca');
    assert.equal(scans, 1);
  });
});
