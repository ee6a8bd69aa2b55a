import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { skipWithoutCompiler } from '../support/posix-regex.js';
import { createJumpingMachine, DELAY, makeKnown, pass } from './jumping-machine.js';

const DAY = 24 * 3_600_000;
const YEAR = 365 * DAY;

const jumped = / warn the clock has jumped: greylisting goes on by the time that has passed /;

const attention = /^ATTENTION: the clock has jumped back by 1d, see that it is right.* since /m;

describe('the clock of a machine that is started', { skip: skipWithoutCompiler() }, () => {
  test('a year ahead, and set right later: nothing that is known is forgotten', async (t) => {
    const { clock, serve } = createJumpingMachine(t);
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
    for (const sender of ['known', 'silent', 'waiting', 'meanwhile']) {
      assert.equal(await ahead.send(sender), 'greylist-known');
    }
    await ahead.stop();
  });

  test('a day late, and set right later: nobody waits longer for it', async (t) => {
    const { clock, serve, status } = createJumpingMachine(t);
    const before = await serve();
    await makeKnown(before, clock, 'known');
    assert.equal(await before.send('waiting'), 'greylist-new');
    await before.stop();
    clock.advance(-DAY);
    const late = await serve();
    await late.process.logged(jumped);
    assert.match(await status(), attention);
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
    assert.doesNotMatch(await status(), attention);
    await late.stop();
  });
});
