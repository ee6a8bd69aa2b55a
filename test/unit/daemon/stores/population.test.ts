import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { Population, type PopulationOptions } from '../../../../src/daemon/stores/population.js';
import { advance, correspondenceExpiresAt } from '../../../../src/greylist/advance.js';
import { encodeCorrespondence } from '../../../../src/greylist/correspondence-codec.js';
import { correspondenceKey } from '../../../../src/greylist/correspondence-key.js';
import { parseIpAddress } from '../../../../src/mail/ip-address.js';
import { readRecord } from '../../../../src/migrate/json-lines.js';
import type { LevelStore } from '../../../../src/store/level-store.js';
import type { PopulationReading } from '../../../../src/telemetry/metrics-source.js';
import { LevelRig } from '../../../contract/level-rig.js';
import { MINUTE, SETTINGS } from '../../../support/greylist-settings.js';
import { waitUntil } from '../../../support/wait-until.js';

const client = parseIpAddress('192.0.2.1');
assert.ok(client !== undefined);
const source = {
  address: client,
  name: undefined,
  clockAt: undefined,
  isListed: false,
  proof: undefined,
};

/** Stores `pending` triplets whose clock runs, and `passed` ones that have passed. */
async function fill(
  store: LevelStore,
  now: number,
  numbers: { readonly pending: number; readonly passed: number },
): Promise<void> {
  const { pending, passed } = numbers;
  const first = advance(undefined, source, SETTINGS, now - 5 * MINUTE).next;
  const later = advance(first, source, SETTINGS, now).next;
  assert.ok(client !== undefined);
  const parties = { client, network: SETTINGS.network, recipient: 'b@example.org' };
  for (let index = 0; index < pending + passed; index++) {
    const record = index < pending ? first : later;
    const key = correspondenceKey({ ...parties, sender: `a${index}@example.net` });
    const next = {
      value: encodeCorrespondence(record),
      expiresAt: correspondenceExpiresAt(record),
    };
    await store.compareAndSet(key, undefined, next);
  }
}

interface Counting {
  readonly population: Population;
  readonly scans: readonly (string | undefined)[];
  readonly failures: readonly unknown[];
  readonly round: () => Promise<PopulationReading>;
}

function count(
  t: TestContext,
  { store, clock }: Pick<LevelRig, 'store' | 'clock'>,
  pace: PopulationOptions['pace'] = {},
): Counting {
  const scans: (string | undefined)[] = [];
  const failures: unknown[] = [];
  const population = new Population({
    store: {
      scan: (after) => {
        scans.push(after);
        return store.scan(after);
      },
    },
    clock,
    onFailed: (error) => failures.push(error),
    pace: { records: 10, rest: 0, pauseMs: 0, ...pace },
  });
  t.after(() => population.stop());
  const round = async (): Promise<PopulationReading> => {
    await waitUntil(() => population.read() !== undefined, 'a round');
    const reading = population.read();
    assert.ok(reading !== undefined);
    return reading;
  };
  return { population, scans, failures, round };
}

describe('what is stored is counted', () => {
  test('by state and kind, in steps that begin where the last one ended', async (t) => {
    const rig = await LevelRig.open(t);
    await fill(rig.store, rig.clock.now(), { pending: 17, passed: 8 });
    const { round, scans } = count(t, rig, { pauseMs: 60_000 });
    const { triplets, records, at } = await round();
    assert.deepEqual(triplets, { pending: 17, passed: 8 });
    assert.deepEqual([...records], [['pair', 25]]);
    assert.equal(at, rig.clock.now());
    assert.equal(scans.length, 3);
    assert.equal(scans[0], undefined);
    assert.ok(scans[1] !== undefined && scans[2] !== undefined && scans[1] !== scans[2]);
  });

  test('exceptions by hand are no triplets', async (t) => {
    const rig = await LevelRig.open(t);
    const now = rig.clock.now();
    const at = (days: number): string => new Date(now + days * 86_400_000).toISOString();
    const exceptions = [{ client: '192.0.2.0/24', addedAt: at(-1), expiresAt: at(5) }];
    const { key, ...next } = readRecord({ kind: 'exceptions', exceptions, expiresAt: at(5) });
    await rig.store.compareAndSet(key, undefined, next);
    const { triplets, records } = await count(t, rig, { pauseMs: 60_000 }).round();
    assert.deepEqual(triplets, { pending: 0, passed: 0 });
    assert.deepEqual([...records], [['exceptions', 1]]);
  });

  test('only once somebody asks', async (t) => {
    const rig = await LevelRig.open(t);
    const { scans, round } = count(t, rig);
    assert.equal(scans.length, 0);
    assert.deepEqual((await round()).triplets, { pending: 0, passed: 0 });
  });

  test('again and again while somebody asks', async (t) => {
    const rig = await LevelRig.open(t);
    const { population, round } = count(t, rig);
    await round();
    await fill(rig.store, rig.clock.now(), { pending: 3, passed: 0 });
    await waitUntil(() => population.read()?.triplets.pending === 3, 'the new ones');
  });

  test('no more when nobody has asked for long; who asks then waits for a new round', async (t) => {
    const rig = await LevelRig.open(t);
    const { population, scans } = count(t, rig, { interestMs: 0 });
    assert.equal(population.read(), undefined);
    await waitUntil(() => scans.length === 1, 'the first round');
    await waitUntil(() => population.read() === undefined && scans.length === 2, 'a second round');
  });

  test('anew after a round that failed, and not after the end', async (t) => {
    const rig = await LevelRig.open(t);
    const { population, failures, round } = count(t, rig);
    await round();
    await rig.store.close();
    await waitUntil(() => {
      population.read();
      return failures.length >= 2;
    }, 'two rounds that fail');
    population.stop();
    population.read();
  });
});
