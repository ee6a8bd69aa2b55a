import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { reportStatistics } from '../../../../src/admin/statistics.js';
import { StatisticsKeeper } from '../../../../src/daemon/stores/statistics-keeper.js';
import type { Source } from '../../../../src/greylist/correspondence.js';
import { hourOf, statisticsKey } from '../../../../src/greylist/statistics-record.js';
import { ipAddressFromBytes } from '../../../../src/mail/ip-address.js';
import { createManualClock, type ManualClock } from '../../../support/manual-clock.js';
import { MemoryStore } from '../../../support/memory-store.js';
import { RecordingLogger } from '../../../support/recording-logger.js';
import { sampleDecision } from '../../telemetry/sample-decision.js';

const NOW = Date.UTC(2030, 0, 1, 12, 30);
const HOUR = 3_600_000;
const KEEP = 30 * 86_400_000;

function keeperOn(store: MemoryStore, clock: ManualClock, hasNames = true): StatisticsKeeper {
  const settings = () => ({ keepMs: KEEP, hasNames, delayMsOf: () => 180_000 });
  return new StatisticsKeeper({ store, clock, logger: new RecordingLogger(), settings });
}

function setUp(hasNames = true) {
  const clock = createManualClock(NOW);
  const store = new MemoryStore({ clock });
  const keeper = keeperOn(store, clock, hasNames);
  const report = async (of = keeper, lastMs = 24 * HOUR, hearsOfForgotten = true) => {
    const insight = {
      unwritten: (hour: number) => of.unwritten(hour),
      settings: () => ({ keepMs: KEEP, hasNames, delayMs: 180_000, hearsOfForgotten }),
    };
    const query = { until: clock.now(), lastMs, stepMs: 60_000 };
    return await reportStatistics({ store, insight }, query);
  };
  return { clock, store, keeper, report };
}

const at = (instant: number) => ({ ...sampleDecision(), at: instant });

function source(address: readonly number[]): Source {
  return {
    address: ipAddressFromBytes(Uint8Array.from(address)),
    prefix: 24,
    name: undefined,
    firstSeenAt: NOW,
    lastSeenAt: NOW,
    attempts: 1,
    passedAt: undefined,
    expiresAt: NOW,
  };
}

describe('statistics of a daemon', () => {
  test('are seen at once, and the same when they are written, and after a restart', async () => {
    const { clock, store, keeper, report } = setUp();
    keeper.count(at(NOW));
    keeper.count(at(NOW - HOUR));
    keeper.countNeverCameBack(source([192, 0, 2, 7]));
    const before = await report();
    assert.equal(before.firstAttempts, 2);
    assert.deepEqual(before.networks, [{ network: '192.0.2.0/24', count: 1 }]);
    await keeper.write();
    assert.deepEqual(await report(), before);
    keeper.count(at(NOW));
    await keeper.stop();
    assert.equal((await report()).firstAttempts, 3);
    const next = keeperOn(store, clock);
    next.count(at(NOW));
    assert.equal((await report(next)).firstAttempts, 4);
    await next.stop();
    assert.equal((await report(next)).firstAttempts, 4);
  });

  test('of several daemons on one store are added up', async () => {
    const { clock, store, keeper, report } = setUp();
    const other = keeperOn(store, clock);
    for (const each of [keeper, other, other]) each.count(at(NOW));
    await Promise.all([keeper.write(), other.write()]);
    assert.equal((await report()).firstAttempts, 3);
    await Promise.all([keeper.stop(), other.stop()]);
  });

  test('are kept for as long as is configured, behind the end of their hour', async () => {
    const { store, keeper } = setUp();
    keeper.count(at(NOW));
    await keeper.stop();
    const entry = store.get(statisticsKey(hourOf(NOW)));
    assert.equal(entry?.expiresAt, NOW + 30 * 60_000 + KEEP);
  });

  test('wait while the store takes no writes, and none are lost or counted twice', async () => {
    const { store, keeper, report } = setUp();
    keeper.count(at(NOW));
    store.failWrites = true;
    await keeper.write();
    keeper.count(at(NOW));
    assert.equal((await report()).firstAttempts, 2);
    store.failWrites = false;
    await keeper.stop();
    assert.equal((await report()).firstAttempts, 2);
    assert.deepEqual(keeper.unwritten(hourOf(NOW)), []);
  });

  test('that wait for more than two days are given up, the oldest first', async () => {
    const { store, keeper } = setUp();
    for (let hour = 0; hour < 60; hour++) keeper.count(at(NOW + hour * HOUR));
    store.failWrites = true;
    await keeper.write();
    assert.equal(keeper.unwritten(hourOf(NOW)).length, 0);
    assert.equal(keeper.unwritten(hourOf(NOW + 59 * HOUR)).length, 1);
    await keeper.stop();
  });

  test('that cannot be read are begun anew', async () => {
    const { store, keeper, report } = setUp();
    const key = statisticsKey(hourOf(NOW));
    await store.compareAndSet(key, undefined, { value: Buffer.from('x'), expiresAt: NOW + HOUR });
    assert.equal((await report()).firstAttempts, 0);
    keeper.count(at(NOW));
    await keeper.stop();
    assert.equal((await report()).firstAttempts, 1);
  });

  test('of a newer version are left as they are, and ours wait', async () => {
    const { clock, store, keeper } = setUp();
    const key = statisticsKey(hourOf(NOW));
    const value = Buffer.from('{"version":99}');
    await store.compareAndSet(key, undefined, { value, expiresAt: clock.now() + KEEP });
    keeper.count(at(NOW));
    await keeper.write();
    assert.deepEqual(store.committed.get(key)?.value, Uint8Array.from(value));
    assert.notEqual(keeper.unwritten(hourOf(NOW)), undefined);
  });

  test('without names have none', async () => {
    const { keeper, report } = setUp(false);
    keeper.countNeverCameBack(source([192, 0, 2, 7]));
    await keeper.stop();
    const { neverCameBack, networks } = await report();
    assert.deepEqual({ neverCameBack, networks }, { neverCameBack: 1, networks: [] });
    // Where a server forgets, nobody hears of it, and nought would be a lie.
    assert.equal((await report(keeper, 24 * HOUR, false)).neverCameBack, null);
  });

  test('of a quiet hour leave no record', async () => {
    const { store, keeper } = setUp();
    await keeper.stop();
    assert.equal(store.committed.size, 0);
  });
});

describe('a report', () => {
  test('has a point for every step, exact to the minute, and the rest in whole hours', async () => {
    const { keeper, report } = setUp();
    for (const minutes of [0, 1, 1, 61, 75]) keeper.count(at(NOW - minutes * 60_000));
    const { points, wholeHoursFrom, firstAttempts, ...rest } = await report(keeper, HOUR);
    assert.equal(points.length, 60);
    assert.equal(rest.from, '2030-01-01T11:30:00.000Z');
    assert.deepEqual(
      points
        .filter(({ bands }) => bands['put-off'] > 0)
        .map(({ at: when, bands }) => [when, bands['put-off']]),
      [['2030-01-01T12:29:00.000Z', 2]],
    );
    assert.equal(wholeHoursFrom, '2030-01-01T11:00:00.000Z');
    assert.equal(firstAttempts, 5);
    await keeper.stop();
  });

  test('has no more steps than a picture has columns', async () => {
    const { keeper, report } = setUp();
    await assert.rejects(report(keeper, 2001 * 60_000), { code: 'ADMIN_BAD_REQUEST' });
    await keeper.stop();
  });

  test('gives others their turn while it reads many hours, and fails with the store', async () => {
    const { store, keeper, report } = setUp();
    const { points } = await report(keeper, 33 * HOUR);
    assert.equal(points.length, 33 * 60);
    store.failReads = true;
    await assert.rejects(report(), { name: 'StoreError' });
    await keeper.stop();
  });
});
