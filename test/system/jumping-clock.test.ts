import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { skipWithoutCompiler } from '../support/posix-regex.js';
import { createJumpingMachine, DELAY, makeKnown, pass } from './jumping-machine.js';
import { countLines } from './store-site.js';

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

const jumped = / warn the clock has jumped: greylisting goes on by the time that has passed /;
const right = / info the clock is where it should be again/;

describe(
  'the clock of the machine, while the filter runs,',
  { skip: skipWithoutCompiler() },
  () => {
    test('is set back a day, and right again: who waits waits as long as ever', async (t) => {
      const { clock, serve } = createJumpingMachine(t);
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
      const { clock, serve } = createJumpingMachine(t);
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
      const { clock, serve } = createJumpingMachine(t);
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
  },
);
