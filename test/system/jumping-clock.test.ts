import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { createShiftedClock, type ShiftedClock } from '../support/shifted-clock.js';
import { countLines, StoreSite, type ServedSite } from './store-site.js';

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

/** What `StoreSite` makes everybody wait, and what the test itself may take. */
const DELAY = HOUR + 60 * SECOND;

const jumped = / warn the clock has jumped: greylisting goes on by the time that has passed /;
const right = / info the clock is where it should be again/;

interface Machine {
  readonly clock: ShiftedClock;
  readonly serve: () => Promise<ServedSite>;
}

/** A machine whose clock a test sets, with one filter and its store. */
function createMachine(t: TestContext): Machine {
  const clock = createShiftedClock(t);
  const site = new StoreSite(t);
  return { clock, serve: () => site.serve({ environment: clock.withUptime }) };
}

/**
 * Lets time pass at once. A connection that offers nothing for so long is closed; then the filter has
 * noticed, and whoever comes next does not seem to have waited.
 */
async function pass(served: ServedSite, clock: ShiftedClock, ms: number): Promise<void> {
  const silent = await served.connect();
  // Who comes after it is accepted after it.
  const next = await served.connect();
  await next.negotiate();
  next.drop();
  clock.pass(ms);
  await silent.closed();
}

/** Makes a sender known. */
async function makeKnown(served: ServedSite, clock: ShiftedClock, sender: string): Promise<void> {
  assert.equal(await served.send(sender), 'greylist-new');
  await pass(served, clock, DELAY);
  assert.equal(await served.send(sender), 'greylist-passed');
}

describe('the clock of the machine, while the filter runs,', () => {
  test('is set back a day, and right again: who waits waits as long as ever', async (t) => {
    const { clock, serve } = createMachine(t);
    const served = await serve();
    await makeKnown(served, clock, 'known');
    assert.equal(await served.send('before'), 'greylist-new');
    clock.advance(-DAY);
    assert.equal(await served.send('before'), 'greylist-early');
    assert.equal(await served.send('meanwhile'), 'greylist-new');
    assert.equal(await served.send('known'), 'greylist-known');
    await pass(served, clock, DELAY);
    assert.equal(await served.send('before'), 'greylist-passed');
    clock.advance(DAY);
    assert.equal(await served.send('meanwhile'), 'greylist-passed');
    assert.equal(await served.send('after'), 'greylist-new');
    assert.equal(await served.send('after'), 'greylist-early');
    for (const sender of ['known', 'before', 'meanwhile']) {
      assert.equal(await served.send(sender), 'greylist-known');
    }
    const { log } = served.process;
    assert.equal(countLines(log, jumped), 1);
    assert.match(log, /seconds=-86400 followedAfter=86400/);
    assert.equal(countLines(log, right), 1);
    await served.stop();
  });

  test('is set ahead a year, and right again: nothing that is known is forgotten', async (t) => {
    const { clock, serve } = createMachine(t);
    const served = await serve();
    await makeKnown(served, clock, 'known');
    await makeKnown(served, clock, 'silent');
    assert.equal(await served.send('before'), 'greylist-new');
    clock.advance(YEAR);
    assert.equal(await served.send('known'), 'greylist-known');
    assert.equal(await served.send('before'), 'greylist-passed', 'it may have waited for a year');
    assert.equal(await served.send('meanwhile'), 'greylist-new');
    assert.equal(await served.send('meanwhile'), 'greylist-early');
    await pass(served, clock, DELAY);
    assert.equal(await served.send('meanwhile'), 'greylist-passed');
    assert.equal(await served.send('late'), 'greylist-new');
    clock.advance(-YEAR);
    assert.equal(await served.send('late'), 'greylist-early');
    for (const sender of ['known', 'silent', 'before', 'meanwhile']) {
      assert.equal(await served.send(sender), 'greylist-known');
    }
    await pass(served, clock, DELAY);
    assert.equal(await served.send('late'), 'greylist-passed');
    const { log } = served.process;
    assert.equal(countLines(log, jumped), 1);
    assert.equal(countLines(log, right), 1);
    await served.stop();
  });

  test('shows a second twice, and the machine sleeps: nothing comes of it', async (t) => {
    const { clock, serve } = createMachine(t);
    const served = await serve();
    assert.equal(await served.send('leap'), 'greylist-new');
    clock.advance(-SECOND);
    assert.equal(await served.send('leap'), 'greylist-early');
    await pass(served, clock, DELAY);
    assert.equal(await served.send('leap'), 'greylist-passed');
    assert.equal(await served.send('sleep'), 'greylist-new');
    clock.sleep(9 * HOUR);
    assert.equal(await served.send('sleep'), 'greylist-passed');
    assert.equal(await served.send('leap'), 'greylist-known');
    assert.equal(countLines(served.process.log, / the clock /), 0);
    await served.stop();
  });
});

describe('the clock of a machine that is started', () => {
  test('a year ahead, and set right later: nothing that is known is forgotten', async (t) => {
    const { clock, serve } = createMachine(t);
    const before = await serve();
    await makeKnown(before, clock, 'known');
    await makeKnown(before, clock, 'silent');
    assert.equal(await before.send('waiting'), 'greylist-new');
    await before.stop();
    clock.advance(YEAR);
    const ahead = await serve();
    assert.equal(await ahead.send('known'), 'greylist-known');
    assert.equal(await ahead.send('waiting'), 'greylist-passed');
    assert.equal(await ahead.send('meanwhile'), 'greylist-new');
    assert.equal(await ahead.send('meanwhile'), 'greylist-early');
    clock.advance(-YEAR);
    assert.equal(await ahead.send('meanwhile'), 'greylist-early');
    await pass(ahead, clock, DELAY);
    assert.equal(await ahead.send('meanwhile'), 'greylist-passed');
    await ahead.stop();
    const after = await serve();
    for (const sender of ['known', 'silent', 'waiting', 'meanwhile']) {
      assert.equal(await after.send(sender), 'greylist-known');
    }
    await after.stop();
  });

  test('a day late, and set right later: nobody waits longer for it', async (t) => {
    const { clock, serve } = createMachine(t);
    const before = await serve();
    await makeKnown(before, clock, 'known');
    assert.equal(await before.send('waiting'), 'greylist-new');
    await before.stop();
    clock.advance(-DAY);
    const late = await serve();
    await late.process.logged(jumped);
    assert.equal(await late.send('known'), 'greylist-known');
    assert.equal(
      await late.send('waiting'),
      'greylist-passed',
      'nobody knows for how long it was off',
    );
    assert.equal(await late.send('meanwhile'), 'greylist-new');
    await pass(late, clock, DELAY);
    assert.equal(await late.send('meanwhile'), 'greylist-passed');
    clock.advance(DAY);
    for (const sender of ['known', 'waiting', 'meanwhile']) {
      assert.equal(await late.send(sender), 'greylist-known');
    }
    await late.stop();
  });
});
