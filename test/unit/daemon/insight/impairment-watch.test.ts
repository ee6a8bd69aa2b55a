import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { createDaemonCounts } from '../../../../src/daemon/insight/daemon-counts.js';
import { createLook } from '../../../../src/daemon/insight/impairment-watch.js';
import type { Impairments } from '../../../../src/daemon/process/impairments.js';
import { createManualClock } from '../../../support/manual-clock.js';
import { MemoryStore } from '../../../support/memory-store.js';
import { RecordingLogger } from '../../../support/recording-logger.js';

/** What there is now, in words. */
function presentIn({ all }: Impairments): readonly string[] {
  return all.filter(({ isOn }) => isOn).map(({ briefly }) => briefly);
}

function rig(askStore: () => Promise<void> = () => Promise.resolve()) {
  const logger = new RecordingLogger();
  const clock = createManualClock();
  const store = new MemoryStore({ clock });
  const counts = createDaemonCounts({ store, clock, logger });
  const look = createLook(counts, askStore);
  const lookOnce = async (): Promise<void> => {
    look();
    for (let turns = 0; turns < 5; turns++) await turn();
  };
  const write = (key: string): Promise<boolean> =>
    store.compareAndSet(key, undefined, {
      value: Buffer.from('value'),
      expiresAt: clock.now() + 3_600_000,
    });
  return { clock, store, counts, impairments: counts.impairments, lookOnce, write };
}

describe('while no mail comes', () => {
  test('a store takes writes again once a commit has succeeded', async () => {
    const { clock, impairments, lookOnce, write } = rig();
    impairments.storeWrite.meet({});
    clock.advance(120_000);
    await lookOnce();
    await lookOnce();
    assert.equal(impairments.storeWrite.isOn, true, 'nothing was written');
    await write('a');
    await lookOnce();
    assert.equal(impairments.storeWrite.isOn, false);
    impairments.storeWrite.meet({});
    clock.advance(120_000);
    await lookOnce();
    assert.equal(impairments.storeWrite.isOn, true, 'what was written before does not count');
  });

  test('an overload ends a minute after the last session that passed', async () => {
    const { clock, impairments, lookOnce } = rig();
    impairments.milterOverload.meet({});
    impairments.policyOverload.meet({});
    clock.advance(59_000);
    await lookOnce();
    assert.deepEqual(presentIn(impairments).length, 2);
    clock.advance(1000);
    await lookOnce();
    assert.deepEqual(presentIn(impairments), []);
  });

  test('a store that hangs is asked once, and told of', async () => {
    let asked = 0;
    const { impairments, lookOnce } = rig(() => {
      asked++;
      return new Promise(() => undefined);
    });
    await lookOnce();
    assert.equal(impairments.storeRead.isOn, false);
    await lookOnce();
    await lookOnce();
    assert.equal(asked, 1);
    assert.equal(impairments.storeRead.isOn, true);
  });

  test('a store that is closed has not got well', async () => {
    const { clock, store, impairments, lookOnce } = rig();
    impairments.storeWrite.meet({});
    clock.advance(120_000);
    await store.close();
    await lookOnce();
    await lookOnce();
    assert.equal(impairments.storeWrite.isOn, true);
  });
});
