import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { setImmediate as turnOfLoop } from 'node:timers/promises';
import { MailFirst } from '../../../../src/daemon/process/mail-first.js';
import type { SlicePace } from '../../../../src/store/level/time-slice.js';

/** How long work rests by a pace, whatever the number of turns meanwhile; whole milliseconds, at most ten. */
async function restOf(t: TestContext, { turn }: SlicePace): Promise<number> {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let isOver = false;
  const resting = turn().then(() => {
    isOver = true;
  });
  const isStill = async (): Promise<boolean> => {
    for (let at = 0; at < 10; at++) await turnOfLoop();
    return !isOver;
  };
  let ms = 0;
  for (; ms < 10 && (await isStill()); ms++) t.mock.timers.tick(1);
  await resting;
  t.mock.timers.reset();
  return ms;
}

describe('MailFirst', () => {
  test('goes on at once while there is no mail, and rests after a decision, longer if it writes', async (t) => {
    const paces = new MailFirst(() => 0);
    assert.equal(await restOf(t, paces.reading), 0);
    assert.equal(await restOf(t, paces.writing), 0);
    paces.decided();
    assert.equal(await restOf(t, paces.reading), 1);
    assert.equal(await restOf(t, paces.writing), 3);
  });

  test('rests for as long as the last decision is not long ago', async (t) => {
    let now = 5000;
    const paces = new MailFirst(() => now);
    paces.decided();
    now += 40;
    paces.decided();
    now += 49;
    assert.equal(await restOf(t, paces.reading), 1);
    now += 1;
    assert.equal(await restOf(t, paces.reading), 0);
  });
});
