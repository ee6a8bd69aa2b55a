import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { NetworkCounts } from '../../../../src/daemon/stores/network-counts.js';
import {
  encodeFoundPopulation,
  foundPopulationKey,
  POPULATION_KEY,
} from '../../../../src/greylist/population-record.js';
import { SETTINGS } from '../../../support/greylist-settings.js';
import { waitUntil } from '../../../support/wait-until.js';
import {
  second,
  minute,
  hour,
  lease,
  type Filter,
  Site,
  of,
  untilKnown,
  untilLooked,
} from './shared-population-rig.js';

describe('the filters of a shared store', () => {
  test('have it counted by one of them, and all know what it has found', async (t) => {
    const site = new Site(t);
    const filters = [site.filter(), site.filter(), site.filter()] as const;
    for (let index = 0; index < 25; index++) await filters[0].attempt(`a${index}`);
    await filters[1].attempt('b', '198.51.100.1');
    site.clock.advance(second);
    for (const { population } of filters) population.start();
    await untilKnown(filters, 26);
    for (const filter of filters) {
      assert.deepEqual([of(filter), of(filter, '198.51.100.7')], [25, 1]);
      const { triplets, records, at } = filter.population.read() ?? {};
      assert.deepEqual(triplets, { pending: 26, passed: 0 });
      assert.deepEqual([...(records ?? [])], [['pair', 26]]);
      assert.equal(at, site.clock.now());
    }
    const counted = filters.map(({ scans }) => scans.count);
    assert.deepEqual(counted.sort(), [0, 0, 1]);
  });

  test('add what they do themselves, until the next round finds it', async (t) => {
    const site = new Site(t);
    const [one, other] = [site.filter(), site.filter()];
    for (const name of ['a', 'b', 'c']) await one.attempt(name);
    site.clock.advance(second);
    for (const { population } of [one, other]) population.start();
    await untilKnown([one, other], 3);
    await one.attempt('d');
    await other.attempt('e', '198.51.100.1');
    assert.deepEqual([one.pending.total, other.pending.total], [4, 4]);
    assert.deepEqual([of(one), of(other)], [4, 3]);
    site.clock.advance(SETTINGS.delayMs);
    await one.attempt('a');
    await one.attempt('d');
    assert.deepEqual(
      [of(one), of(other)],
      [2, 3],
      'one that was found has passed, and one of its own',
    );
    await untilLooked([one, other]);
    site.clock.advance(hour);
    await untilKnown([one, other], 3);
    assert.deepEqual([of(one), of(other), of(one, '198.51.100.7')], [2, 2, 1]);
  });

  test('know what came while it was counted, at the filter where it came', async (t) => {
    const site = new Site(t);
    const [one, other] = [site.filter(), site.filter()];
    await one.attempt('a');
    site.clock.advance(second);
    one.scans.isHeld = true;
    one.population.start();
    await waitUntil(() => one.scans.count === 1 && one.pending.total === 1, 'it counts');
    other.population.start();
    await other.attempt('b');
    await one.attempt('c');
    assert.deepEqual([one.pending.total, other.pending.total], [2, 1]);
    site.clock.advance(SETTINGS.delayMs);
    await one.attempt('a');
    assert.equal(one.pending.total, 2, 'nobody knows whether that was counted');
    one.scans.isHeld = false;
    await untilKnown([one, other], 2);
  });

  test('that come later know at once what was found last', async (t) => {
    const site = new Site(t);
    const one = site.filter();
    await one.attempt('a');
    site.clock.advance(second);
    one.population.start();
    await untilKnown([one], 1);
    site.clock.advance(hour - second);
    const late = site.filter();
    late.population.start();
    await untilKnown([late], 1);
    assert.equal(late.scans.count, 0);
  });

  test('tell of so many records, to whoever asks, what was found last', async (t) => {
    const site = new Site(t);
    const now = site.clock.now();
    const tell = async (id: string, pairs: number): Promise<void> => {
      const value = encodeFoundPopulation({
        ...{ since: now, countedAt: now, pending: new NetworkCounts().sketch },
        triplets: { pending: 1, passed: pairs - 3, ended: 2 },
        clients: { pending: 3, autowhite: 4, ended: 5 },
        exceptions: 6,
        kinds: new Map(Object.entries({ pair: pairs, reply: 7, statistics: 8 })),
      });
      const next = { value, expiresAt: now + hour };
      await site.inner.compareAndSet(foundPopulationKey(id), undefined, next);
      await site.write({ counting: undefined, latest: { id, since: now, countedAt: now } });
    };
    await tell('few', 1000);
    const one = site.filter();
    one.population.start();
    await waitUntil(() => one.population.read() !== undefined, 'it knows');
    assert.equal(one.population.countOfMany(), undefined);
    await tell('many', 100_000);
    await waitUntil(() => one.population.countOfMany() !== undefined, 'there are many');
    assert.deepEqual(one.population.countOfMany(), {
      countedAt: new Date(now).toISOString(),
      ...{ records: 100_007, statistics: 8, replies: 7, exceptions: 6 },
      triplets: { pending: 1, passed: 99_997, ended: 2 },
      clients: { pending: 3, autowhite: 4, ended: 5 },
    });
    assert.equal(one.scans.count, 0);
  });

  test('keep of all that was found only what was found last', async (t) => {
    const site = new Site(t);
    const one = site.filter();
    one.population.start();
    await waitUntil(() => one.population.read() !== undefined, 'the first round');
    const first = site.state?.latest?.id ?? '';
    assert.deepEqual(site.keys, [POPULATION_KEY, foundPopulationKey(first)]);
    site.clock.advance(hour);
    await waitUntil(() => ![first, undefined].includes(site.state?.latest?.id), 'the second');
    const second = site.state?.latest?.id ?? '';
    const kept = [POPULATION_KEY, foundPopulationKey(second)];
    await waitUntil(() => site.keys.join() === kept.join(), 'the first is deleted');
  });
});

describe('a filter that counts', () => {
  /** One that counts, and another one that looks. */
  async function startTwo(t: TestContext): Promise<{ site: Site; one: Filter; other: Filter }> {
    const site = new Site(t);
    const [one, other] = [site.filter(), site.filter()];
    await one.attempt('a');
    site.clock.advance(second);
    one.scans.isHeld = true;
    one.population.start();
    await waitUntil(() => one.scans.count === 1, 'it counts');
    other.population.start();
    return { site, one, other };
  }

  test('and is not heard of any more is replaced by another, and finds nothing', async (t) => {
    const { site, one, other } = await startTwo(t);
    const first = site.state?.counting?.id;
    site.clock.advance(lease - second);
    assert.equal(other.scans.count, 0);
    site.clock.advance(second);
    await untilKnown([other], 1);
    assert.equal(other.scans.count, 1);
    const found = site.state?.latest?.id;
    assert.notEqual(found, first);
    one.scans.isHeld = false;
    await untilKnown([one], 1);
    assert.deepEqual([one.scans.count, site.state?.latest?.id], [1, found]);
    assert.deepEqual(site.keys, [POPULATION_KEY, foundPopulationKey(found ?? '')]);
  });

  test('is heard of, however long it takes', async (t) => {
    const site = new Site(t);
    const [one, other] = [site.filter(), site.filter()];
    for (let index = 0; index < 45; index++) await one.attempt(`a${index}`);
    site.clock.advance(second);
    const began = site.clock.now();
    // Each step of ten records takes five minutes, by the clock.
    const compareAndSet = one.faulty.compareAndSet.bind(one.faulty);
    one.faulty.scan = async function* (after) {
      yield* site.inner.scan(after);
    };
    const untils = new Set<number>();
    one.faulty.compareAndSet = async (key, expected, next) => {
      const isStored = await compareAndSet(key, expected, next);
      untils.add(site.state?.counting?.until ?? 0);
      return isStored;
    };
    let seen = 0;
    const scan = one.faulty.scan.bind(one.faulty);
    one.faulty.scan = async function* (after) {
      for await (const entry of scan(after)) {
        if (++seen % 10 === 0) site.clock.advance(5 * minute);
        yield entry;
      }
    };
    one.population.start();
    await waitUntil(() => one.scans.count === 1, 'it counts');
    other.population.start();
    await untilKnown([one, other], 45);
    assert.equal(other.scans.count, 0);
    assert.ok(Math.max(...untils) > began + lease + 10 * minute, 'it has said so again and again');
  });

  test('and is stopped leaves it to another one at once', async (t) => {
    const { site, one, other } = await startTwo(t);
    await one.population.stop();
    await untilKnown([other], 1);
    assert.equal(other.scans.count, 1);
    assert.equal(site.state?.counting, undefined);
  });

  test('and cannot read leaves it to another one; so it does if it cannot write, in time', async (t) => {
    const { site, one, other } = await startTwo(t);
    one.faulty.writes = 'fail';
    one.scans.isHeld = false;
    const told = (message: string): boolean =>
      site.logger.entries.some((entry) => entry.message === message);
    await waitUntil(() => told('a round over the store not given up'), 'nobody hears of it');
    await waitUntil(() => told('the shared store not counted'), 'it is told');
    assert.equal(other.scans.count, 0);
    site.clock.advance(lease);
    await untilKnown([other], 1);
    one.faulty.heal();
    await untilKnown([one], 1);
  });
});

describe('what stands in the store of who counts', () => {
  test('is left alone if a later version has written it', async (t) => {
    const site = new Site(t);
    const later = Uint8Array.of(99, 1);
    await site.write(later);
    const one = site.filter();
    one.population.start();
    await waitUntil(
      () => site.logger.entries.some(({ message }) => message === 'the shared store not counted'),
      'it is told',
    );
    await one.attempt('a');
    assert.deepEqual([one.pending.total, one.scans.count], [1, 0]);
    assert.deepEqual(site.inner.get(POPULATION_KEY)?.value, later);
  });

  for (const [what, state] of [
    ['is damaged', Uint8Array.of(1, 99)],
    [
      'speaks of something that is not there',
      { counting: undefined, latest: { id: 'gone', since: 1, countedAt: 2 } },
    ],
    [
      'was written by somebody whose clock was years ahead',
      { counting: { id: 'future', since: 9e12, until: 9e12 + 1 }, latest: undefined },
    ],
  ] as const)
    test(`counts for nothing if it ${what}`, async (t) => {
      const site = new Site(t);
      await site.write(state);
      const one = site.filter();
      await one.attempt('a');
      site.clock.advance(second);
      one.population.start();
      await untilKnown([one], 1);
      assert.equal(one.scans.count, 1);
    });

  test('counts for nothing if what was found is damaged', async (t) => {
    const site = new Site(t);
    const now = site.clock.now();
    await site.write({ counting: undefined, latest: { id: 'ab', since: now, countedAt: now } });
    const next = { value: Uint8Array.of(1), expiresAt: now + hour };
    await site.inner.compareAndSet(foundPopulationKey('ab'), undefined, next);
    const one = site.filter();
    one.population.start();
    await untilKnown([one], 0);
    assert.equal(one.scans.count, 1);
  });
});
